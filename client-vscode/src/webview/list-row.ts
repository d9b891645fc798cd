/** One conversation in the list. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "./app-menu";
import "./app-rename";

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { ago, marked } from "../common/history";
import { dollars } from "../common/money";
import type { ConversationSummary } from "../protocol";
import { icon, locale, PageElement } from "./app-element";
import type { MenuItem } from "./app-menu";
import { t } from "./l10n";

declare global {
    interface HTMLElementTagNameMap {
        "pass-list-row": ListRow;
    }
}

@customElement("pass-list-row")
export class ListRow extends PageElement {
    @property({ attribute: false }) conversation: ConversationSummary | null = null;
    /** What was searched for: its words are marked. */
    @property() query = "";
    @property({ attribute: false }) now = new Date();
    /** Whether it is the one that the panel shows. */
    @property({ type: Boolean }) isCurrent = false;
    /** Whether Tab reaches it. */
    @property({ type: Boolean }) isActive = false;
    @state() private doing: "nothing" | "renaming" | "deleting" = "nothing";

    override focus(): void {
        this.querySelector<HTMLElement>(".row-open")?.focus();
    }

    /** Shows the conversation in the panel. */
    open(): void {
        if (this.conversation !== null) this.act({ type: "open", conversation: this.conversation.id });
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        const before = changed.get("conversation");
        if (before !== undefined && before?.id !== this.conversation?.id) this.doing = "nothing";
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
                    <vscode-button secondary @click=${this.giveUpDeleting}>${t("Cancel")}</vscode-button>
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

    private readonly rename = (): void => {
        this.doing = "renaming";
    };

    private readonly onRenamed = (event: CustomEvent<string>): void => {
        event.stopPropagation();
        if (this.conversation !== null) {
            this.act({ type: "rename", conversation: this.conversation.id, title: event.detail });
        }
        this.stopDoing();
    };

    private readonly askToDelete = (): void => {
        this.doing = "deleting";
        void this.updateComplete.then(() => this.querySelector<HTMLElement>(".delete-for-good")?.focus());
    };

    private readonly delete = (): void => {
        if (this.conversation !== null) this.act({ type: "delete", conversation: this.conversation.id });
        this.doing = "nothing";
    };

    private readonly onDeletingKey = (event: KeyboardEvent): void => {
        // While it asks, the list's own keys are not for it.
        event.stopPropagation();
        if (event.key === "Escape") this.giveUpDeleting();
    };

    private readonly giveUpDeleting = (): void => {
        this.stopDoing();
    };

    private readonly onExport = (event: CustomEvent<string>): void => {
        event.stopPropagation();
        const format = event.detail === "json" ? "json" : "markdown";
        if (this.conversation !== null) this.act({ type: "export", conversation: this.conversation.id, format });
    };

    private readonly stopDoing = (): void => {
        this.doing = "nothing";
        void this.updateComplete.then(() => {
            this.focus();
        });
    };
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
