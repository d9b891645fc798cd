import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

import { translator } from "../../src/common/l10n";
import { workspaceTemplate } from "../../src/common/workspaceTemplate";

const root = join(import.meta.dirname, "..", "..", "..");
const python = ["bin/python", "Scripts/python.exe"].map((path) => join(root, ".venv", path)).find(existsSync);
const french = join(root, "client-vscode", "l10n", "bundle.l10n.fr.json");
const languages = {
    English: undefined,
    French: JSON.parse(readFileSync(french, "utf8")) as Record<string, string>,
};

describe.each(Object.entries(languages))("the template of a workspace's file in %s", (_, bundle) => {
    const lines = workspaceTemplate(translator(bundle)).split("\n");
    const settings = lines.map((line) => line.slice(2)).filter((line) => /^\[|^\w+ = /.test(line));

    it("changes nothing as it is", () => {
        expect(lines.filter((line) => line !== "" && !line.startsWith("# "))).toEqual([]);
    });

    it("has tables and pairs, each of them once", () => {
        const known = /^(\[[\w."/*]+\]|\w+ = (".*"|\d+(\.\d+)?|true|false|\[".*"\]))$/;

        expect(settings.filter((line) => !known.test(line))).toEqual([]);
        expect(new Set(settings).size).toBe(settings.length);
        expect(settings).toContain('chat = "anthropic/claude-sonnet-4"');
    });

    it.runIf(python !== undefined)(
        "has nothing that the daemon finds fault with, once it is uncommented",
        async () => {
            const folder = mkdtempSync(join(tmpdir(), "passerelle-"));
            try {
                writeFileSync(join(folder, "passerelle.toml"), settings.join("\n"));
                const env = { ...process.env, PYTHONPATH: join(root, "server"), PASSERELLE_HOME: join(folder, "home") };
                const run = promisify(execFile)(python ?? "", ["-m", "passerelle", "config"], { cwd: folder, env });
                const { stdout, stderr } = await run;

                expect(stderr).toBe("");
                expect(stdout).toContain("passerelle.toml:2");
            } finally {
                rmSync(folder, { recursive: true, force: true });
            }
        },
        30_000,
    );
});
