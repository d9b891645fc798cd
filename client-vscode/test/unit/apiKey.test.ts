import { describe, expect, it } from "vitest";

import { keyComplaint, keyPage } from "../../src/common/apiKey";
import { translator } from "../../src/common/l10n";

const t = translator(undefined);

describe("keyComplaint", () => {
    it.each(["vck_1234", "  sk-ant-api03_x-Y==\n", "k"])("takes %j", (key) => {
        expect(keyComplaint(key, t)).toBeNull();
    });

    it.each([
        ["   ", "Paste the key."],
        ["env:AI_GATEWAY_API_KEY", "This says where a key is."],
        ["https://vercel.com/keys", "This is an address"],
        ["AI_GATEWAY_API_KEY=abc", "after the equals sign"],
        ["export KEY=abc", "after the equals sign"],
        ["Bearer abc", "after “Bearer”"],
        ["abc def", "no spaces"],
        ["abc\ndef", "no spaces"],
        ["clé", "plain letters"],
    ])("refuses %j", (key, why) => {
        expect(keyComplaint(key, t)).toContain(why);
    });

    it("never repeats what was pasted", () => {
        const complaints = ["secret one", "sécret", "https://secret", "SECRET=secret"].map(
            (key) => keyComplaint(key, t) ?? "",
        );

        expect(complaints.every((complaint) => complaint !== "" && !/s[eé]cret/i.test(complaint))).toBe(true);
    });
});

describe("keyPage", () => {
    it("is known for the built-in gateway only", () => {
        expect(keyPage("vercel")).toBe("https://vercel.com/docs/ai-gateway");
        expect(keyPage("work")).toBeNull();
    });
});
