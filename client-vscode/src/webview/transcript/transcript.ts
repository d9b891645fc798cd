/** `<pass-transcript>`: the turns of the conversation, the newest at the end. */
import "../style/transcript.css";
import "./turn";

import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { PanelTurn } from "../../common/panel";
import { icon, PageElement } from "../app-element";
import { t } from "../l10n";
import { Nearness } from "./nearness";
import { Stick } from "./stick";

@customElement("pass-transcript")
export class Transcript extends PageElement {
    @property({ attribute: false }) turns: PanelTurn[] = [];
    /** The name of the model that is asked. */
    @property({ attribute: false }) model: string | null = null;
    private readonly stick = new Stick(() => {
        this.requestUpdate();
    });
    private readonly nearness = new Nearness(() => {
        this.requestUpdate();
    });

    override connectedCallback(): void {
        super.connectedCallback();
        if (this.hasUpdated) this.attach();
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.stick.detach();
        this.nearness.detach();
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (!changed.has("turns")) return;
        this.nearness.update(this.turns.map((turn) => turn.key));
        const before = changed.get("turns") ?? [];
        const last = this.turns.at(-1);
        // Who asks wants to see the answer, and who opens a conversation where it ended.
        const isAsked = last?.state === "running" && !before.some((turn) => turn.key === last.key);
        if (isAsked || before[0]?.key !== this.turns[0]?.key) this.stick.isStuck = true;
    }

    protected override render(): TemplateResult {
        const isBusy = this.turns.some((turn) => turn.state === "running");
        const last = this.turns.length - 1;
        return html`
            <div class="transcript-scroll" role="log" aria-live="off" aria-label=${t("Conversation")} tabindex="0">
                <div class="transcript-turns">
                    ${repeat(
                        this.turns,
                        (turn) => turn.key,
                        (turn, at) =>
                            html`<pass-turn
                                data-key=${turn.key}
                                .turn=${turn}
                                .number=${at + 1}
                                .model=${turn.state === "running" ? this.model : null}
                                .isLast=${at === last}
                                .isBusy=${isBusy}
                                .isDrawn=${this.nearness.isDrawn(turn.key)}
                            ></pass-turn>`,
                    )}
                </div>
            </div>
            <button
                type="button"
                class="icon-button jump"
                title=${t("Jump to the Newest")}
                aria-label=${t("Jump to the Newest")}
                ?hidden=${this.stick.isStuck}
                @click=${this.jump}
            >
                ${icon("arrow-down")}
            </button>
        `;
    }

    protected override firstUpdated(): void {
        this.attach();
    }

    protected override updated(changed: PropertyValues<this>): void {
        this.nearness.watch(this.querySelector(".transcript-turns")?.children ?? []);
        if (changed.has("turns")) this.stick.follow();
    }

    private attach(): void {
        const scroller = this.querySelector<HTMLElement>(".transcript-scroll");
        const content = this.querySelector<HTMLElement>(".transcript-turns");
        if (scroller === null || content === null) return;
        this.stick.attach(scroller, content);
        this.nearness.attach(scroller);
    }

    private readonly jump = (): void => {
        this.stick.toEnd();
        this.querySelector<HTMLElement>(".transcript-scroll")?.focus({ preventScroll: true });
    };
}

declare global {
    interface HTMLElementTagNameMap {
        "pass-transcript": Transcript;
    }
    interface HTMLElementEventMap {
        /** The question is to be changed and asked again. */
        "edit-turn": CustomEvent<{ turn: PanelTurn }>;
    }
}
