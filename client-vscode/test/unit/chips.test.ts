import { expect, test } from "vitest";

import { chipOf, diagnosticsOf, imageChip, imageType, linesOf, worthKeeping } from "../../src/common/chips";
import type { Translate } from "../../src/common/l10n";
import { translator } from "../../src/common/l10n";
import type { Range } from "../../src/protocol";

const t: Translate = translator(undefined);
const pathOf = (uri: string): string => uri.replace("file:///w/", "");

function range(startLine: number, startCharacter: number, endLine: number, endCharacter: number): Range {
    return {
        start: { line: startLine, character: startCharacter },
        end: { line: endLine, character: endCharacter },
    };
}

test.each([
    ["one line", range(4, 0, 4, 7), "5"],
    ["several lines", range(4, 2, 9, 1), "5–10"],
    ["up to the beginning of a line, which is not of it", range(4, 0, 6, 0), "5–6"],
    ["a whole line with its end", range(4, 0, 5, 0), "5"],
    ["an empty range at the beginning of a line", range(4, 0, 4, 0), "5"],
])("lines as a person counts them: %s", (_, given, expected) => {
    expect(linesOf(given)).toBe(expected);
});

test("a file is called by its name, with its path beside it", () => {
    const chip = chipOf({ kind: "file", uri: "file:///w/src/a.py" }, pathOf, t);
    expect(chip).toMatchObject({ key: "file:file:///w/src/a.py", label: "a.py", detail: "src/a.py" });
});

test("a part of a file is another chip than the whole, and than another part", () => {
    const uri = "file:///w/a.py";
    const whole = chipOf({ kind: "file", uri }, pathOf, t);
    const part = chipOf({ kind: "file", uri, range: range(0, 0, 2, 0) }, pathOf, t);
    const other = chipOf({ kind: "file", uri, range: range(0, 0, 3, 0) }, pathOf, t);
    expect(part.label).toBe("a.py:1–2");
    expect(new Set([whole.key, part.key, other.key]).size).toBe(3);
});

test.each([
    [1, "1 problem in a.py"],
    [3, "3 problems in a.py"],
])("%i diagnostics are counted in the label", (count, label) => {
    const items = Array.from({ length: count }, (_, at) => ({ range: range(at, 0, at, 1), message: `m${at}` }));
    const chip = chipOf({ kind: "diagnostics", uri: "file:///w/a.py", items }, pathOf, t);
    expect(chip.label).toBe(label);
    expect(chip.detail.split("\n")[0]).toBe("1: m0");
});

test("a document without problems has none to attach", () => {
    expect(diagnosticsOf("file:///w/a.py", [])).toBeNull();
});

test.each([
    ["/a/b.PNG", "image/png"],
    ["/a/b.jpeg", "image/jpeg"],
    ["/a/b.svg", null],
    ["/a/png", null],
])("whether %s is an image that models see", (path, expected) => {
    expect(imageType(path)).toBe(expected);
});

test("images that are too large for the editor's store are not kept, all else is", () => {
    const image = (size: number): ReturnType<typeof imageChip> =>
        imageChip({ type: "image", mediaType: "image/png", data: "A".repeat(size) }, `${size}`);
    const file = chipOf({ kind: "file", uri: "file:///w/a.py" }, pathOf, t);
    const kept = worthKeeping([image(1_000), image(3_000_000), file]);
    expect(kept.map(({ label }) => label)).toEqual(["1000", "a.py"]);
});
