/**
 * The panel's page: header, conversation, composer and the line below.
 *
 * It shows the state that it is given and tells what the person does; who keeps the state is src/webview/main-store.ts.
 */
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import "./app-empty";
import "./app-footer";
import "./composer";
import "./header";
import "./list";
import "./transcript/transcript";

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import { announcement } from "../common/announce";
import {
    type Draft,
    FIRST_STATE,
    isRunning,
    type PanelAction,
    type PanelEvent,
    type PanelState,
    type PanelTurn,
} from "../common/panel";
import { lastRevision, revision } from "../common/revise";
import { PageElement } from "./app-element";
import type { Example } from "./app-empty";
import { renderProblem, standingProblem } from "./app-remedy";
import type { Composer } from "./composer";
import { t } from "./l10n";
import type { List } from "./list";

declare global {
    interface HTMLElementEventMap {
        /** An earlier question is to be edited; null: it is not, after all. */
        revise: CustomEvent<Draft | null>;
    }
}

/** How long an example's question waits for what it asks about. */
const EXAMPLE_WAIT_MS = 3000;

@customElement("pass-app")
export class App extends PageElement {
    @property({ attribute: false }) state: PanelState = FIRST_STATE;
    /** The host's last answer to `suggest`. */
    @property({ attribute: false }) suggested: Extract<PanelEvent, { type: "suggestions" }> | null = null;
    @state() private isDropping = false;
    @state() private announced = "";
    /** What the list was asked for, until it has come. */
    @state() private lookingFor: string | null = null;
    @query("pass-composer") private readonly composer!: Composer;
    @query("pass-list") private readonly list!: List | null;
    /** The question of an example whose attachments are still to come. */
    private example: string | null = null;

    override focus(): void {
        void this.updateComplete.then(() => {
            this.composer.focus();
        });
    }

    get caret(): number {
        return this.hasUpdated ? this.composer.caret : 0;
    }

    async putCaret(at: number): Promise<void> {
        await this.updateComplete;
        await this.composer.putCaret(at);
    }

    override connectedCallback(): void {
        super.connectedCallback();
        document.addEventListener("keydown", this.onKey);
        this.addEventListener("panel-action", this.onAction);
        this.addEventListener("dragover", this.onDragOver);
        this.addEventListener("dragleave", this.onDragLeave);
        this.addEventListener("drop", this.onDrop);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        document.removeEventListener("keydown", this.onKey);
        this.removeEventListener("panel-action", this.onAction);
        this.removeEventListener("dragover", this.onDragOver);
        this.removeEventListener("dragleave", this.onDragLeave);
        this.removeEventListener("drop", this.onDrop);
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        const before = changed.get("state");
        if (before === undefined) return;
        this.announced = announcement(before, this.state, t) ?? this.announced;
        const { conversations, query: found } = this.state.list;
        if (before.list.conversations !== conversations && found === this.lookingFor) this.lookingFor = null;
    }

    protected override updated(changed: PropertyValues<this>): void {
        const before = changed.get("state");
        if (before === undefined) return;
        if (before.list.open !== this.state.list.open) this.list?.focus();
        if (before.list.open && !this.state.list.open) this.focus();
        if (before.draft.chips !== this.state.draft.chips) this.sendExample();
    }

    protected override render(): TemplateResult {
        const { state } = this;
        const isOpen = state.list.open;
        return html`
            <pass-header
                .conversation=${state.conversation}
                .credits=${state.status?.credits ?? null}
                ?isListOpen=${isOpen}
                ?isPrivate=${state.private}
            ></pass-header>
            <main class="stage" aria-label=${t("Conversation")}>
                ${
                    state.daemon.state === "starting"
                        ? html`<vscode-progress-bar
                              class="busy"
                              aria-label=${t("The daemon is starting")}
                          ></vscode-progress-bar>`
                        : nothing
                }
                <div class="stage-under" ?inert=${isOpen}>${this.renderConversation()}</div>
                ${
                    isOpen
                        ? html`<pass-list
                              .list=${state.list}
                              .current=${state.conversation?.id ?? null}
                              ?isBusy=${this.lookingFor !== null}
                          ></pass-list>`
                        : nothing
                }
            </main>
            ${this.renderStanding()}
            <pass-composer
                .draft=${state.draft}
                .model=${state.model}
                .usedTokens=${state.context?.usedTokens ?? 0}
                .suggested=${this.suggested}
                ?isRunning=${isRunning(state)}
                ?isStarting=${state.daemon.state === "starting"}
                @revise-last=${this.onReviseLast}
            ></pass-composer>
            <pass-footer .total=${state.total} .context=${state.context}></pass-footer>
            <div class="hidden" role="status" aria-live="polite">${this.announced}</div>
            ${this.isDropping ? html`<div class="dropping">${t("Drop to attach")}</div>` : nothing}
        `;
    }

