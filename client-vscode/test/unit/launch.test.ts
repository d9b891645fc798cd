import { expect, test } from "vitest";

import { translator } from "../../src/common/l10n";
import { type Choice, chooseLaunch, type Launch, type LaunchFacts, type Python } from "../../src/common/launch";

const t = translator(undefined);
const HERE = "linux-x86_64-64";
const BUNDLE = { script: "/ext/bundled/launch.py", machine: HERE, tags: ["cp311", "cp312", "cp313"] };
const NOTHING: LaunchFacts = {
    trusted: true,
    windows: false,
    server: null,
    chosenPython: null,
    pythons: [],
    bundle: null,
    onPath: null,
};

function python(path: string, tag: string, machine = HERE): Python {
    const version = tag.replace(/^cp(\d)(\d+)t?$/, "$1.$2.1");
    return { path, args: [], is: { version, tag, machine } };
}

function choose(facts: Partial<LaunchFacts>): Choice {
    return chooseLaunch({ ...NOTHING, ...facts }, t);
}

function launched(facts: Partial<LaunchFacts>): Launch {
    const choice = choose(facts);
    if ("problem" in choice) throw new Error(choice.problem);
    return choice;
}

function problem(facts: Partial<LaunchFacts>): string {
    const choice = choose(facts);
    return "problem" in choice ? choice.problem : `started ${choice.command}`;
}

test("the setting comes first in a workspace that is trusted", () => {
    const facts = {
        server: { path: "/opt/my tools/passerelle", isThere: true },
        bundle: BUNDLE,
        pythons: [python("/usr/bin/python3", "cp312")],
        onPath: "/usr/bin/passerelle",
    };

    expect(choose(facts)).toEqual({
        command: "/opt/my tools/passerelle",
        args: ["lsp"],
        shell: false,
        because: "the setting passerelle.serverPath",
    });
    expect(choose({ ...facts, trusted: false })).toEqual({
        command: "/usr/bin/python3",
        args: ["-I", "-S", "/ext/bundled/launch.py", "lsp"],
        shell: false,
        because:
            "bundled with the extension; Python 3.12.1 (found; passerelle.serverPath waits until the workspace is trusted)",
    });
});

test("a setting that names nothing is a problem, and nothing else is taken in its place", () => {
    const others = { bundle: BUNDLE, pythons: [python("/usr/bin/python3", "cp312")], onPath: "/usr/bin/passerelle" };

    expect(problem({ ...others, server: { path: "/gone", isThere: false } })).toBe(
        "The setting passerelle.serverPath names /gone, and there is no such program.",
    );
    expect(problem({ ...others, server: { path: "bin/passerelle", isThere: true } })).toBe(
        "The setting passerelle.serverPath must be the whole path of a program: bin/passerelle is not.",
    );
});

test.each([
    ["C:\\Tools\\passerelle.exe", "C:\\Tools\\passerelle.exe", false],
    ["C:\\Program Files\\passerelle.cmd", '"C:\\Program Files\\passerelle.cmd"', true],
    ["\\\\server\\tools\\passerelle.BAT", '"\\\\server\\tools\\passerelle.BAT"', true],
])("on Windows %s is started as it must be", (path, command, shell) => {
    expect(launched({ windows: true, server: { path, isThere: true } })).toMatchObject({ command, shell });
    expect(launched({ windows: true, onPath: path })).toMatchObject({ command, shell });
});

test("what ends in .cmd elsewhere is a program like any other", () => {
    expect(launched({ onPath: "/usr/bin/passerelle.cmd" })).toMatchObject({ shell: false });
});

test("the launcher of Windows is asked for Python 3", () => {
    const py: Python = { path: "C:\\Windows\\py.exe", args: ["-3"], is: python("", "cp313", "win32-amd64-64").is };

    expect(launched({ windows: true, bundle: { ...BUNDLE, machine: "win32-amd64-64" }, pythons: [py] })).toMatchObject({
        command: "C:\\Windows\\py.exe",
        args: ["-3", "-I", "-S", "/ext/bundled/launch.py", "lsp"],
    });
});

test("the first Python that the bundle was made for is taken", () => {
    const pythons = [
        { path: "/broken", args: [], is: null },
        python("/old", "cp39"),
        python("/free-threaded", "cp313t"),
        python("/too-new", "cp315"),
        python("/other-machine", "cp312", "linux-aarch64-64"),
        python("/good", "cp313"),
        python("/also-good", "cp312"),
    ];

    expect(launched({ bundle: BUNDLE, pythons })).toMatchObject({ command: "/good" });
});

test("a Python that a person chose is taken before all others, in a workspace that is trusted", () => {
    const facts = { bundle: BUNDLE, chosenPython: python("/mine", "cp311"), pythons: [python("/usr", "cp312")] };

    expect(launched(facts)).toMatchObject({
        command: "/mine",
        because: "bundled with the extension; Python 3.11.1 (setting passerelle.pythonPath)",
    });
    expect(launched({ ...facts, trusted: false })).toMatchObject({ command: "/usr" });
});

test("a chosen Python that does not fit is a problem", () => {
    const facts = { bundle: BUNDLE, pythons: [python("/usr", "cp312")], onPath: "/usr/bin/passerelle" };

    expect(problem({ ...facts, chosenPython: python("/mine", "cp39") })).toBe(
        `The setting passerelle.pythonPath names /mine, which is Python 3.9.1 (${HERE}). The daemon needs Python 3.11, 3.12 or 3.13 for ${HERE}.`,
    );
    expect(problem({ ...facts, chosenPython: { path: "/mine", args: [], is: null } })).toBe(
        `The setting passerelle.pythonPath names /mine, which is no Python that can be started. The daemon needs Python 3.11, 3.12 or 3.13 for ${HERE}.`,
    );
});

test("without a Python that fits, or without a bundle, PATH is asked", () => {
    const onPath = "/home/ada/.local/bin/passerelle";
    const found = { command: onPath, args: ["lsp"], because: "found on PATH" };

    expect(launched({ bundle: BUNDLE, pythons: [python("/old", "cp39")], onPath })).toMatchObject(found);
    expect(launched({ onPath })).toMatchObject(found);
});

test("where nothing is found the sentence says what to do", () => {
    expect(problem({})).toBe(
        "There is no daemon: install it with pip install passerelle, or name it in the setting passerelle.serverPath.",
    );
    expect(problem({ bundle: BUNDLE })).toBe(
        `Passerelle needs Python 3.11, 3.12 or 3.13 for ${HERE}, and no Python was found. Install one, or name one in the setting passerelle.pythonPath.`,
    );
    expect(
        problem({ bundle: BUNDLE, pythons: [python("/a", "cp38"), python("/b", "cp39"), python("/c", "cp38")] }),
    ).toBe(
        `Passerelle needs Python 3.11, 3.12 or 3.13 for ${HERE}, and only 3.8.1, 3.9.1 was found. Install one, or name one in the setting passerelle.pythonPath.`,
    );
});
