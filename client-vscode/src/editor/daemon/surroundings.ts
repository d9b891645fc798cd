/** What this machine has to start a daemon with. Looks around only; `chooseLaunch` decides. */
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join, relative } from "node:path";
import { promisify } from "node:util";

import * as vscode from "vscode";

import type { Bundle, LaunchFacts, Program, Python, PythonKind } from "../../common/launch";

const PROBE_LIMIT_MS = 5000;
const MEMORY = "pythons";
const VERSIONS = ["3.14", "3.13", "3.12", "3.11"];
/** An editor that was not started from a shell often lacks these in PATH. */
const USUAL_FOLDERS = ["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", join(homedir(), ".local", "bin")];

const windows = process.platform === "win32";
const run = promisify(execFile);

export async function lookAround(context: vscode.ExtensionContext): Promise<LaunchFacts> {
    const trusted = vscode.workspace.isTrusted;
    const folders = searchedFolders(trusted);
    const [server, bundle, onPath] = await Promise.all([
        program(setting("serverPath")),
        bundleOf(context),
        firstIn(folders, windows ? ["passerelle.exe", "passerelle.cmd", "passerelle.bat"] : ["passerelle"]),
    ]);
    const facts: LaunchFacts = { trusted, windows, server, bundle, onPath, chosenPython: null, pythons: [] };
    // Asking Pythons takes a moment: only where the answer decides.
    if (bundle === null || (trusted && server !== null)) return facts;
    const probes = new Probes(context, bundle.script);
    const wanted = setting("pythonPath");
    if (trusted && wanted !== "") return { ...facts, chosenPython: await probes.ask({ path: wanted, args: [] }) };
    return { ...facts, pythons: await probes.askAll(await candidates(folders)) };
}

/** After a start that failed: what a Python said of itself may be out of date. */
export async function forgetPythons(context: vscode.ExtensionContext): Promise<void> {
    await context.globalState.update(MEMORY, undefined);
}

function setting(name: string): string {
    const value = vscode.workspace.getConfiguration("passerelle").get<unknown>(name);
    const path = typeof value === "string" ? value.trim() : "";
    return /^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : path;
}

async function program(path: string): Promise<Program | null> {
    return path === "" ? null : { path, isThere: await isProgram(path) };
}

async function bundleOf(context: vscode.ExtensionContext): Promise<Bundle | null> {
    const folder = context.asAbsolutePath("bundled");
    try {
        const about = JSON.parse(await readFile(join(folder, "bundle.json"), "utf8")) as Omit<Bundle, "script">;
        return { ...about, script: join(folder, "launch.py") };
    } catch {
        return null; // A checkout has none until `make vsix`.
    }
}

/** The folders of PATH. A project that nobody trusts may have put itself there: it is passed over. */
function searchedFolders(trusted: boolean): string[] {
    const workspace = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
    const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
    return trusted ? folders : folders.filter((folder) => !workspace.some((root) => isInside(folder, root)));
}

function isInside(path: string, root: string): boolean {
    const way = relative(root, path);
    return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

/** Programs that may be Pythons: those that a shell would take first, then by version, the newest first. */
async function candidates(folders: string[]): Promise<Omit<Python, "is">[]> {
    const suffix = windows ? ".exe" : "";
    const names = ["python3", "python", ...VERSIONS.map((version) => `python${version}`)].map((name) => name + suffix);
    const places = windows ? folders : [...new Set([...folders, ...USUAL_FOLDERS])];
    const found = await Promise.all(names.map((name) => allIn(places, name)));
    const launcher = windows ? await firstIn(folders, ["py.exe"]) : null;
    return [
        ...[...new Set(found.flat())].map((path) => ({ path, args: [] })),
        ...(launcher === null ? [] : [{ path: launcher, args: ["-3"] }]),
    ];
}

async function allIn(folders: string[], name: string): Promise<string[]> {
    const paths = folders.map((folder) => join(folder, name));
    const there = await Promise.all(paths.map((path) => isProgram(path)));
    return paths.filter((_, at) => there[at]);
}

async function firstIn(folders: string[], names: string[]): Promise<string | null> {
    const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
    const there = await Promise.all(paths.map((path) => isProgram(path)));
    return paths.find((_, at) => there[at]) ?? null;
}

async function isProgram(path: string): Promise<boolean> {
    try {
        await access(path, constants.X_OK);
        const is = await stat(path);
        // Windows has empty files that only open its shop.
        return is.isFile() && is.size > 0;
    } catch {
        return false;
    }
}

/** What each Python said of itself, remembered until its file changes. */
class Probes {
    readonly #known: Record<string, { stamp: string; is: PythonKind | null }>;

    constructor(
        private readonly context: vscode.ExtensionContext,
        private readonly script: string,
    ) {
        this.#known = context.globalState.get(MEMORY, {});
    }

    async askAll(candidates: Omit<Python, "is">[]): Promise<Python[]> {
        const answers = await Promise.all(candidates.map((candidate) => this.#answer(candidate)));
        const kept = answers.map(({ path, stamp, is }) => [path, { stamp, is }] as const);
        await this.context.globalState.update(MEMORY, Object.fromEntries(kept));
        return answers.map(({ path, args, is }) => ({ path, args, is }));
    }

    async ask(candidate: Omit<Python, "is">): Promise<Python> {
        const { path, args, is } = await this.#answer(candidate);
        return { path, args, is };
    }

    async #answer({ path, args }: Omit<Python, "is">): Promise<Python & { stamp: string }> {
        const stamp = await stampOf(path);
        const known = this.#known[path];
        const is = known?.stamp === stamp && known.is !== null ? known.is : await probe(path, args, this.script);
        return { path, args, stamp, is };
    }
}

async function stampOf(path: string): Promise<string> {
    try {
        const { mtimeMs, size } = await stat(path);
        return `${mtimeMs}-${size}`;
    } catch {
        return "";
    }
}

/** Null for what is no Python, what cannot be started and what does not answer. */
async function probe(path: string, args: readonly string[], script: string): Promise<PythonKind | null> {
    try {
        const options = { timeout: PROBE_LIMIT_MS, cwd: homedir(), windowsHide: true };
        const { stdout } = await run(path, [...args, "-I", "-S", script, "--probe"], options);
        const is = JSON.parse(stdout) as Partial<PythonKind>;
        const { version, tag, machine } = is;
        return version !== undefined && tag !== undefined && machine !== undefined ? { version, tag, machine } : null;
    } catch {
        return null;
    }
}