    private renderConversation(): TemplateResult {
        const { state } = this;
        if (state.turns.length > 0) {
            return html`
                <button type="button" class="skip" @click=${this.skip}>${t("Skip to your question")}</button>
                <pass-transcript
                    .turns=${state.turns}
                    .model=${state.model?.name ?? null}
                    @edit-turn=${this.onEditTurn}
                ></pass-transcript>
                <button type="button" class="skip skip-back" @click=${this.skipBack}>
                    ${t("Skip to the conversation")}
                </button>
            `;
        }
        return html`<pass-empty
            .model=${state.model}
            .status=${state.status}
            ?isPrivate=${state.private}
            ?isStarting=${state.daemon.state === "starting"}
            @example=${this.onExample}
        ></pass-empty>`;
    }

    private renderStanding(): TemplateResult | typeof nothing {
        const problem = standingProblem(this.state);
        if (problem === null) return nothing;
        return renderProblem(problem, (remedy) => {
            this.act({ type: "remedy", remedy, turn: null });
        });
    }

    private readonly skip = (): void => {
        this.focus();
    };

    private readonly skipBack = (): void => {
        this.querySelector<HTMLElement>(".transcript-scroll")?.focus();
    };

    /** Attaches what the example is about, and asks as soon as that is there. Without it the question waits for the person. */
    private readonly onExample = (event: CustomEvent<Example>): void => {
        event.stopPropagation();
        const { question, attach } = event.detail;
        this.example = question;
        this.act({ type: "draft", draft: { ...this.state.draft, text: question } });
        this.act({ type: "attach", what: attach });
        setTimeout(() => {
            this.example = null;
        }, EXAMPLE_WAIT_MS);
        this.focus();
    };

    private sendExample(): void {
        const { draft } = this.state;
        if (this.example === null || draft.chips.length === 0) return;
        const isUnchanged = draft.text === this.example;
        this.example = null;
        if (isUnchanged) this.act({ type: "send", draft });
    }

    private readonly onReviseLast = (): void => {
        this.revise(lastRevision(this.state.turns, t));
    };

    private readonly onEditTurn = (event: CustomEvent<{ turn: PanelTurn }>): void => {
        this.revise(revision(event.detail.turn, t));
    };

    private revise(draft: Draft | null): void {
        if (draft === null) return;
        this.tell("revise", draft);
        this.focus();
    }

    private readonly onAction = (event: CustomEvent<PanelAction>): void => {
        if (event.detail.type === "list") this.lookingFor = event.detail.open ? event.detail.query : null;
    };

    /** Escape that nothing else was for. */
    private readonly onKey = (event: KeyboardEvent): void => {
        if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || !isRunning(this.state)) return;
        event.preventDefault();
        this.act({ type: "stop" });
    };

    private readonly onDragOver = (event: DragEvent): void => {
        event.preventDefault();
        if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
        this.isDropping = true;
    };

    private readonly onDragLeave = (event: DragEvent): void => {
        if (event.relatedTarget instanceof Node && this.contains(event.relatedTarget)) return;
        this.isDropping = false;
    };

    private readonly onDrop = (event: DragEvent): void => {
        event.preventDefault();
        this.isDropping = false;
        if (this.composer.take(event.dataTransfer)) this.focus();
    };
}
