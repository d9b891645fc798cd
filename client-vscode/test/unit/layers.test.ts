import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { ESLint } from "eslint";
import { expect, test } from "vitest";

interface Case {
    refused: string[];
    allowed: string[];
}

/** What each layer may import and may not, tried on a file that is there: other rules read types. */
const CASES: [string, Case][] = [
    [
        "src/common/l10n.ts",
        {
            refused: [
                "vscode",
                "node:fs",
                "lit",
                "@vscode-elements/elements",
                "../editor/daemon/link",
                "../webview/l10n",
            ],
            allowed: ["../protocol", "./panel"],
        },
    ],
    [
        "src/webview/l10n.ts",
        {
            refused: ["vscode", "vscode-languageclient/node", "node:fs", "../editor/daemon/link"],
            allowed: ["../common/panel", "lit", "@vscode-elements/elements"],
        },
    ],
    [
        "src/editor/daemon/link.ts",
        {
            refused: ["lit", "@vscode-elements/elements", "../../webview/l10n"],
            allowed: ["vscode", "node:fs", "../../common/panel"],
        },
    ],
    ["src/extension.ts", { refused: ["lit", "./webview/l10n"], allowed: ["vscode", "./editor/daemon/link"] }],
];

const HERE = fileURLToPath(new URL("../..", import.meta.url));
const eslint = new ESLint({ cwd: HERE });

/** The lines that break a rule. */
async function linesThatBreak(rule: string, filePath: string, lines: string[]): Promise<string[]> {
    const [result] = await eslint.lintText(lines.join("\n") + "\n", { filePath });
    return result!.messages.filter(({ ruleId }) => ruleId === rule).map(({ line }) => lines[line - 1]!);
}

test.each(CASES)("the imports of %s are held", async (file, { refused, allowed }) => {
    const importing = (modules: string[]) => modules.map((module) => `import "${module}";`);

    expect(await linesThatBreak("no-restricted-imports", file, [...importing(refused), ...importing(allowed)])).toEqual(
        importing(refused),
    );
});

test("what decides asks neither page nor process", async () => {
    const lines = ["window.close();", "document.close();", "process.exit();", 'void fetch("/");'];

    expect(await linesThatBreak("no-restricted-globals", "src/common/l10n.ts", lines)).toEqual(lines);
});

test("no module imports itself by way of others", async () => {
    const { metafile } = await build({
        absWorkingDir: HERE,
        entryPoints: ["src/extension.ts", "src/webview/main.ts", "src/webview/usage/main.ts"],
        outdir: "dist",
        bundle: true,
        packages: "external",
        write: false,
        metafile: true,
        loader: { ".css": "empty" },
    });
    const imported = new Map(Object.entries(metafile.inputs).map(([file, { imports }]) => [file, imports]));

    expect(imported.size).toBeGreaterThan(20);
    expect(circleIn((file) => (imported.get(file) ?? []).map(({ path }) => path), [...imported.keys()])).toEqual([]);
});

test("a circle of imports is found", () => {
    const imports: Record<string, string[]> = { a: ["b", "c"], b: ["c"], c: ["d"], d: ["b"] };

    expect(circleIn((file) => imports[file]!, ["a"])).toEqual(["b", "c", "d", "b"]);
    expect(circleIn((file) => (file === "d" ? [] : imports[file]!), ["a"])).toEqual([]);
});

/** The first circle that is met, from one of these on; empty if there is none. */
function circleIn(importsOf: (file: string) => string[], from: string[]): string[] {
    const done = new Set<string>();
    const follow = (file: string, way: string[]): string[] => {
        if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
        if (done.has(file)) return [];
        for (const next of importsOf(file)) {
            const circle = follow(next, [...way, file]);
            if (circle.length > 0) return circle;
        }
        done.add(file);
        return [];
    };
    return from.map((file) => follow(file, [])).find((circle) => circle.length > 0) ?? [];
}
