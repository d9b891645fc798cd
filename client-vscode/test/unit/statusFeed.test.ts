import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { DaemonError, type Link } from "../../src/editor/daemon/link";
import { StatusFeed } from "../../src/editor/status/feed";
import type { Status } from "../../src/protocol";
import { FakeLink, settled, summary } from "./support/fakeLink";
import { windowState } from "./support/fakeVscode";

vi.mock("vscode", async () => (await import("./support/fakeVscode")).fakeVscode);

const status = (message: string): Status => ({ state: "ready", message }) as Status;
const ASK = "passerelle/status";

let link: FakeLink;
let feed: StatusFeed;

afterEach(() => {
    feed.dispose();
});

beforeEach(async () => {
    link = new FakeLink();
    const log = { debug: () => undefined };
    feed = new StatusFeed(Object.assign(link, { log }) as unknown as Link);
    await settled();
});

describe("the status feed", () => {
    it("asks a daemon that runs already, and tells what it hears", async () => {
        const told: (string | undefined)[] = [];
        feed.onDidChange(() => told.push(feed.status?.message));
        await link.last(ASK).answer(status("first"));
        link.tellStatus(status("second"));

        expect(told).toEqual(["first", "second"]);
    });

    it("does not ask when an answer has come to its end: the daemon tells what was spent", async () => {
        await link.last(ASK).answer(status("first"));
        link.say("passerelle/didChangeConversations", { changed: [summary({ running: false })], deleted: [] });
        link.say("passerelle/didChangeConfig", { keys: ["roles.chat"], problems: [] });
        await settled();

        expect(link.count(ASK)).toBe(1);
    });

    it("asks once more, and not thrice, when much happens while it asks", async () => {
        for (let change = 0; change < 3; change++) void feed.refresh();
        await link.last(ASK).answer(status("old"));
        expect(link.count(ASK)).toBe(2);

        await link.last(ASK).answer(status("new"));
        expect(link.count(ASK)).toBe(2);
        expect(feed.status?.message).toBe("new");
    });

    it("asks when a person comes back to the window: another one may have spent something meanwhile", async () => {
        await link.last(ASK).answer(status("old"));
        windowState.fire({ focused: false });
        await settled();
        expect(link.count(ASK)).toBe(1);

        windowState.fire({ focused: true });
        await settled();
        expect(link.count(ASK)).toBe(2);
    });

    it("keeps what it knows when the daemon gives no answer, and goes on asking", async () => {
        link.tellStatus(status("known"));
        await link.last(ASK).fail(new DaemonError("Gone.", -32097, null));
        expect(feed.status?.message).toBe("known");

        void feed.refresh();
        await settled();
        expect(link.count(ASK)).toBe(2);
    });

    it("knows nothing of a daemon that is being started anew", () => {
        link.tellStatus(status("known"));
        link.become("starting");

        expect(feed.status).toBeNull();
    });
});
