import { drawn, find, type } from "./support/page";

import { beforeAll, expect, test, vi } from "vitest";

import type { PanelAction, PanelEvent } from "../../src/common/panel";
import type { App } from "../../src/webview/app";
import { runningTurn, stateOf, turnOf } from "./support/values";

const posted: PanelAction[] = [];
const kept: unknown[] = [];
let app: App;

/** As the host sends it. */
async function hear(event: PanelEvent): Promise<void> {
    window.dispatchEvent(new MessageEvent("message", { data: event }));
    await drawn();
}

beforeAll(async () => {
    vi.stubGlobal("acquireVsCodeApi", () => ({
        postMessage: (action: PanelAction) => posted.push(action),
        getState: () => ({ caret: 2, place: null, aside: null }),
        setState: (memory: unknown) => kept.push(memory),
    }));
    await import("../../src/webview/main");
    app = find<App>("pass-app");
});

test("the page says that it is ready, once it listens", () => {
    expect(posted).toEqual([{ type: "ready" }]);
});

test("a page that comes back has its caret where it was", async () => {
    await hear({ type: "state", state: stateOf({ draft: { text: "hello", chips: [], replaces: null } }) });
    expect(find<HTMLTextAreaElement>("textarea").selectionStart).toBe(2);
});

test("what is written is sent at once, and the caret kept when the page may go", async () => {
    await type("!");
    expect(posted.filter((action) => action.type === "draft").slice(-1)).toEqual([
        { type: "draft", draft: { text: "hello!", chips: [], replaces: null } },
    ]);
    window.dispatchEvent(new Event("pagehide"));
    expect(kept.at(-1)).toEqual({ caret: 6, place: null, aside: null });
});

test("the theme's colours become properties of the page, and nothing else does", async () => {
    await hear({ type: "theme", colours: { "--pass-token-keyword": "#ff0000", "--vscode-foreground": "#00ff00" } });
    const { style } = document.documentElement;
    expect([style.getPropertyValue("--pass-token-keyword"), style.getPropertyValue("--vscode-foreground")]).toEqual([
        "#ff0000",
        "",
    ]);
});

test("suggestions go to the composer, and focus to the question", async () => {
    await hear({ type: "suggestions", request: 7, suggestions: [] });
    expect(app.suggested?.request).toBe(7);
    await hear({ type: "focus" });
    expect(document.activeElement === find("textarea")).toBe(true);
});

test("a message that is no event is not one", async () => {
    const before = app.state;
    window.dispatchEvent(new MessageEvent("message", { data: "vscode-internal" }));
    window.dispatchEvent(new MessageEvent("message", { data: null }));
    await drawn();
    expect(app.state).toBe(before);
});

test("an earlier question that is taken up becomes the draft, and what was written waits", async () => {
    await hear({ type: "state", state: stateOf({ turns: [turnOf("t1")], draft: app.state.draft }) });
    find("pass-transcript").dispatchEvent(new CustomEvent("edit-turn", { detail: { turn: turnOf("t1") } }));
    await drawn();
    expect(app.state.draft).toMatchObject({ text: "question t1", replaces: "t1" });
    window.dispatchEvent(new Event("pagehide"));
    expect(kept.at(-1)).toMatchObject({ aside: { text: "hello!" } });
});

test("deltas are drawn with the next frame", async () => {
    await hear({ type: "state", state: stateOf({ turns: [runningTurn("t2")] }) });
    await hear({ type: "delta", key: "key-t2", text: "Hel" });
    await hear({ type: "delta", key: "key-t2", text: "lo" });
    await new Promise((frame) => requestAnimationFrame(frame));
    expect(app.state.turns[0]?.text).toBe("Hello");
});
