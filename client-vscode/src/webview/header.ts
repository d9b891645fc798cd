/** The line above the conversation: its title, and what can be done with it. */
import "./app-menu";
import "./app-rename";

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { dollars } from "../common/money";
import type { Credits } from "../protocol";
import { ConversationElement } from "./app-conversation";
import { icon } from "./app-element";
import type { MenuItem } from "./app-menu";
import { t } from "./l10n";

@customElement("pass-header")
export class Header extends ConversationElement {
    @property({ attribute: false }) credits: Credits | null = null;
    @property({ type: Boolean }) isListOpen = false;
    /** Whether the next conversation is kept in memory only. */
    @property({ type: Boolean }) isPrivate = false;

    protected override render(): TemplateResult {
        return html`
            <header class="header">
                ${this.renderTitle()}
                <div class="header-actions">
                    <button
                        type="button"
                        class="icon-button"
                        title=${t("New Chat")}
                        aria-label=${t("New Chat")}
                        @click=${() => {
                            this.act({ type: "newChat" });
                        }}
                    >
                        ${icon("add")}
                    </button>
                    <button
                        type="button"
                        class="icon-button header-list"
                        title=${t("Conversations")}
                        aria-label=${t("Conversations")}
                        aria-expanded=${this.isListOpen ? "true" : "false"}
                        @click=${() => {
                            this.act({ type: "list", open: !this.isListOpen, query: "" });
                        }}
                    >
                        ${icon("history")}
                    </button>
                    <pass-menu .label=${t("More Actions")} .items=${this.items} @choose=${this.onChoose}></pass-menu>
                </div>
            </header>
            ${this.doing === "deleting" ? this.renderDeleting() : nothing}
        `;
    }

    private renderTitle(): TemplateResult {
        const conversation = this.conversation;
        if (conversation === null) {
            return html`<h1 class="header-title">
                <span class="ellipsis">${t("New chat")}</span>${this.isPrivate ? privateBadge() : nothing}
            </h1>`;
        }
        if (this.doing === "renaming") {
            return html`<h1 class="hidden">${conversation.title}</h1>
                <pass-rename
                    .was=${conversation.title}
                    @renamed=${this.onRenamed}
                    @given-up=${this.stopDoing}
                ></pass-rename>`;
        }
        return html`<h1 class="header-title">
            <button
                type="button"
                class="title-button ellipsis"
                title=${t("{0}\nClick to rename", conversation.title)}
                @click=${this.rename}
                @keydown=${(event: KeyboardEvent) => {
                    if (event.key === "F2") this.rename();
                }}
            >
                ${conversation.title}</button
            >${conversation.private ? privateBadge() : nothing}
        </h1>`;
    }

    private renderDeleting(): TemplateResult {
        return html`
            <div class="strip" role="alertdialog" aria-label=${t("Delete Conversation")} @keydown=${this.onDeletingKey}>
                <span class="strip-text">${t("Delete this conversation? It cannot be brought back.")}</span>
                <span class="strip-actions">
                    <vscode-button secondary @click=${this.stopDoing}>${t("Cancel")}</vscode-button>
                    <vscode-button class="delete-for-good" @click=${this.delete}>${t("Delete")}</vscode-button>
                </span>
            </div>
        `;
    }

    private get items(): MenuItem[] {
        const disabled = this.conversation === null;
        return [
            { id: "rename", label: t("Rename…"), icon: "edit", disabled },
            { id: "markdown", label: t("Export as Markdown…"), icon: "markdown", disabled },
            { id: "json", label: t("Export as JSON…"), icon: "json", disabled },
            { id: "delete", label: t("Delete…"), icon: "trash", disabled },
            {
                id: "private",
                label: disabled ? t("Keep This Chat in Memory Only") : t("Keep the Next Chat in Memory Only"),
                checked: this.isPrivate,
                separated: true,
            },
            { id: "usage", label: this.usageLabel, icon: "graph", separated: true },
        ];
    }

    private get usageLabel(): string {
        if (this.credits === null) return t("Show Usage");
        return t("Show Usage ({0} of credits left)", dollars(this.credits.balanceUsd));
    }

    private readonly onChoose = (event: CustomEvent<string>): void => {
        event.stopPropagation();
        const chosen = event.detail;
        if (chosen === "private") this.act({ type: "setPrivate", private: !this.isPrivate });
        else if (chosen === "usage") this.act({ type: "showUsage" });
        else if (chosen === "rename") this.rename();
        else if (chosen === "delete") this.askToDelete();
        else if (chosen === "markdown" || chosen === "json") this.export(chosen);
    };

    private readonly onDeletingKey = (event: KeyboardEvent): void => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        this.stopDoing();
        this.querySelector<HTMLElement>("pass-menu")?.focus();
    };
}

/** That a conversation is kept in memory only. */
export function privateBadge(): TemplateResult {
    return html`<span class="badge" title=${t("Kept in memory only: nothing of it is written to disk")}
        >${icon("lock")}<span>${t("Private")}</span></span
    >`;
}
