import { beforeEach, describe, expect, test } from "vitest";

import type { PanelEvent } from "../../src/common/panel";
import { DaemonError } from "../../src/editor/daemon/link";
import { ChatRig, draft, unknown } from "./support/chatRig";
import { conversation, result, settled, turn } from "./support/fakeLink";

let rig: ChatRig;

beforeEach(() => {
    rig = new ChatRig();
});

describe("asking", () => {
    test("the first question begins a conversation with an id of ours", async () => {
        rig.ask("What is this?");
        await settled();

        const { params } = rig.link.last("passerelle/chat");
        expect(params).toMatchObject({ conversation: "id1", workspaceFolder: "file:///w" });
        expect(params.messages).toEqual([{ role: "user", content: "What is this?" }]);
        expect(rig.screen.state.conversation).toMatchObject({ id: "id1", title: "What is this?" });
        expect(rig.only().state).toBe("running");
        expect(rig.remembered.at(-1)).toBe("id1");
    });

    test("the answer is counted to the total, and says how full the window is", async () => {
        await rig.answered("Hello", result("Hi", { turn: "t1", context: { usedTokens: 12, windowTokens: 100 } }));

        expect(rig.only()).toMatchObject({ id: "t1", state: "done", text: "Hi" });
        expect(rig.screen.state.total).toMatchObject({ inputTokens: 10, cachedTokens: 4, costUsd: 0.5 });
        expect(rig.screen.state.context).toEqual({ usedTokens: 12, windowTokens: 100 });
    });

    test("a private chat says so to the daemon", async () => {
        rig.screen.note({ type: "private", private: true });
        rig.ask("Hush");
        await settled();

        expect(rig.link.last("passerelle/chat").params.private).toBe(true);
        expect(rig.screen.state.conversation?.private).toBe(true);
    });

    test("a conversation stays in its folder while the window has it", async () => {
        rig.folders = ["file:///w", "file:///v"];
        await rig.open(conversation([turn("t1")], { workspaceFolder: "file:///v" }));
        rig.ask("And?");
        await settled();
        expect(rig.link.last("passerelle/chat").params.workspaceFolder).toBe("file:///v");
    });

    test("a folder that was closed gives way to the active one", async () => {
        await rig.open(conversation([turn("t1")], { workspaceFolder: "file:///closed" }));
        rig.ask("And?");
        await settled();
        expect(rig.link.last("passerelle/chat").params.workspaceFolder).toBe("file:///w");
    });

    test("while an answer is written a second question is refused and stays the person's", async () => {
        rig.ask("One");
        await settled();
        let refused = 0;
        await rig.chatting.send(draft("Two"), () => refused++);

        expect(refused).toBe(1);
        expect(rig.complaints).toHaveLength(1);
        expect(rig.link.count("passerelle/chat")).toBe(1);
    });

    test("a question right after a stop waits for the stopped answer to end", async () => {
        rig.ask("One");
        await settled();
        rig.chatting.stop();
        rig.ask("Two");
        await settled();
        expect(rig.link.count("passerelle/chat")).toBe(1);

        await rig.link.last("passerelle/chat").fail(new DaemonError("cancelled", -32800, null));
        expect(rig.link.count("passerelle/chat")).toBe(2);
        expect(rig.screen.state.turns.map(({ state }) => state)).toEqual(["cancelled", "running"]);
    });
});

describe("deltas", () => {
    test("pieces between two frames reach the page together, in order", async () => {
        rig.ask("Hello");
        await settled();
        rig.piece({ text: "a" });
        rig.piece({ reasoning: "r" });
        rig.piece({ text: "b" });
        expect(rig.events.filter(({ type }) => type === "delta")).toEqual([]);
        expect(rig.soon).toHaveLength(1);

        rig.frame();
        expect(rig.events.at(-1)).toEqual({ type: "delta", key: rig.only().key, text: "ab", reasoning: "r" });
        expect(rig.only()).toMatchObject({ text: "ab", reasoning: "r" });
    });

    test("a piece of an unknown token is nothing", async () => {
        rig.ask("Hello");
        await settled();
        rig.link.say("passerelle/chat/delta", { token: "other", seq: 0, text: "x" });
        expect(rig.soon).toEqual([]);
    });

    test("while another conversation is shown the answer goes on, and is whole when one returns", async () => {
        rig.ask("Hello");
        await settled();
        rig.begin();
        rig.piece({ text: "one " });
        rig.frame();
        await rig.open(conversation([turn("t9")], { id: "c9" }));
        rig.events.length = 0;
        rig.piece({ text: "two " });
        rig.frame();
        expect(rig.events).toEqual([]);

        const told = turn("t1", { state: "running", answer: result("one ") });
        await rig.open(conversation([told], { id: "id1", running: true }));
        expect(rig.only()).toMatchObject({ id: "t1", text: "one two ", state: "running" });
        rig.piece({ text: "three" });
        rig.frame();
        expect(rig.only().text).toBe("one two three");

        await rig.chat().answer(result("one two three", { turn: "t1" }));
        expect(rig.only()).toMatchObject({ state: "done", text: "one two three" });
    });

    test("pieces that come while no page listens are in the state that the next page is given", async () => {
        rig.ask("Hello");
        await settled();
        const post = (event: PanelEvent): unknown => rig.events.push(event);
        rig.screen.attach(post);
        rig.screen.detach(post);
        rig.events.length = 0;
        rig.piece({ text: "unseen" });
        rig.frame();
        expect(rig.events).toEqual([]);

        rig.screen.attach(post);
        expect(rig.events).toMatchObject([{ type: "state", state: { turns: [{ text: "unseen", state: "running" }] } }]);
    });
});

