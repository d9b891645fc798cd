import { Actions, click, drawn, find, mounted, press, texts } from "./support/page";

import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/vscode-textfield.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { List } from "../../src/webview/list";
import { summaryOf } from "./support/values";

let actions: Actions;
let list: List;

beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    actions = new Actions();
    list = new List();
    list.list = { open: true, query: "", conversations: ["c1", "c2", "c3"].map((id) => summaryOf(id)), total: 3 };
    list.current = "c2";
    await mounted(list);
});

afterEach(() => {
    actions.stop();
    vi.useRealTimers();
});

const field = (): VscodeTextfield => find<VscodeTextfield>(".list-search vscode-textfield");

async function search(query: string): Promise<void> {
    field().value = query;
    field().dispatchEvent(new InputEvent("input", { bubbles: true }));
    await drawn();
}

/** The conversation that has the focus. */
function focused(): string {
    return document.activeElement?.querySelector(".row-title")?.textContent.trim() ?? "";
}

test("each conversation shows its title, when, what it cost and which model", async () => {
    list.list = { ...list.list, conversations: [summaryOf("c1", { changedAt: new Date().toISOString() })], total: 1 };
    await drawn();
    expect(texts(".list-group")).toEqual(["Today"]);
    expect(texts(".row-facts")).toEqual(["now $0.013 claude-sonnet-4.5"]);
});

test("running, private and unwritten ones say so, also to a screen reader", async () => {
    const problem = "No space left.";
    list.list = { ...list.list, conversations: [summaryOf("c1", { running: true, private: true, problem })], total: 1 };
    await drawn();
    const labels = [...document.querySelectorAll(".row-title [role=img]")].map((sign) =>
        sign.getAttribute("aria-label"),
    );
    expect(labels).toEqual(["Being answered", "Kept in memory only", "No space left."]);
});

test("the one that the panel shows is marked", () => {
    expect(find("[aria-current=true]").textContent).toContain("title c2");
});

test("arrows go from the search box through the rows and back, Home and End to their ends", async () => {
    await press("ArrowDown", {}, field());
    expect(focused()).toBe("title c1");
    await press("ArrowDown");
    expect(focused()).toBe("title c2");
    await press("End");
    expect(focused()).toBe("title c3");
    await press("ArrowDown");
    expect(focused()).toBe("title c3");
    await press("Home");
    await press("ArrowUp");
    expect(document.activeElement === field()).toBe(true);
});

test("only the row that one was at is a tab stop", async () => {
    await press("ArrowDown", {}, field());
    await press("ArrowDown");
    const stops = [...document.querySelectorAll(".row-open")].map((row) => row.getAttribute("tabindex"));
    expect(stops).toEqual(["-1", "0", "-1"]);
});

test("a click opens a conversation, and Enter in the search box the first that was found", async () => {
    await click(".row-open");
    await press("Enter", {}, field());
    expect(actions.take()).toEqual([
        { type: "open", conversation: "c1" },
        { type: "open", conversation: "c1" },
    ]);
});

test("a search is asked for when the typing pauses", async () => {
    await search("p");
    await search("pa");
    expect(actions.take()).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(actions.take()).toEqual([{ type: "list", open: true, query: "pa" }]);
});

test("found words are marked in title and excerpt", async () => {
    const found = summaryOf("c1", { title: "The parser", excerpt: "… where the Parser ends …" });
    list.list = { open: true, query: "parser", conversations: [found], total: 1 };
    await drawn();
    expect(texts("mark")).toEqual(["parser", "Parser"]);
});

test("Escape first empties the search box, then closes the list", async () => {
    await search("pa");
    await press("Escape", {}, field());
    vi.advanceTimersByTime(200);
    expect([field().value, actions.take()]).toEqual(["", [{ type: "list", open: true, query: "" }]]);
    await press("Escape", {}, field());
    expect(actions.take()).toEqual([{ type: "list", open: false, query: "" }]);
});

test("Delete asks in place, and only a second word deletes", async () => {
    find(".row-open").focus();
    await press("Delete");
    expect(texts(".row-deleting .strip-text")).toEqual(["Delete “title c1”? It cannot be brought back."]);
    await press("Escape", {}, find(".row-deleting"));
    expect([texts(".row-deleting"), actions.take(), focused()]).toEqual([[], [], "title c1"]);
    await press("Delete");
    await click(".delete-for-good");
    expect(actions.take()).toEqual([{ type: "delete", conversation: "c1" }]);
});

test("F2 renames in place: Enter takes the new title, Escape keeps the old", async () => {
    const rename = async (title: string, key: string): Promise<void> => {
        find(".row-open").focus();
        await press("F2");
        find<VscodeTextfield>("pass-rename vscode-textfield").value = title;
        await press(key, {}, find("pass-rename vscode-textfield"));
    };
    await rename("Never", "Escape");
    await rename("   ", "Enter");
    expect(actions.take()).toEqual([]);
    await rename(" Better ", "Enter");
    expect(actions.take()).toEqual([{ type: "rename", conversation: "c1", title: "Better" }]);
    expect(texts("pass-rename")).toEqual([]);
});

test("a conversation is exported from its row", async () => {
    await click(".row pass-menu .icon-button");
    await click("[role=menuitem]:nth-of-type(2)");
    expect(actions.take()).toEqual([{ type: "export", conversation: "c1", format: "json" }]);
});

test("an empty list says why, once it is known", async () => {
    list.list = { open: true, query: "", conversations: [], total: 0 };
    list.isBusy = true;
    await drawn();
    expect(texts(".list-nothing")).toEqual([]);
    list.isBusy = false;
    await drawn();
    expect(texts(".list-nothing")).toEqual(["No conversations in this workspace yet."]);
    await search("zebra");
    expect(texts(".list-nothing")).toEqual(["Nothing was found for “zebra”."]);
});

test("where there are more than are shown, the list says how many", async () => {
    list.list = { ...list.list, total: 213 };
    await drawn();
    expect(texts(".list-more")).toEqual(["3 of 213 are shown. Search to find the others."]);
});
