import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { translator } from "../../src/common/l10n";
import { sentencesIn } from "./support/sentences";

const root = join(import.meta.dirname, "..", "..");
const sentences = sentencesIn(join(root, "src"));
const english = read("l10n/bundle.l10n.json");
const french = read("l10n/bundle.l10n.fr.json");
const nls = { english: read("package.nls.json"), french: read("package.nls.fr.json") };
const manifest = readFileSync(join(root, "package.json"), "utf8");

function read(name: string): Record<string, string> {
    return JSON.parse(readFileSync(join(root, name), "utf8")) as Record<string, string>;
}

function sorted(texts: Iterable<string>): string[] {
    return [...texts].sort();
}

describe("the sentences of the sources", () => {
    it("are literals, so that they can be translated", () => {
        expect(sentences.computed).toEqual([]);
        expect(sentences.literals.size).toBeGreaterThan(100);
    });

    it.each([
        ["English", english],
        ["French", french],
    ])("are all in the %s bundle, and nothing else is", (_, bundle) => {
        expect(sorted(Object.keys(bundle))).toEqual(sorted(sentences.literals));
    });

    it("are their own English", () => {
        expect(Object.entries(english).filter(([key, value]) => key !== value)).toEqual([]);
    });

    it("have the same places in French", () => {
        const places = (text: string): string[] => sorted(new Set(text.match(/\{\d+\}/g) ?? []));

        expect(Object.entries(french).filter(([key, value]) => places(key).join() !== places(value).join())).toEqual(
            [],
        );
    });

    it("have no plain space before French double signs, and no straight apostrophe", () => {
        const wrong = [...Object.values(french), ...Object.values(nls.french)]
            .map((text) => text.replace(/`[^`]*`|\]\([^)]*\)|https?:\S+|#\S+/g, ""))
            .filter((text) => / [?!;:»]|« |\p{L}'\p{L}/u.test(text) || /\p{L}[?!;]/u.test(text));

        expect(wrong).toEqual([]);
    });
});

describe("package.nls", () => {
    const used = new Set([...manifest.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? ""));

    it.each([
        ["English", nls.english],
        ["French", nls.french],
    ])("has in %s what package.json asks for, and nothing else", (_, texts) => {
        expect(sorted(Object.keys(texts))).toEqual(sorted(used));
    });

    it("has no sentence in package.json itself", () => {
        const { contributes } = JSON.parse(manifest) as { contributes: { commands: { title: string }[] } };

        expect(contributes.commands.filter(({ title }) => !/^%.*%$/.test(title))).toEqual([]);
    });

    it("leads to files that are there", () => {
        const files = [...manifest.matchAll(/"(media\/[^"]+)"/g)].map((match) => match[1] ?? "");

        expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
        expect(files.length).toBeGreaterThan(4);
    });

    it("leads, in both languages, to the same places", () => {
        const links = (text: string): string[] =>
            sorted([...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? ""));
        const differing = Object.keys(nls.english).filter(
            (key) => links(nls.english[key] ?? "").join() !== links(nls.french[key] ?? "").join(),
        );

        expect(differing).toEqual([]);
    });
});

describe("translator", () => {
    it("takes the sentence itself where there is no other, and fills its places", () => {
        const t = translator({ "{0} of {1}": "{1} : {0}" });

        expect(t("{0} of {1}", 1, "a")).toBe("a : 1");
        expect(t("{0} and {1}", 1)).toBe("1 and {1}");
        expect(translator(undefined)("Hello")).toBe("Hello");
    });
});
