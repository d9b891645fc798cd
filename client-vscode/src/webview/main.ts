/**
 * The page of the side panel: joins the store to the editor, and draws it.
 *
 * What its HTML (src/editor/panel/html.ts) must hold:
 *
 * - `<html lang>` with the editor's language (`vscode.env.language`), for numbers and dates;
 * - `<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce href=dist/codicon.css>`: the id is how the component
 *   library finds the icons, which it links again inside each icon; the nonce is copied;
 * - `<link rel="stylesheet" href=dist/webview.css>`: everything else;
 * - `<body data-l10n=…>`: `vscode.l10n.bundle` as JSON, escaped for an attribute; without it the page is English;
 * - `<script type="module" nonce src=dist/webview.js>`; the page puts `<pass-app>` into the body by itself;
 * - the policy `default-src 'none'; style-src ${cspSource}; font-src ${cspSource}; img-src data: blob: ${cspSource};
 *   script-src 'nonce-…'`. Styles are files and constructed sheets only, so that no nonce and no `unsafe-inline` is needed.
 */
import "./style/base.css";
import "./style/app.css";
import "./style/composer.css";
import "./style/list.css";

import type { Draft, PanelAction, PanelEvent } from "../common/panel";
import { App } from "./app";
import { currentPlace, type Place, returnTo } from "./main-place";
import { Store } from "./main-store";

/** What only the page knows, and the editor keeps for it while it is away. */
interface Memory {
    caret: number;
    place: Place | null;
    aside: Draft | null;
}

interface Editor {
    postMessage(action: PanelAction): void;
    getState(): Memory | undefined;
    setState(memory: Memory): void;
}

declare function acquireVsCodeApi(): Editor;

const editor = acquireVsCodeApi();
const app = new App();
const store = new Store({
    post: (action) => {
        editor.postMessage(action);
    },
    nextFrame: (draw) => {
        requestAnimationFrame(draw);
    },
    changed: (_before, after) => {
        app.state = after;
    },
});

/** It is gone back to once the state has come that it belongs to. */
let remembered = editor.getState();
store.aside = remembered?.aside ?? null;

function hear(event: PanelEvent): void {
    switch (event.type) {
        case "theme":
            for (const [name, colour] of Object.entries(event.colours)) {
                if (name.startsWith("--pass-token-")) document.documentElement.style.setProperty(name, colour);
            }
            break;
        case "suggestions":
            app.suggested = event;
            break;
        case "focus":
            app.focus();
            break;
        default:
            store.receive(event);
            if (event.type === "state") void recall();
    }
}

async function recall(): Promise<void> {
    const memory = remembered;
    if (memory === undefined) return;
    remembered = undefined;
    await app.putCaret(memory.caret);
    // The turns are drawn with the next frame.
    requestAnimationFrame(() => {
        if (memory.place !== null) returnTo(memory.place);
    });
}

/** The page may be taken away at any moment, without a word that would still reach the host. */
function keep(): void {
    store.flush();
    if (remembered === undefined) editor.setState({ caret: app.caret, place: currentPlace(), aside: store.aside });
}

window.addEventListener("message", (message: MessageEvent<unknown>) => {
    const data = message.data;
    if (typeof data === "object" && data !== null && "type" in data) hear(data as PanelEvent);
});
document.addEventListener("panel-action", ((event: CustomEvent<PanelAction>) => {
    store.act(event.detail);
}) as EventListener);
document.addEventListener("revise", ((event: CustomEvent<Draft | null>) => {
    store.revise(event.detail);
}) as EventListener);
document.addEventListener("focusout", keep);
document.addEventListener("visibilitychange", keep);
window.addEventListener("blur", keep);
window.addEventListener("pagehide", keep);

document.body.append(app);
editor.postMessage({ type: "ready" });
