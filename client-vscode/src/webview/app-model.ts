/** The model that will answer, as a button that opens the picker. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { ModelChip } from "../common/panel";
import { icon, PageElement } from "./app-element";
import { t } from "./l10n";

@customElement("pass-model")
export class ModelButton extends PageElement {
    @property({ attribute: false }) model: ModelChip | null = null;

    protected override render(): TemplateResult {
        const { name, hint } = worded(this.model);
        return html`
            <button
                type="button"
                class="model"
                title=${hint}
                aria-label=${this.model === null ? name : t("Model: {0}. Choose another", name)}
                @click=${() => {
                    this.act({ type: "chooseModel" });
                }}
            >
                ${this.model?.wanted == null ? nothing : html`<span class="model-warning">${icon("warning")}</span>`}
                <span class="ellipsis">${name}</span>
                ${icon("chevron-down")}
            </button>
        `;
    }
}

/** Why another model serves than the configured one; null if it does not. */
export function wantedHint(model: ModelChip | null): string | null {
    if (model?.wanted == null) return null;
    return t("The gateway does not have {0}: {1} stands in for it.", model.wanted, model.name);
}

function worded(model: ModelChip | null): { name: string; hint: string } {
    if (model === null) return { name: t("Choose a model"), hint: t("Choose a model") };
    return { name: model.name, hint: wantedHint(model) ?? t("{0}\nClick to choose another", model.id) };
}
