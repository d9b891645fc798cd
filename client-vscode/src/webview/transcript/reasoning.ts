/** `<pass-reasoning>`: how the model got to its answer; folded away, and never part of the answer. */
import { seconds } from "../../common/duration";
import "../markdown/markdown";

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icon, PageElement } from "../app-element";
import { count } from "../../common/money";
import { t } from "../l10n";

@customElement("pass-reasoning")
export class Reasoning extends PageElement {
    @property({ attribute: false }) text = "";
    /** It is still coming: the answer's first word is not there. */
    @property({ attribute: false }) isLive = false;
    /** As the gateway counted; 0 where it did not. */
    @property({ attribute: false }) tokens = 0;
    @state() private isShown = false;
    /** How long it took, if it came while somebody looked. */
    @state() private tookMs: number | null = null;
    private since: number | null = null;

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (!changed.has("isLive")) return;
        if (this.isLive) this.since ??= performance.now();
        else if (this.since !== null) this.tookMs ??= performance.now() - this.since;
    }

    protected override render(): TemplateResult {
        return html`
            <button
                type="button"
                class="fold"
                aria-expanded=${this.isShown ? "true" : "false"}
                @click=${() => {
                    this.isShown = !this.isShown;
                }}
            >
                ${icon(this.isShown ? "chevron-down" : "chevron-right")}
                <span class=${this.isLive ? "fold-live" : ""}>${this.label}</span>
            </button>
            ${
                this.isShown
                    ? html`<div class="fold-body">
                          <pass-markdown .text=${this.text} .isLive=${this.isLive}></pass-markdown>
                      </div>`
                    : nothing
            }
        `;
    }

    private get label(): string {
        if (this.isLive) return t("Thinking…");
        if (this.tookMs !== null) return t("Thought for {0}", seconds(this.tookMs, t));
        return this.tokens > 0 ? t("Thought, {0} tokens", count(this.tokens)) : t("Thought");
    }
}
