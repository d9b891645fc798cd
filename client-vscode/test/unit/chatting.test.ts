import { beforeEach, describe, expect, test } from "vitest";

import { DaemonError } from "../../src/editor/daemon/link";
import { ChatRig, unknown } from "./support/chatRig";
import { conversation, result, settled, summary, turn } from "./support/fakeLink";

let rig: ChatRig;

beforeEach(() => {
    rig = new ChatRig();
});

describe("replacing", () => {
    test("regenerate asks the same again; the turns after it give way", async () => {
        await rig.open(conversation([turn("t1"), turn("t2"), turn("t3")]));
        void rig.chatting.again("t2");
        await settled();

        expect(rig.chat().params).toMatchObject({ replace: "t2", messages: [] });
        expect(rig.chat().params.attachments).toEqual([]);
        expect(rig.screen.state.turns.map(({ id }) => id)).toEqual(["t1", null]);
    });

    test("an edited question takes the place of its turn", async () => {
        await rig.open(conversation([turn("t1"), turn("t2")]));
        rig.ask("In other words", { replaces: "t1" });
        await settled();

        expect(rig.chat().params).toMatchObject({ replace: "t1", messages: [{ content: "In other words" }] });
        expect(rig.only().messages).toEqual([{ role: "user", content: "In other words" }]);
    });

    test("a regeneration that was refused leaves the old turns, and tried again still takes the place of its own", async () => {
        const turns = [turn("t1"), turn("t2"), turn("t3")];
        await rig.open(conversation(turns));
        void rig.chatting.again("t2");
        await settled();
        await rig.chat().fail(new DaemonError("no key", -32803, { kind: "keyMissing" }));
        await rig.link.last("passerelle/conversation").answer(conversation(turns));
        expect(rig.screen.state.turns.map(({ id }) => id)).toEqual(["t1", "t2", "t3", null]);

        void rig.chatting.again(rig.screen.state.turns[3]!.key);
        await settled();
        expect(rig.chat().params).toMatchObject({ replace: "t2", messages: [{ content: "question t2" }] });
        expect(rig.screen.state.turns.map(({ id }) => id)).toEqual(["t1", null]);
    });
});

describe("money", () => {
    test("what was held back for its cost is sent again as it was, once the person has confirmed it", async () => {
        rig.ask("Review everything");
        await settled();
        await rig.chat().fail(new DaemonError("It costs much.", -32803, { kind: "confirmCost", estimateUsd: 1.2 }));
        await rig.link.last("passerelle/conversation").fail(unknown());

        void rig.chatting.again(rig.only().key, { confirmed: true });
        await settled();
        expect(rig.chat().params).toMatchObject({ confirmed: true, messages: [{ content: "Review everything" }] });
        expect(rig.only()).toMatchObject({ state: "running" });
    });

    test("what was held back can be changed and sent in its own place, unconfirmed", async () => {
        rig.ask("Review everything");
        await settled();
        await rig.chat().fail(new DaemonError("It costs much.", -32803, { kind: "confirmCost" }));
        await rig.link.last("passerelle/conversation").fail(unknown());

        rig.ask("Review this file", { replaces: rig.only().key });
        await settled();
        expect(rig.chat().params.confirmed).toBeUndefined();
        expect(rig.only().messages).toEqual([{ role: "user", content: "Review this file" }]);
    });

    test("what was held back is what the next window begins with, until it is sent", async () => {
        const kept: string[] = [];
        rig.screen.onDraft = ({ text }) => kept.push(text);
        rig.ask("Review everything");
        await settled();
        await rig.chat().fail(new DaemonError("It costs much.", -32803, { kind: "confirmCost" }));
        await rig.link.last("passerelle/conversation").fail(unknown());
        expect(kept.at(-1)).toBe("Review everything");

        void rig.chatting.again(rig.only().key, { confirmed: true });
        await settled();
        expect(kept.at(-1)).toBe("");
    });

    test("a budget is asked to let one past, then the question once more", async () => {
        const failed = turn("t1", { state: "failed", failure: { kind: "budgetReached", message: "Used up." } });
        await rig.open(conversation([failed]));
        void rig.chatting.allowOnce("t1", "budgets.0");
        await settled();
        expect(rig.link.last("passerelle/budgets/allowOnce").params).toEqual({
            budget: "budgets.0",
            workspaceFolder: "file:///w",
        });
        expect(rig.link.count("passerelle/chat")).toBe(0);

        await rig.link.last("passerelle/budgets/allowOnce").answer({ budgets: [] });
        expect(rig.chat().params).toMatchObject({ replace: "t1", messages: [] });
    });

    test("a budget that lets nothing past leaves the question as it was", async () => {
        await rig.open(conversation([turn("t1", { state: "failed" })]));
        const allowed = rig.chatting.allowOnce("t1", "budgets.9");
        await settled();
        await rig.link.last("passerelle/budgets/allowOnce").fail(new DaemonError("No such budget.", -32602, null));

        await expect(allowed).rejects.toThrow("No such budget.");
        expect(rig.link.count("passerelle/chat")).toBe(0);
    });
});

