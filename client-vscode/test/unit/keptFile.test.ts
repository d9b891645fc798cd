import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { KeptFile } from "../../src/editor/panel/keptFile";

let folder: string;
let file: string;

beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "kept-"));
    file = path.join(folder, "workspace", "panel.json");
});

afterEach(() => {
    rmSync(folder, { recursive: true });
});

test("what was written is there for the next window, and for this person alone", async () => {
    await new KeptFile(file).update("conversation", "c1");

    expect(new KeptFile(file).get("conversation")).toBe("c1");
    expect(statSync(file).mode & 0o077).toBe(0);
});

test("of many changes at once the last is written", async () => {
    const kept = new KeptFile(file);
    await Promise.all([1, 2, 3, 4, 5].map((count) => kept.update("draft", count)));

    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ draft: 5 });
});

test("what is not written yet is written when the window goes", async () => {
    const kept = new KeptFile(file);
    const writing = kept.update("draft", "half");
    kept.flush();
    await writing;

    expect(new KeptFile(file).get("draft")).toBe("half");
});

test.each(["", "{", "null", "[]", '"text"'])("a file that says %j is as none", (text) => {
    const broken = path.join(folder, "panel.json");
    writeFileSync(broken, text);

    expect(new KeptFile(broken).get("conversation")).toBeUndefined();
});

test("a disk that refuses is told", async () => {
    writeFileSync(path.join(folder, "workspace"), "a file where the folder should be");

    await expect(new KeptFile(file).update("draft", "x")).rejects.toThrow();
});
