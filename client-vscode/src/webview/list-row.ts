/** One conversation in the list. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "./app-menu";
import "./app-rename";

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { ago, marked } from "../common/history";
import { dollars } from "../common/money";
import type { ConversationSummary } from "../protocol";
import { ConversationElement } from "./app-conversation";
import { icon, locale } from "./app-element";
import type { MenuItem } from "./app-menu";
import { t } from "./l10n";

declare global {
    interface HTMLElementTagNameMap {
        "pass-list-row": ListRow;
    }
}

@customElement("pass-list-row")
export class ListRow extends ConversationElement {
    /** What was searched for: its words are marked. */
    @property() query = "";
    @property({ attribute: false }) now = new Date();
    /** Whether it is the one that the panel shows. */
    @property({ type: Boolean }) isCurrent = false;
    /** Whether Tab reaches it. */
    @property({ type: Boolean }) isActive = false;

    override focus(): void {
        this.querySelector<HTMLElement>(".row-open")?.focus();
    }

    /** Shows the conversation in the panel. */
    open(): void {
        if (this.conversation !== null) this.act({ type: "open", conversation: this.conversation.id });
    }

    protected override render(): TemplateResult | typeof nothing {
        const conversation = this.conversation;
        if (conversation === null) return nothing;
        if (this.doing === "deleting") return this.renderDeleting(conversation);
        return html`
            <div class="row ${this.isCurrent ? "row-current" : ""}" @keydown=${this.onKey}>
                ${
                    this.doing === "renaming"
                        ? html`<pass-rename
                              .was=${conversation.title}
                              @renamed=${this.onRenamed}
                              @given-up=${this.stopDoing}
                          ></pass-rename>`
                        : this.renderOpen(conversation)
                }
                <span class="row-actions">
                    ${this.renderAction("edit", t("Rename (F2)"), this.rename)}
                    ${this.renderAction("trash", t("Delete (Del)"), this.askToDelete)}
                    <pass-menu
                        .label=${t("Export")}
                        icon="export"
                        .items=${EXPORTS}
                        @choose=${this.onExport}
                    ></pass-menu>
                </span>
            </div>
        `;
    }

    private renderOpen(conversation: ConversationSummary): TemplateResult {
        const excerpt = conversation.excerpt ?? "";
        return html`
            <button
                type="button"
                class="row-open"
                tabindex=${this.isActive ? "0" : "-1"}
                aria-current=${this.isCurrent ? "true" : nothing}
                aria-keyshortcuts="F2 Delete"
                title=${conversation.title}
                @click=${() => {
                    this.open();
                }}
            >
                <span class="row-title">
                    ${
                        conversation.running
                            ? html`<span class="row-running" role="img" aria-label=${t("Being answered")}
                                  >${icon("loading", true)}</span
                              >`
                            : nothing
                    }
                    <span class="ellipsis">${this.marked(conversation.title)}</span>
                    ${conversation.private ? sign("lock", t("Kept in memory only")) : nothing}
                    ${conversation.problem === undefined ? nothing : sign("warning", conversation.problem)}
                </span>
                <span class="row-facts">${this.facts(conversation)}</span>
                ${excerpt === "" ? nothing : html`<span class="row-excerpt">${this.marked(excerpt)}</span>`}
            </button>
        `;
    }

    private facts(conversation: ConversationSummary): TemplateResult {
        const { changedAt, costUsd, model } = conversation;
        const exact = new Date(changedAt).toLocaleString(locale());
        return html`
            <time datetime=${changedAt} title=${exact}>${ago(changedAt, this.now, locale(), t)}</time>
            ${costUsd === null ? nothing : html`<span>${dollars(costUsd)}</span>`}
            ${
                model === null
                    ? nothing
                    : html`<span class="ellipsis row-model" title=${model}>${model.split("/").at(-1)}</span>`
            }
        `;
    }

    private renderAction(name: string, label: string, act: () => void): TemplateResult {
        return html`<button
            type="button"
            class="icon-button"
            tabindex=${this.isActive ? "0" : "-1"}
            title=${label}
            aria-label=${label}
            @click=${act}
        >
            ${icon(name)}
        </button>`;
    }

    private renderDeleting(conversation: ConversationSummary): TemplateResult {
        return html`
            <div class="row row-deleting" role="alertdialog" aria-label=${t("Delete")} @keydown=${this.onDeletingKey}>
                <span class="strip-text">${t("Delete “{0}”? It cannot be brought back.", conversation.title)}</span>
                <span class="strip-actions">
                    <vscode-button secondary @click=${this.stopDoing}>${t("Cancel")}</vscode-button>
                    <vscode-button class="delete-for-good" @click=${this.delete}>${t("Delete")}</vscode-button>
                </span>
            </div>
        `;
    }

    private marked(text: string): (string | TemplateResult)[] {
        return marked(text, this.query).map((piece) => (piece.found ? html`<mark>${piece.text}</mark>` : piece.text));
    }

    private readonly onKey = (event: KeyboardEvent): void => {
        if (this.doing !== "nothing") return;
        if (event.key === "F2") this.rename();
        else if (event.key === "Delete") this.askToDelete();
        else return;
        event.preventDefault();
    };

    private readonly onDeletingKey = (event: KeyboardEvent): void => {
        // While it asks, the list's own keys are not for it.
        event.stopPropagation();
        if (event.key === "Escape") this.stopDoing();
    };

    private readonly onExport = (event: CustomEvent<string>): void => {
        event.stopPropagation();
        this.export(event.detail === "json" ? "json" : "markdown");
    };

    protected override cameBack(): void {
        this.focus();
    }
}

function sign(name: string, meaning: string): TemplateResult {
    return html`<span class="row-sign row-${name}" role="img" aria-label=${meaning} title=${meaning}
        >${icon(name)}</span
    >`;
}

const EXPORTS: MenuItem[] = [
    { id: "markdown", label: t("As Markdown…"), icon: "markdown" },
    { id: "json", label: t("As JSON…"), icon: "json" },
];