describe("ends", () => {
    test("a stopped answer keeps its text, and the daemon is asked for the figures", async () => {
        rig.ask("Hello");
        await settled();
        rig.begin();
        rig.piece({ text: "so far" });
        rig.chatting.stop();
        expect(rig.chat().isCancelled()).toBe(true);
        await rig.chat().fail(new DaemonError("cancelled", -32800, null));
        expect(rig.only()).toMatchObject({ state: "cancelled", text: "so far", problem: null });

        const partial = result("so far", { cost: { usd: 0.1, source: "estimate" } });
        const told = turn("t1", { state: "cancelled", answer: partial });
        await rig.link.last("passerelle/conversation").answer(conversation([told], { id: "id1" }));
        expect(rig.only()).toMatchObject({
            id: "t1",
            state: "cancelled",
            text: "so far",
            result: { cost: { usd: 0.1 } },
        });
        expect(rig.screen.state.total?.costUsd).toBe(7);
    });

    test("a failure before any text is a card, and asked again it is the same question to the daemon's turn", async () => {
        rig.ask("Hello");
        await settled();
        rig.begin();
        await rig.chat().fail(new DaemonError("slow down", -32803, { kind: "rateLimited" }));
        expect(rig.only()).toMatchObject({ state: "failed", problem: { kind: "rateLimited" } });
        const failed = turn("t1", { state: "failed", failure: { kind: "rateLimited", message: "as stored" } });
        await rig.link.last("passerelle/conversation").answer(conversation([failed], { id: "id1" }));
        expect(rig.only().problem?.message).toBe("slow down");

        void rig.chatting.again("t1");
        await settled();
        expect(rig.chat().params).toMatchObject({ conversation: "id1", replace: "t1", messages: [] });
        expect(rig.only()).toMatchObject({ state: "running", messages: [{ content: "Hello" }] });
    });

    test("a question that the daemon never took is asked anew, not as a replacement", async () => {
        rig.ask("Hello");
        await settled();
        await rig.chat().fail(new DaemonError("no key", -32803, { kind: "keyMissing" }));
        await rig.link.last("passerelle/conversation").fail(unknown());
        const [failed] = rig.screen.state.turns;
        expect(failed?.state).toBe("failed");

        void rig.chatting.again(failed?.key ?? "");
        await settled();
        expect(rig.chat().params).not.toHaveProperty("replace");
        expect(rig.chat().params.messages).toEqual([{ role: "user", content: "Hello" }]);
        expect(rig.only().state).toBe("running");
    });

    test("a daemon that dies in the middle leaves what had come, and a way on", async () => {
        rig.ask("Hello");
        await settled();
        rig.piece({ text: "half an ans" });
        await rig.chat().fail(new DaemonError("The daemon ended.", -32097, null));

        expect(rig.only()).toMatchObject({ state: "cutOff", text: "half an ans", problem: { remedy: { do: "goOn" } } });
    });

    test("when the daemon is back, what it wrote and what was read are joined", async () => {
        rig.ask("Hello");
        await settled();
        rig.begin();
        rig.piece({ text: "half an ans" });
        await rig.chat().fail(new DaemonError("The daemon ended.", -32097, null));
        await rig.link.last("passerelle/conversation").fail(new DaemonError("gone", -32097, null));
        rig.link.become("running");
        const written = turn("t1", { state: "cutOff", answer: result("half an", { finish: "cutOff" }) });
        await rig.link.last("passerelle/conversation").answer(conversation([written], { id: "id1" }));

        expect(rig.only()).toMatchObject({ id: "t1", state: "cutOff", text: "half an ans" });
    });

    test("an answer that the gateway cut off says why, and can be gone on from", async () => {
        await rig.answered("Hello", result("half", { turn: "t1", finish: "cutOff", problem: "It broke." }));
        expect(rig.only().problem).toEqual({ kind: "streamBroken", message: "It broke.", remedy: { do: "goOn" } });

        void rig.chatting.goOn();
        await settled();
        expect(rig.chat().params).toMatchObject({ conversation: "id1" });
        expect(rig.chat().params.messages).toEqual([{ role: "user", content: "Go on from where you stopped." }]);
        expect(rig.screen.state.turns).toHaveLength(2);
    });
});
