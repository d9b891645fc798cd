import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// There is no editor in a unit test.
const vscode = fileURLToPath(new URL("test/unit/support/vscode.ts", import.meta.url));

export default defineConfig({
    test: {
        reporters: ["default"],
        // For a machine that does much else.
        testTimeout: 60_000,
        // Tests take the build of lit that helps while developing; it says so each time.
        onConsoleLog: (text) => !text.startsWith("Lit is in dev mode"),
        projects: [
            {
                extends: true,
                resolve: { alias: { vscode } },
                test: { name: "unit", environment: "node", include: ["test/unit/**/*.test.ts"] },
            },
            { extends: true, test: { name: "webview", environment: "jsdom", include: ["test/webview/**/*.test.ts"] } },
        ],
    },
});
