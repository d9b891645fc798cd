import { describe, expect, it } from "vitest";

import { textTokens } from "../../src/common/tokens";

describe("textTokens", () => {
    it("takes four letters of the Latin alphabet for a token", () => {
        expect(textTokens("")).toBe(0);
        expect(textTokens("hello world!")).toBe(3);
        expect(textTokens("a")).toBe(1);
    });

    it("takes each letter of Chinese, Japanese and Korean for one", () => {
        expect(textTokens("你好世界")).toBe(4);
        expect(textTokens("こんにちは")).toBe(5);
        expect(textTokens("안녕")).toBe(2);
        expect(textTokens("𠀀𠀁")).toBe(2);
    });

    it("takes an emoji for two, and two letters of another alphabet for one", () => {
        expect(textTokens("🌉")).toBe(2);
        expect(textTokens("мост")).toBe(2);
        expect(textTokens("→ ≠")).toBe(2);
    });

    it("counts a megabyte at once", () => {
        const text = "const answer = 42;\n".repeat(55_000);
        const before = performance.now();

        expect(textTokens(text)).toBe(Math.ceil(text.length / 4));

        expect(performance.now() - before).toBeLessThan(500);
    });
});
