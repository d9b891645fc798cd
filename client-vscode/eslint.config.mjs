// Types are tsc's business; here are faults and layers: who may know `vscode`, who the DOM, who neither.
import tseslint from "typescript-eslint";

const only = (message, ...patterns) => ["error", { patterns: [{ regex: patterns.join("|"), message }] }];

export default tseslint.config(
    { ignores: ["dist/", "node_modules/", "bundled/", "src/protocol.ts"] },
    { files: ["**/*.ts"], extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked] },
    {
        files: ["**/*.ts"],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "no-restricted-syntax": [
                "error",
                { selector: "ExportDefaultDeclaration", message: "A name that stands at its place is found again." },
            ],
            "no-console": "error",
            "max-lines": ["error", 350],
            "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
            complexity: ["error", { max: 12, variant: "modified" }],
            // A number in a template is no accident.
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
        },
    },
    {
        // Decisions: plain functions of plain values, tested without an editor and without a page.
        files: ["src/common/**"],
        rules: {
            "no-restricted-imports": only(
                "src/common decides; it knows no editor, no page, no Node.",
                "^vscode",
                "^node:",
                "^lit",
                "^@vscode",
                "/(editor|webview)/",
            ),
            "no-restricted-globals": ["error", "window", "document", "process", "fetch"],
        },
    },
    {
        files: ["src/webview/**"],
        rules: {
            "no-restricted-imports": only(
                "The page knows no editor and no Node.",
                "^vscode$",
                "^vscode-",
                "^node:",
                "/editor/",
            ),
        },
    },
    {
        files: ["src/editor/**", "src/extension.ts"],
        rules: {
            "no-restricted-imports": only("The extension host has no page.", "^lit", "^@vscode-elements", "/webview/"),
        },
    },
    {
        files: ["test/**"],
        rules: { "max-lines-per-function": "off", "@typescript-eslint/no-non-null-assertion": "off" },
    },
    { files: ["**/*.config.ts", "test/e2e/support/setup.ts"], rules: { "no-restricted-syntax": "off" } },
);
