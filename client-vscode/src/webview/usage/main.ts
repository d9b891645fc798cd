/** The usage page: what the host says is drawn, what a person does is told to it. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "../style/base.css";
import "./usage.css";

import { render } from "lit";

import type { UsageAction, UsageState, Wish } from "../../common/usage";
import { type Charts, chartsOf, renderPage } from "./page";

interface Editor {
    postMessage(action: UsageAction): void;
    /** What the host is given when the window comes back. */
    setState(wish: Wish): void;
}

declare function acquireVsCodeApi(): Editor;

const editor = acquireVsCodeApi();

/** Charts are drawn anew when their numbers are new. */
let drawn: { answer: number; charts: Charts } | null = null;

function show(state: UsageState): void {
    if (state.data === null) drawn = null;
    else if (drawn?.answer !== state.answer) drawn = { answer: state.answer, charts: chartsOf(state.data) };
    editor.setState(state.wish);
    render(renderPage(state, drawn?.charts ?? null, act), document.body);
}

function act(action: UsageAction): void {
    editor.postMessage(action);
}

window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "object" && data !== null && "wish" in data) show(data as UsageState);
});
act({ type: "ready" });
