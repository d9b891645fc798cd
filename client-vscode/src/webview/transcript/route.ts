/** `<pass-route>`: how an answer came about: who served it, which attempts failed and why, what it cost and saved. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { seconds } from "../../common/duration";
import type { Attempt, ChatResult } from "../../protocol";
import { icon, PageElement } from "../app-element";
import { t } from "../l10n";
import { factsOf } from "./figures";

@customElement("pass-route")
export class Route extends PageElement {
    @property({ attribute: false }) result: ChatResult | null = null;

    protected override render(): TemplateResult | typeof nothing {
        const { result } = this;
        if (result === null) return nothing;
        const attempts = result.attempts ?? [];
        return html`
            <ol class="route-attempts" aria-label=${t("Attempts")}>
                ${(attempts.length === 0 ? [servedBy(result)] : attempts).map((attempt) => renderAttempt(attempt))}
            </ol>
            <ul class="route-facts">
                ${factsOf(result, t).map((fact) => html`<li>${fact}</li>`)}
            </ul>
        `;
    }
}

/** Where nobody tells of attempts, there was one. */
function servedBy({ model, provider }: ChatResult): Attempt {
    return { by: "gateway", model, provider, success: true };
}

function renderAttempt(attempt: Attempt): TemplateResult {
    const { success, provider, model, status, durationMs, credential, error } = attempt;
    const facts = [
        model,
        ...(status === undefined || success ? [] : [t("status {0}", status)]),
        ...(durationMs === undefined ? [] : [seconds(durationMs, t)]),
        ...(credential === "byok" ? [t("with your own key")] : []),
    ];
    return html`<li class=${success ? "" : "route-failed"}>
        ${icon(success ? "pass" : "error")}
        <span>
            <span class="hidden">${success ? t("Answered:") : t("Failed:")}</span>
            <b>${provider ?? (attempt.by === "daemon" ? t("the gateway") : t("unknown provider"))}</b>
            <span class="route-dim">${facts.join(" · ")}</span>
            ${error === undefined ? nothing : html`<span class="route-why" dir="auto">${error}</span>`}
        </span>
    </li>`;
}
