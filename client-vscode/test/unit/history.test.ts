import { expect, test } from "vitest";

import { ago, grouped, marked } from "../../src/common/history";
import { translator } from "../../src/common/l10n";
import type { ConversationSummary } from "../../src/protocol";

const t = translator(undefined);
const NOW = new Date(2026, 10, 18, 12, 0, 0);

function changed(then: Date): ConversationSummary {
    const moment = then.toISOString();
    return {
        id: moment,
        title: moment,
        workspaceFolder: null,
        createdAt: moment,
        changedAt: moment,
        turns: 1,
        lastTurn: "t1",
        running: false,
        private: false,
        model: null,
        costUsd: null,
    };
}

test("conversations stand under the day, week, month and year that one would look for", () => {
    const days: [Date, string][] = [
        [new Date(2026, 10, 18, 0, 0, 1), "Today"],
        [new Date(2026, 10, 17, 23, 59, 59), "Yesterday"],
        [new Date(2026, 10, 12, 9), "Earlier this week"],
        [new Date(2026, 10, 1, 9), "Earlier this month"],
        [new Date(2026, 9, 31, 9), "October"],
        [new Date(2026, 0, 2, 9), "January"],
        [new Date(2025, 10, 18, 9), "November 2025"],
    ];
    const groups = grouped(
        days.map(([day]) => changed(day)),
        NOW,
        "en",
        t,
    );
    expect(groups.map((group) => group.label)).toEqual(days.map(([, label]) => label));
});

test("neighbours of one day share a group, and their order stays", () => {
    const two = [changed(new Date(2026, 10, 18, 11)), changed(new Date(2026, 10, 18, 9))];
    expect(grouped(two, NOW, "en", t)).toEqual([{ label: "Today", conversations: two }]);
});

test.each([
    [20_000, "now"],
    [5 * 60_000, "5m ago"],
    [3 * 3_600_000, "3h ago"],
    [2 * 86_400_000, "2d ago"],
    [10 * 86_400_000, "Nov 8"],
    [400 * 86_400_000, "Oct 14, 2025"],
])("%d ms ago reads as %j", (ms, text) => {
    expect(ago(new Date(NOW.getTime() - ms).toISOString(), NOW, "en", t)).toBe(text);
});

test("found words are marked in any case, and the pieces joined are the text", () => {
    const text = "The Parser ends where the parser's line (1) ends.";
    const pieces = marked(text, "parser (1)");
    expect(pieces.filter((piece) => piece.found).map((piece) => piece.text)).toEqual(["Parser", "parser", "(1)"]);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
});

test("without a query nothing is marked", () => {
    expect(marked("a b", "  ")).toEqual([{ text: "a b", found: false }]);
});
