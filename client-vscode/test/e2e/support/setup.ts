/** Before all tests: the real editor is there, and the .vsix that a person would install is installed in it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

import { editor, setUp } from "../editor/setup.mjs";
import { chromium, CLIENT, EXTENSIONS, SHOTS, WORK } from "./places";

export default function setup(): void {
    const missing = whatIsMissing();
    if (missing !== null) {
        if (process.env.CI !== undefined) throw new Error(missing);
        process.stdout.write(`Skipped: ${missing}\n`);
        process.env.PASSERELLE_NO_EDITOR = missing;
        return;
    }
    setUp();
    rmSync(EXTENSIONS, { recursive: true, force: true });
    rmSync(SHOTS, { recursive: true, force: true });
    for (const folder of [EXTENSIONS, SHOTS]) mkdirSync(folder, { recursive: true });
    const data = path.join(WORK, "install-data");
    const args = ["--user-data-dir", data, "--extensions-dir", EXTENSIONS];
    for (const file of [vsix(), consumer()]) args.push("--install-extension", file);
    const done = spawnSync(editor.node, [editor.entry, ...args], {
        encoding: "utf8",
        env: { ...process.env, EXTENSIONS_GALLERY: "{}", HOME: data, XDG_DATA_HOME: data, XDG_CONFIG_HOME: data },
    });
    if (done.status !== 0) throw new Error(`The .vsix cannot be installed:\n${done.stdout}${done.stderr}`);
}

function whatIsMissing(): string | null {
    if (process.platform !== "linux") return "the real VS Code of these tests (code-server) is set up on Linux only";
    if (chromium() === null) return "Chromium is not here (apt install chromium, or set CHROMIUM)";
    return null;
}

/** Another extension, packed as anyone's would be. */
function consumer(): string {
    const file = path.join(WORK, "consumer.vsix");
    const vsce = path.join(CLIENT, "node_modules/@vscode/vsce/vsce");
    const args = ["package", "--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", file];
    execFileSync(process.execPath, [vsce, ...args], { cwd: path.join(CLIENT, "test/e2e/consumer"), stdio: "ignore" });
    return file;
}

function vsix(): string {
    const name = readdirSync(CLIENT).find((file) => file.endsWith(".vsix"));
    if (name === undefined) throw new Error("There is no .vsix: run make vsix first");
    return path.join(CLIENT, name);
}
