import { fakeVscode } from "./support/fakeVscode";
import { FakeLink, settled } from "./support/fakeLink";

import { beforeEach, expect, test, vi } from "vitest";

import type { UsageData, UsageState, Wish } from "../../src/common/usage";
import { DaemonError } from "../../src/editor/daemon/link";
import { Desk } from "../../src/editor/usage/desk";
import { readUsage } from "../../src/editor/usage/reading";
import { dataOf, reportOf, sumOf, WISH } from "./support/usage";

vi.mock("vscode", () => fakeVscode);

/** What the desk has asked, to be answered by hand, and what waits for its moment. */
let asked: { wish: Wish; answer: (data: UsageData) => void; fail: (error: Error) => void }[];
let waiting: (() => void)[];
let shown: UsageState[];
let desk: Desk;

const post = (state: UsageState): void => void shown.push(state);
const last = (): UsageState => shown.at(-1)!;

beforeEach(() => {
    [asked, waiting, shown] = [[], [], []];
    desk = new Desk({
        read: (wish) => new Promise((answer, fail) => asked.push({ wish, answer, fail })),
        problem: (error) => ({ kind: "", message: (error as Error).message, remedy: null }),
        later: (run) => {
            waiting.push(run);
            return { dispose: () => (waiting = waiting.filter((one) => one !== run)) };
        },
    });
});

async function answer(at: number, data = dataOf()): Promise<void> {
    asked[at]!.answer(data);
    await settled();
}

test("a page that is there is given what the daemon says, once it has said it", async () => {
    desk.attach(post);
    expect(last()).toMatchObject({ data: null, isAsking: true });
    await answer(0, dataOf({ today: "2026-11-21" }));
    expect(last()).toMatchObject({ data: { today: "2026-11-21" }, isAsking: false, problem: null });
});

test("the next page is given what is known, and nobody is asked again", async () => {
    desk.attach(post);
    await answer(0);
    desk.detach();
    desk.attach(post);

    expect(asked).toHaveLength(1);
    expect(last().data).not.toBeNull();
});

test("many changes are one question, and one that comes while it is asked is another", async () => {
    desk.attach(post);
    await answer(0);
    for (let change = 0; change < 5; change++) desk.changed();
    expect(waiting).toHaveLength(1);
    waiting[0]!();
    desk.changed();

    expect([asked.length, waiting.length]).toEqual([2, 1]);
});

test("a page that is not seen asks nothing until it is", async () => {
    desk.attach(post);
    await answer(0);
    desk.changed();
    desk.detach();
    desk.changed();
    expect([asked.length, waiting.length]).toEqual([1, 0]);
    desk.attach(post);
    expect(asked).toHaveLength(2);
});

test("of two questions the answer to the newer one is shown", async () => {
    desk.attach(post);
    desk.wish({ ...WISH, group: "role" });
    await answer(1, dataOf({ today: "2026-11-22" }));
    await answer(0, dataOf({ today: "2026-11-11" }));

    expect(asked[1]!.wish.group).toBe("role");
    expect(last()).toMatchObject({ data: { today: "2026-11-22" }, isAsking: false });
});

test("a failure is told beside what was known, and gone with the next answer", async () => {
    desk.attach(post);
    await answer(0);
    const again = desk.refresh();
    asked[1]!.fail(new Error("The ledger cannot be read."));
    await again;
    expect(last()).toMatchObject({ isAsking: false, problem: { message: "The ledger cannot be read." } });
    expect(last().data).not.toBeNull();
    void desk.refresh();
    await answer(2);
    expect(last().problem).toBeNull();
});

test("what is answered after the end is told to nobody", async () => {
    desk.attach(post);
    const before = shown.length;
    desk.dispose();
    await answer(0);

    expect(shown).toHaveLength(before);
});

async function answerAll(link: FakeLink, report = reportOf()): Promise<void> {
    for (const one of link.asked) if (one.method === "passerelle/usage") await one.answer(report);
}

test("the daemon is asked in the person's time zone, for a range whose end is exclusive", async () => {
    const link = new FakeLink();
    const moment = Date.parse("2026-11-20T23:30:00Z");
    const reading = readUsage(link, { ...WISH, group: "provider" }, "file:///project", moment);
    const config = link.last("passerelle/config");
    expect(config.params).toEqual({ workspaceFolder: "file:///project" });
    const zone = { key: "spending.time_zone", value: "Europe/Paris", source: "user" as const };
    await config.answer({ values: [zone], problems: [] });

    const bounds = { since: "2026-11-15", until: "2026-11-22" };
    expect(link.asked.filter(({ method }) => method === "passerelle/usage").map(({ params }) => params)).toEqual([
        { ...bounds, groupBy: "day", splitBy: "model" },
        { ...bounds, groupBy: "day" },
        { ...bounds, groupBy: "provider" },
        { since: "2026-11-01", groupBy: "day" },
    ]);
    await answerAll(link);
    await link.last("passerelle/budgets").answer({ budgets: [] });
    await link.last("passerelle/credits").fail(new DaemonError("There are none.", -32803, { kind: "unsupported" }));
    await settled();
    // Nothing in the range: was there ever anything?
    expect(link.last("passerelle/usage").params).toEqual({ groupBy: "month" });
    await link.last("passerelle/usage").answer(reportOf([], sumOf({})));

    expect(await reading).toMatchObject({ today: "2026-11-21", credits: null, budgets: [], isUnused: false });
});

test("a gateway that does not tell its credits hides no ledger", async () => {
    const link = new FakeLink();
    const reading = readUsage(link, WISH, null, Date.parse("2026-11-20T12:00:00Z"));
    await link.last("passerelle/config").answer({ values: [], problems: [] });
    await answerAll(link, reportOf([], sumOf({})));
    await link.last("passerelle/budgets").answer({ budgets: [] });
    await link.last("passerelle/credits").fail(new DaemonError("No key is to be had.", -32803, null));

    expect((await reading).credits).toBe("No key is to be had.");
});
