/** What stands where there is no conversation yet: what this is, which model answers, and how to begin. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "./app-model";

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import type { ModelChip, PanelAction } from "../common/panel";
import type { Status } from "../protocol";
import { icon, PageElement } from "./app-element";
import { wantedHint } from "./app-model";
import { t } from "./l10n";

/** A question to begin with, and what of the editor goes with it. */
export interface Example {
    label: string;
    icon: string;
    attach: Extract<PanelAction, { type: "attach" }>["what"];
    question: string;
}

/** Tells `example`. */
@customElement("pass-empty")
export class Empty extends PageElement {
    @property({ attribute: false }) model: ModelChip | null = null;
    @property({ attribute: false }) status: Status | null = null;
    @property({ type: Boolean }) isPrivate = false;
    /** Whether the daemon, and so the model, is still to come. */
    @property({ type: Boolean }) isStarting = false;

    protected override render(): TemplateResult {
        return html`
            <section class="empty" aria-label=${t("Start")}>
                <h2 class="empty-title">${t("Ask about your code")}</h2>
                <p class="empty-what">
                    ${t("Any model of your AI gateway answers here, with the code that you attach in front of it.")}
                </p>
                ${this.status?.state === "needsKey" ? this.renderKey(this.status) : this.renderStart()}
            </section>
        `;
    }

    private renderStart(): TemplateResult {
        const hint = wantedHint(this.model);
        return html`
            ${
                this.model === null && this.isStarting
                    ? nothing
                    : html`<p class="empty-model">
                          <span>${t("Model")}</span>
                          <pass-model .model=${this.model}></pass-model>
                      </p>`
            }
            ${hint === null ? nothing : html`<p class="empty-hint">${icon("warning")} ${hint}</p>`}
            ${
                this.status?.state === "unreachable"
                    ? html`<p class="empty-hint">${icon("debug-disconnect")} ${this.status.message}</p>`
                    : nothing
            }
            ${
                this.isPrivate
                    ? html`<p class="empty-hint">
                          ${icon("lock")} ${t("Private: nothing of this chat is written to disk.")}
                      </p>`
                    : nothing
            }
            <ul class="examples" aria-label=${t("Questions to begin with")}>
                ${EXAMPLES.map(
                    (example) =>
                        html`<li>
                            <button
                                type="button"
                                class="example"
                                @click=${() => {
                                    this.tell("example", example);
                                }}
                            >
                                ${icon(example.icon)}<span>${example.label}</span>
                            </button>
                        </li>`,
                )}
            </ul>
        `;
    }

    private renderKey(status: Status): TemplateResult {
        return html`
            <div class="card" role="group" aria-label=${t("A key is needed")}>
                <p class="card-title">${icon("key")} ${t("One thing is missing: a key")}</p>
                <p class="card-text">
                    ${t("The gateway {0} answers with your API key. It is kept in the editor’s secret store.", status.gateway.name)}
                </p>
                <div class="card-actions">
                    <vscode-button
                        @click=${() => {
                            this.mend("setKey");
                        }}
                        >${t("Set API Key")}</vscode-button
                    >
                    <vscode-button
                        secondary
                        @click=${() => {
                            this.mend("useOffline");
                        }}
                        >${t("Use the Offline Gateway")}</vscode-button
                    >
                </div>
                <p class="card-note">
                    ${t("The offline gateway needs no key and no network: it shows how this works.")}
                </p>
            </div>
        `;
    }

    private mend(what: "setKey" | "useOffline"): void {
        this.act({ type: "remedy", remedy: { do: what }, turn: null });
    }
}

const EXAMPLES: Example[] = [
    {
        label: t("Explain the selected code"),
        icon: "list-selection",
        attach: "selection",
        question: t("Explain this code step by step."),
    },
    {
        label: t("Review the open files"),
        icon: "checklist",
        attach: "openFiles",
        question: t("Review these files: what would you change first, and why?"),
    },
    {
        label: t("Fix the problems in this file"),
        icon: "lightbulb",
        attach: "diagnostics",
        question: t("Explain these problems and show how to fix them."),
    },
];
