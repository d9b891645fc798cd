/**
 * Which daemon is started, with what, and why. Decides only: what is known of the machine is gathered elsewhere.
 *
 * 1. The setting `passerelle.serverPath`, in a workspace that is trusted.
 * 2. The daemon that came with the extension, with a Python that it was made for: the one of the setting
 *    `passerelle.pythonPath`, in a workspace that is trusted, else the first that was found.
 * 3. `passerelle` on PATH.
 * 4. None, and a sentence that says what to do.
 *
 * A setting that cannot be used is a problem, and nothing else is taken in its place: a person wanted that one.
 */
import type { Translate } from "./l10n";

/** What is known of this machine. */
export interface LaunchFacts {
    trusted: boolean;
    windows: boolean;
    /** The setting `passerelle.serverPath`, and whether a program is there. */
    server: Program | null;
    /** What the setting `passerelle.pythonPath` names; null where it is empty or not looked at. */
    chosenPython: Python | null;
    /** What was found on this machine, the best first. */
    pythons: readonly Python[];
    /** The daemon that came with the extension. */
    bundle: Bundle | null;
    /** The absolute path of `passerelle` on PATH. */
    onPath: string | null;
}

export interface Program {
    path: string;
    isThere: boolean;
}

export interface Python {
    path: string;
    /** What goes before all other arguments: `-3` of Windows' launcher `py`. */
    args: readonly string[];
    /** What it said of itself; null where it could not be started or said nothing. */
    is: PythonKind | null;
}

/** `tag` and `machine` as the bundle's own script prints them, such as "cp312" and "linux-x86_64-64". */
export interface PythonKind {
    version: string;
    tag: string;
    machine: string;
}

/** What lies in `bundled/`. */
export interface Bundle {
    /** The script that starts it. */
    script: string;
    machine: string;
    /** Of the Pythons that it was made for, the oldest first. */
    tags: readonly string[];
}

/** `shell`: the command line is for the shell, and quoted for it. */
export interface Launch {
    command: string;
    args: string[];
    shell: boolean;
    /** For the log. */
    because: string;
}

export type Choice = Launch | { problem: string };

export function chooseLaunch(facts: LaunchFacts, t: Translate): Choice {
    if (facts.trusted && facts.server !== null) return fromSetting(facts.server, facts.windows, t);
    const aside = facts.server === null ? "" : "; passerelle.serverPath waits until the workspace is trusted";
    if (facts.bundle !== null) {
        const bundled = fromBundle(facts, facts.bundle, aside, t);
        if (bundled !== null) return bundled;
    }
    if (facts.onPath !== null) return program(facts.onPath, facts.windows, `found on PATH${aside}`);
    return { problem: nothing(facts, t) };
}

function fromSetting({ path, isThere }: Program, windows: boolean, t: Translate): Choice {
    if (!isAbsolute(path)) {
        return {
            problem: t("The setting passerelle.serverPath must be the whole path of a program: {0} is not.", path),
        };
    }
    if (!isThere) {
        return { problem: t("The setting passerelle.serverPath names {0}, and there is no such program.", path) };
    }
    return program(path, windows, "the setting passerelle.serverPath");
}

/** Null where no Python fits. */
function fromBundle(
    { trusted, chosenPython, pythons }: LaunchFacts,
    bundle: Bundle,
    aside: string,
    t: Translate,
): Choice | null {
    if (trusted && chosenPython !== null) {
        if (fits(chosenPython, bundle)) return withPython(chosenPython, bundle, "setting passerelle.pythonPath");
        return { problem: `${misfit(chosenPython, t)} ${t("The daemon needs {0}.", wanted(bundle, t))}` };
    }
    const python = pythons.find((found) => fits(found, bundle));
    return python === undefined ? null : withPython(python, bundle, `found${aside}`);
}

function withPython({ path, args, is }: Python, { script }: Bundle, how: string): Launch {
    return {
        command: path,
        // Isolated (-I) and without site (-S): nothing of the workspace, the environment or the user is imported.
        args: [...args, "-I", "-S", script, "lsp"],
        shell: false,
        because: `bundled with the extension; Python ${is?.version ?? ""} (${how})`,
    };
}

function program(path: string, windows: boolean, because: string): Launch {
    // Node starts scripts of Windows' shell through that shell only, which wants spaces quoted.
    const shell = windows && /\.(cmd|bat)$/i.test(path);
    return { command: shell ? `"${path}"` : path, args: ["lsp"], shell, because };
}

function fits({ is }: Python, { machine, tags }: Bundle): boolean {
    return is !== null && is.machine === machine && tags.includes(is.tag);
}

function misfit({ path, is }: Python, t: Translate): string {
    if (is === null)
        return t("The setting passerelle.pythonPath names {0}, which is no Python that can be started.", path);
    return t("The setting passerelle.pythonPath names {0}, which is Python {1} ({2}).", path, is.version, is.machine);
}

function nothing({ bundle, pythons }: LaunchFacts, t: Translate): string {
    if (bundle === null) {
        return t(
            "There is no daemon: install it with pip install passerelle, or name it in the setting passerelle.serverPath.",
        );
    }
    const versions = [...new Set(pythons.flatMap(({ is }) => (is === null ? [] : [is.version])))];
    const found =
        versions.length === 0
            ? t("Passerelle needs {0}, and no Python was found.", wanted(bundle, t))
            : t("Passerelle needs {0}, and only {1} was found.", wanted(bundle, t), versions.join(", "));
    return `${found} ${t("Install one, or name one in the setting passerelle.pythonPath.")}`;
}

/** "Python 3.11, 3.12 or 3.13". */
function wanted({ tags, machine }: Bundle, t: Translate): string {
    const versions = tags.map((tag) => tag.replace(/^cp(\d)(\d+)$/, "$1.$2"));
    const last = versions.pop() ?? "";
    const listed = versions.length === 0 ? last : t("{0} or {1}", versions.join(", "), last);
    return t("Python {0} for {1}", listed, machine);
}

function isAbsolute(path: string): boolean {
    return /^([/\\]|[A-Za-z]:[/\\])/.test(path);
}
