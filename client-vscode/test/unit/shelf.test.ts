import { beforeEach, expect, test } from "vitest";

import type { Chatting } from "../../src/editor/panel/chatting";
import { Screen } from "../../src/editor/panel/screen";
import { Shelf } from "../../src/editor/panel/shelf";
import type { Surroundings } from "../../src/editor/panel/surroundings";
import { conversation, FakeLink, settled, summary, turn } from "./support/fakeLink";

let link: FakeLink;
let screen: Screen;
let shelf: Shelf;
let folders: string[];
let done: string[];

beforeEach(() => {
    link = new FakeLink();
    screen = new Screen();
    folders = ["file:///w"];
    done = [];
    const chatting = {
        newChat: () => done.push("new chat"),
        show: ({ summary: { id } }: { summary: { id: string } }) => done.push(`show ${id}`),
    };
    const around = { link, folders: () => folders, t: (text: string) => text, complain: () => done.push("complaint") };
    shelf = new Shelf(screen, around as unknown as Surroundings, chatting as unknown as Chatting);
});

test("the list is of this window's folder, and searched by the daemon", async () => {
    void shelf.list(true, "  parser ");
    expect(link.last("passerelle/conversations").params).toMatchObject({
        workspaceFolder: "file:///w",
        query: "parser",
    });
    await link.last("passerelle/conversations").answer({ conversations: [summary()], total: 1 });

    expect(screen.state.list).toMatchObject({ open: true, total: 1, conversations: [{ id: "c1" }] });
});

test("a window with several folders lists those of all, newest first", async () => {
    folders = ["file:///a", "file:///b"];
    void shelf.list(true, "");
    const [a, b] = link.asked;
    await b?.answer({ conversations: [summary({ id: "new", changedAt: "2026-11-21T00:00:00Z" })], total: 1 });
    await a?.answer({ conversations: [summary({ id: "old", changedAt: "2026-11-20T00:00:00Z" })], total: 1 });

    expect(screen.state.list.conversations.map(({ id }) => id)).toEqual(["new", "old"]);
    expect(screen.state.list.total).toBe(2);
});

test("a window without a folder lists all", () => {
    folders = [];
    void shelf.list(true, "");
    expect(link.last("passerelle/conversations").params).not.toHaveProperty("workspaceFolder");
});

test("an answer to an older search is not shown", async () => {
    void shelf.list(true, "a");
    void shelf.list(true, "ab");
    const [older, newer] = link.asked;
    await newer?.answer({ conversations: [summary({ id: "ab" })], total: 1 });
    await older?.answer({ conversations: [summary({ id: "a" })], total: 1 });
    expect(screen.state.list.conversations.map(({ id }) => id)).toEqual(["ab"]);
});

test("an open list follows what changes, a closed one asks nothing", async () => {
    const told = { changed: [summary()], deleted: [] };
    link.say("passerelle/didChangeConversations", told);
    expect(link.count("passerelle/conversations")).toBe(0);

    void shelf.list(true, "");
    await settled();
    link.say("passerelle/didChangeConversations", told);
    expect(link.count("passerelle/conversations")).toBe(2);
});

test("the shown conversation, once deleted, gives way to a new chat", async () => {
    screen.note({ type: "conversation", conversation: summary(), total: null, context: null });
    screen.note({ type: "list", list: { open: true, query: "", conversations: [summary()], total: 1 } });
    void shelf.delete("c1");
    await link.last("passerelle/conversation/delete").answer({});

    expect(done).toEqual(["new chat"]);
    expect(screen.state.list).toMatchObject({ conversations: [], total: 0 });
});

test("a branch at a turn is shown", async () => {
    screen.note({ type: "conversation", conversation: summary(), total: null, context: null });
    const at = { key: "k", id: "t1", at: "", messages: [], attachments: [], state: "done" as const, text: "" };
    screen.note({ type: "turn", turn: { ...at, reasoning: "", result: null, problem: null } });
    void shelf.branch("k");
    expect(link.last("passerelle/conversation/branch").params).toEqual({ conversation: "c1", turn: "t1" });
    await link.last("passerelle/conversation/branch").answer(conversation([turn("t1")], { id: "c2" }));

    expect(done).toEqual(["show c2"]);
});

test("a turn that the daemon does not have cannot be branched at, and that is said", async () => {
    screen.note({ type: "conversation", conversation: summary(), total: null, context: null });
    await shelf.branch("nothing");
    expect(done).toEqual(["complaint"]);
});

test("a title of spaces renames nothing", async () => {
    await shelf.rename("c1", "  ");
    expect(link.asked).toEqual([]);
});