describe("opening", () => {
    test("a conversation is shown with its total, and the draft that is being written stays", async () => {
        rig.screen.note({ type: "draft", draft: { text: "half a question", chips: [], replaces: "t5" } });
        await rig.open(conversation([turn("t1", { answer: result("Hi") })]));

        expect(rig.only()).toMatchObject({ id: "t1", text: "Hi", key: "c1/t1" });
        expect(rig.screen.state.total?.costUsd).toBe(7);
        expect(rig.screen.state.draft).toMatchObject({ text: "half a question", replaces: null });
    });

    test("of two wishes the later is shown, in whatever order the answers come", async () => {
        const both = [rig.chatting.open("c1"), rig.chatting.open("c2")];
        const [first, second] = rig.link.asked;
        await second?.answer(conversation([turn("t2")], { id: "c2" }));
        await first?.answer(conversation([turn("t1")], { id: "c1" }));
        await Promise.all(both);

        expect(rig.screen.state.conversation?.id).toBe("c2");
    });

    test("after a reload the turn that was cut off has its text and a way on", async () => {
        rig.chatting.restore("c1");
        const cut = turn("t1", { state: "cutOff", answer: result("every word", { finish: "cutOff" }) });
        await rig.link.last("passerelle/conversation").answer(conversation([cut]));

        expect(rig.only()).toMatchObject({ state: "cutOff", text: "every word", problem: { remedy: { do: "goOn" } } });
    });

    test("a conversation that is gone gives way to a new chat", async () => {
        rig.chatting.restore("c1");
        await rig.link.last("passerelle/conversation").fail(unknown());

        expect(rig.screen.state.conversation).toBeNull();
        expect(rig.remembered.at(-1)).toBeNull();
    });

    test("a daemon that is not there yet is asked when it is", async () => {
        rig.link.become("starting");
        rig.chatting.restore("c1");
        expect(rig.link.count("passerelle/conversation")).toBe(0);
        rig.link.become("running");
        await rig.link.last("passerelle/conversation").answer(conversation([turn("t1")]));
        expect(rig.only().id).toBe("t1");
    });
});

describe("following", () => {
    test("what the daemon told before a turn began does not take the turn away", async () => {
        await rig.open(conversation([turn("t1")]));
        rig.link.become("running");
        const early = rig.link.last("passerelle/conversation");
        await rig.answered("And?", result("So", { turn: "t2" }));
        await early.answer(conversation([turn("t1")]));
        expect(rig.screen.state.turns.map(({ id }) => id)).toEqual(["t1", "t2"]);

        await rig.link.last("passerelle/conversation").answer(conversation([turn("t1"), turn("t2")]));
        expect(rig.screen.state.turns.map(({ id }) => id)).toEqual(["t1", "t2"]);
        expect(rig.link.count("passerelle/conversation")).toBe(3);
    });

    test("a title that comes later is shown", async () => {
        await rig.answered("Hello", result("Hi", { turn: "t1" }));
        rig.link.say("passerelle/didChangeConversations", {
            changed: [summary({ id: "id1", title: "Greeting", lastTurn: "t1" })],
            deleted: [],
        });

        expect(rig.screen.state.conversation?.title).toBe("Greeting");
        expect(rig.link.count("passerelle/conversation")).toBe(0);
    });

    test("an answer of somebody else is fetched when it ends", async () => {
        await rig.open(conversation([turn("t1", { state: "running" })], { running: true }));
        rig.link.say("passerelle/didChangeConversations", { changed: [summary()], deleted: [] });
        await rig.link.last("passerelle/conversation").answer(conversation([turn("t1", { answer: result("Done") })]));

        expect(rig.only()).toMatchObject({ state: "done", text: "Done" });
    });

    test("the shown conversation that is deleted gives way to a new chat", async () => {
        await rig.open(conversation([turn("t1")]));
        rig.link.say("passerelle/didChangeConversations", { changed: [], deleted: ["c1"] });
        expect(rig.screen.state).toMatchObject({ conversation: null, turns: [] });
    });

    test("a private conversation that ended with its daemon stays shown, and goes along with the next question", async () => {
        await rig.open(conversation([turn("t1", { answer: result("Hi") })], { private: true }));
        rig.link.become("running");
        await rig.link.last("passerelle/conversation").fail(unknown());
        expect(rig.only()).toMatchObject({ text: "Hi", id: null });

        rig.ask("And?");
        await settled();
        expect(rig.chat().params).toMatchObject({ private: true });
        expect(rig.chat().params.conversation).not.toBe("c1");
        expect(rig.chat().params.messages).toEqual([
            { role: "user", content: "question t1" },
            { role: "assistant", content: "Hi" },
            { role: "user", content: "And?" },
        ]);

        await rig.chat().answer(result("So", { turn: "t1" }));
        rig.link.become("running");
        const whole = turn("t1", { messages: rig.chat().params.messages, answer: result("So") });
        await rig.link
            .last("passerelle/conversation")
            .answer(conversation([whole], { id: rig.chat().params.conversation! }));
        expect(rig.screen.state.turns.map(({ text }) => text)).toEqual(["Hi", "So"]);
        expect(rig.screen.state.turns[1]?.messages).toEqual([{ role: "user", content: "And?" }]);
    });
});
