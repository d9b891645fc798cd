/** The thin line at the bottom: what the conversation has cost so far, and how full the model's window is. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { type Fill, fillOf, percentText, totalLine } from "../common/meter";
import type { Context, ConversationTotal } from "../protocol";
import { locale, PageElement } from "./app-element";
import { t } from "./l10n";

@customElement("pass-footer")
export class Footer extends PageElement {
    @property({ attribute: false }) total: ConversationTotal | null = null;
    @property({ attribute: false }) context: Context | null = null;

    protected override render(): TemplateResult | typeof nothing {
        const line = this.total === null ? null : totalLine(this.total, locale(), t);
        const fill = fillOf(this.context, locale(), t);
        if (line === null && fill === null) return nothing;
        return html`
            <footer class="footer" aria-label=${t("This conversation so far")}>
                ${
                    line === null
                        ? html`<span></span>`
                        : html`<span class="total" title=${line.details}>
                              ${part("total-cost", line.cost)}${part("total-tokens", line.tokens)}${part(
                                  "total-cached",
                                  line.cached,
                              )}${part("total-saved", line.saved)}
                          </span>`
                }
                ${fill === null ? nothing : meter(fill)}
            </footer>
        `;
    }
}

function part(name: string, text: string | null): TemplateResult | typeof nothing {
    return text === null ? nothing : html`<span class="total-part ${name}">${text}</span>`;
}

/** The width is set as a property: the page's policy allows no `style` attribute, and lit's styleMap begins with one. */
function meter(fill: Fill): TemplateResult {
    const sentence = fill.isWarning
        ? t("{0}: soon full. A new chat starts with an empty window.", fill.sentence)
        : fill.sentence;
    return html`
        <span
            class="meter ${fill.isWarning ? "meter-warning" : ""}"
            role="meter"
            aria-label=${t("The model’s context window")}
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=${fill.percent}
            aria-valuetext=${sentence}
            title=${sentence}
        >
            <span class="meter-bar"
                ><span class="meter-fill" .style=${`width: ${Math.max(fill.percent, 2)}%`}></span
            ></span>
            ${percentText(fill.percent / 100, locale())}
        </span>
    `;
}
