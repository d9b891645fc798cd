/** What every element of the page's shell is made of. */
import { html, LitElement, type TemplateResult } from "lit";

import type { PanelAction } from "../common/panel";

declare global {
    interface HTMLElementEventMap {
        "panel-action": CustomEvent<PanelAction>;
    }
}

/**
 * An element without a shadow: one stylesheet serves them all, and what names another element by its id (the active
 * suggestion, a description) reaches across them.
 */
export class PageElement extends LitElement {
    protected override createRenderRoot(): HTMLElement {
        return this;
    }

    /** Asks the extension host for something; src/webview/main.ts hears it. */
    protected act(action: PanelAction): void {
        this.dispatchEvent(new CustomEvent("panel-action", { detail: action, bubbles: true, composed: true }));
    }

    /** Tells the elements around it of something that is the page's own affair. */
    protected tell(name: string, detail?: unknown): void {
        this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
    }
}

/** A codicon, for the eye only: who shows it says in words what it means. */
export function icon(name: string, spin = false): TemplateResult {
    return html`<span
        class="codicon codicon-${name} ${spin ? "codicon-modifier-spin" : ""}"
        aria-hidden="true"
    ></span>`;
}

/** The editor's language, for numbers and dates. */
export function locale(): string {
    return document.documentElement.lang || "en";
}
