/** The conversations of this workspace, over the transcript: searched, opened, renamed, deleted, exported. */
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import "./list-row";

import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/vscode-textfield.js";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { type Group, grouped } from "../common/history";
import type { ConversationList } from "../common/panel";
import type { ConversationSummary } from "../protocol";
import { icon, locale, PageElement } from "./app-element";
import { t } from "./l10n";
import type { ListRow } from "./list-row";

const SEARCH_DELAY_MS = 150;

@customElement("pass-list")
export class List extends PageElement {
    @property({ attribute: false }) list: ConversationList = { open: true, query: "", conversations: [], total: 0 };
    /** The id of the conversation that is shown. */
    @property() current: string | null = null;
    /** Whether the host is still looking for what was asked last. */
    @property({ type: Boolean }) isBusy = false;
    /** What is in the search box; the host may still be looking for an earlier query. */
    @state() private query = "";
    /** The row that Tab reaches. */
    @state() private active = 0;
    private timer: ReturnType<typeof setTimeout> | null = null;

    override connectedCallback(): void {
        super.connectedCallback();
        this.query = this.list.query;
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        if (this.timer !== null) clearTimeout(this.timer);
    }

    /** Puts the caret into the search box. */
    override focus(): void {
        void this.updateComplete.then(() => this.search?.updateComplete).then(() => this.search?.focus());
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (!changed.has("list")) return;
        this.active = Math.min(this.active, Math.max(0, this.list.conversations.length - 1));
    }

    protected override render(): TemplateResult {
        const { conversations, total } = this.list;
        return html`
            <section class="list" aria-label=${t("Conversations")} @keydown=${this.onKey}>
                <div class="list-search">
                    <vscode-textfield
                        .label=${t("Search conversations")}
                        placeholder=${t("Search conversations")}
                        .value=${this.query}
                        @input=${this.onSearch}
                    >
                        <span slot="content-before" class="list-search-icon">${icon("search")}</span>
                        <span slot="content-after" class="field-end"></span>
                    </vscode-textfield>
                    <button
                        type="button"
                        class="icon-button"
                        title=${t("Close")}
                        aria-label=${t("Close the list")}
                        @click=${this.close}
                    >
                        ${icon("close")}
                    </button>
                </div>
                <div class="list-busy">
                    ${
                        this.isBusy
                            ? html`<vscode-progress-bar
                                  aria-label=${t("Looking for conversations")}
                              ></vscode-progress-bar>`
                            : nothing
                    }
                </div>
                <div class="list-scroll">
                    ${conversations.length === 0 && !this.isBusy ? this.renderNothing() : this.renderGroups()}
                    ${
                        total > conversations.length && conversations.length > 0
                            ? html`<p class="list-more">
                                  ${t("{0} of {1} are shown. Search to find the others.", conversations.length, total)}
                              </p>`
                            : nothing
                    }
                </div>
            </section>
        `;
    }

    private renderGroups(): TemplateResult[] {
        const now = new Date();
        const groups = grouped(this.list.conversations, now, locale(), t);
        let at = 0;
        return groups.map((group) => {
            const first = at;
            at += group.conversations.length;
            return this.renderGroup(group, first, now);
        });
    }

    private renderGroup(group: Group, first: number, now: Date): TemplateResult {
        const row = (conversation: ConversationSummary, at: number): TemplateResult => html`
            <li>
                <pass-list-row
                    .conversation=${conversation}
                    .query=${this.list.query}
                    .now=${now}
                    ?isCurrent=${conversation.id === this.current}
                    ?isActive=${first + at === this.active}
                    @focusin=${() => {
                        this.active = first + at;
                    }}
                ></pass-list-row>
            </li>
        `;
        return html`
            <h2 class="list-group">${group.label}</h2>
            <ul class="list-rows" aria-label=${group.label}>
                ${repeat(group.conversations, (conversation) => conversation.id, row)}
            </ul>
        `;
    }

    private renderNothing(): TemplateResult {
        const text =
            this.query.trim() === ""
                ? t("No conversations in this workspace yet.")
                : t("Nothing was found for “{0}”.", this.query.trim());
        return html`<p class="list-nothing">${text}</p>`;
    }

    private readonly onSearch = (): void => {
        this.query = this.search?.value ?? "";
        if (this.timer !== null) clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            this.act({ type: "list", open: true, query: this.query });
        }, SEARCH_DELAY_MS);
    };

    private readonly close = (): void => {
        this.act({ type: "list", open: false, query: "" });
    };

    private readonly onKey = (event: KeyboardEvent): void => {
        const isDone = event.target === this.search ? this.keyInSearch(event) : this.keyInRows(event.key);
        if (!isDone) return;
        event.preventDefault();
        event.stopPropagation();
    };

    private keyInSearch(event: KeyboardEvent): boolean {
        if (event.key === "Escape" && this.query !== "") this.clear();
        else if (event.key === "Escape") this.close();
        else if (event.key === "ArrowDown") this.go(this.active);
        else if (event.key === "Enter" && !event.isComposing) this.rows[0]?.open();
        else return false;
        return true;
    }

    private keyInRows(key: string): boolean {
        if (key === "Escape") this.close();
        else if (key === "ArrowDown") this.go(this.active + 1);
        else if (key === "ArrowUp") this.go(this.active - 1);
        else if (key === "Home") this.go(0);
        else if (key === "End") this.go(this.rows.length - 1);
        else return false;
        return true;
    }

    /** Moves to a row, and above the first back into the search box. */
    private go(to: number): void {
        const rows = this.rows;
        if (to < 0) {
            this.focus();
            return;
        }
        this.active = Math.min(to, Math.max(0, rows.length - 1));
        rows[this.active]?.focus();
    }

    private clear(): void {
        if (this.search !== null) this.search.value = "";
        this.onSearch();
    }

    private get search(): VscodeTextfield | null {
        return this.querySelector(".list-search vscode-textfield");
    }

    private get rows(): ListRow[] {
        return [...this.querySelectorAll("pass-list-row")];
    }
}
