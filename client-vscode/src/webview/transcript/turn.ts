/** `<pass-turn>`: a question and its answer. It is drawn when it comes near the window, and holds its place before. */
import "../markdown/markdown";
import "./asked";
import "./problem";
import "./reasoning";
import "./route";
import "./waiting";

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { PanelTurn } from "../../common/panel";
import type { ChatResult, ToolCall } from "../../protocol";
import { icon, PageElement } from "../app-element";
import { t } from "../l10n";
import { questionText } from "./asked";
import { type Figure, figuresOf } from "./figures";

@customElement("pass-turn")
export class TurnElement extends PageElement {
    @property({ attribute: false }) turn: PanelTurn | null = null;
    /** The model that is asked, by its name. */
    @property({ attribute: false }) model: string | null = null;
    @property({ attribute: false }) isLast = false;
    @property({ attribute: false }) isBusy = false;
    /** Else it only holds its place. Once drawn, it stays so. */
    @property({ attribute: false }) isDrawn = false;
    @property({ attribute: false }) number = 0;
    /** Whether it is told how the answer came about. */
    @state() private isRouteShown = false;

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has("isDrawn")) this.classList.toggle("drawn", this.isDrawn);
        if (!changed.has("turn") || this.turn === null) return;
        if (!this.isDrawn || this.turn.state !== "running") {
            this.style.setProperty("--turn-lines", String(linesOf(this.turn)));
        }
        this.classList.toggle("running", this.turn.state === "running");
        if (this.turn.id === null) delete this.dataset.turn;
        else this.dataset.turn = this.turn.id;
    }

    protected override render(): TemplateResult | typeof nothing {
        const { turn } = this;
        if (turn === null || !this.isDrawn) return nothing;
        return html`
            <section class="turn" aria-label=${t("Question {0} and its answer", this.number)}>
                <h2 class="hidden">${t("Question {0}", this.number)}</h2>
                <pass-asked .turn=${turn} .isBusy=${this.isBusy}></pass-asked>
                <h3 class="hidden">${t("Answer")}</h3>
                ${this.renderAnswer(turn)} ${this.renderProblem(turn)}
                ${turn.state === "running" ? nothing : this.renderFooter(turn)}
            </section>
        `;
    }

    private renderAnswer(turn: PanelTurn): TemplateResult {
        const isRunning = turn.state === "running";
        const hasText = turn.text !== "";
        const isWaiting = isRunning && !hasText && turn.reasoning === "";
        const tokens = turn.result?.usage?.reasoningTokens ?? 0;
        return html`
            ${isWaiting ? html`<pass-waiting .at=${turn.at} .model=${this.model}></pass-waiting>` : nothing}
            ${
                turn.reasoning === ""
                    ? nothing
                    : html`<pass-reasoning
                          .text=${turn.reasoning}
                          .isLive=${isRunning && !hasText}
                          .tokens=${tokens}
                      ></pass-reasoning>`
            }
            ${
                hasText
                    ? html`<pass-markdown class="answer" .text=${turn.text} .isLive=${isRunning}></pass-markdown>`
                    : nothing
            }
            ${(turn.result?.message.toolCalls ?? []).map((call) => renderTool(call))}
        `;
    }

    private renderProblem({ id, key, problem: told, state }: PanelTurn): TemplateResult | typeof nothing {
        if (told === null || state === "running") return nothing;
        // One goes on from the end, never from the middle.
        const problem = told.remedy?.do === "goOn" && !this.isLast ? { ...told, remedy: null } : told;
        return html`<pass-problem
            .problem=${problem}
            .turn=${id ?? key}
            .isCutOff=${state === "cutOff"}
            @take-back=${this.takeBack}
        ></pass-problem>`;
    }

    private readonly takeBack = (event: Event): void => {
        event.stopPropagation();
        this.tell("edit-turn", { turn: this.turn });
    };

    private renderFooter(turn: PanelTurn): TemplateResult | typeof nothing {
        const figures = turn.result === null ? [] : figuresOf(turn.result, t);
        const actions = this.renderActions(turn);
        const note = noteOf(turn);
        if (figures.length === 0 && actions.length === 0 && note === null) return nothing;
        return html`<footer class="turn-footer">
                ${note === null ? nothing : html`<p class="turn-note">${icon(noteIcon(turn.state))} ${note}</p>`}
                ${(turn.result?.warnings ?? []).map((warning) => renderWarning(warning))}
                ${
                    figures.length === 0
                        ? nothing
                        : html`<ul class="figures" aria-label=${t("About this answer")}>
                              ${figures.map((figure) => renderFigure(figure))}
                          </ul>`
                }
                <span class="turn-actions">${actions}</span>
            </footer>
            ${
                turn.result === null || !this.isRouteShown
                    ? nothing
                    : html`<pass-route .result=${turn.result}></pass-route>`
            }`;
    }

    private renderDetails(): TemplateResult {
        const label = this.isRouteShown ? t("Hide Details") : t("Details of This Answer");
        return html`<button
            type="button"
            class="icon-button turn-details"
            title=${label}
            aria-label=${label}
            aria-expanded=${this.isRouteShown ? "true" : "false"}
            @click=${() => {
                this.isRouteShown = !this.isRouteShown;
            }}
        >
            ${icon("info")}
        </button>`;
    }

    private renderActions(turn: PanelTurn): TemplateResult[] {
        const { id, text } = turn;
        const actions: TemplateResult[] = turn.result === null ? [] : [this.renderDetails()];
        const copy = (): void => {
            this.act({ type: "copy", text });
        };
        if (text !== "") actions.push(this.button("copy", t("Copy Answer"), copy, false));
        if (id === null) return actions;
        const again = (): void => {
            this.act({ type: "regenerate", turn: id });
        };
        const branch = (): void => {
            this.act({ type: "branch", turn: id });
        };
        // Of an earlier one, all that was said since would go.
        if (this.isLast && turn.state !== "failed") {
            actions.push(this.button("refresh", t("Regenerate"), again, this.isBusy));
        }
        if (text !== "") actions.push(this.button("git-branch", t("Branch Here"), branch, this.isBusy));
        return actions;
    }

    private button(sign: string, label: string, does: () => void, isDisabled: boolean): TemplateResult {
        return html`<button
            type="button"
            class="icon-button turn-${sign}"
            title=${label}
            aria-label=${label}
            ?disabled=${isDisabled}
            @click=${does}
        >
            ${icon(sign)}
        </button>`;
    }
}

/** How a turn ended, where that is neither well nor told by a card. */
function noteOf({ problem, state, result }: PanelTurn): string | null {
    if (state === "cancelled") return t("Stopped");
    if (problem !== null) return null;
    return state === "cutOff" ? t("Broken off") : finishNote(result);
}

function noteIcon(state: PanelTurn["state"]): string {
    return state === "cancelled" ? "debug-stop" : "info";
}

/** What a person should know of an answer that came whole. */
function finishNote(result: ChatResult | null): string | null {
    if (result?.finish === "length") return t("The model came to the end of what it may write.");
    if (result?.finish === "filtered") return t("The gateway held back the rest of this answer.");
    const { content, toolCalls } = result?.message ?? {};
    return result !== null && content === "" && (toolCalls ?? []).length === 0 ? t("The answer is empty.") : null;
}

function renderTool(call: ToolCall): TemplateResult {
    return html`<details class="tool">
        <summary>${icon("tools")}<span>${t("Called {0}", call.name)}</span></summary>
        <pre class="tool-arguments" dir="ltr">${call.arguments}</pre>
    </details>`;
}

function renderWarning(sentence: string): TemplateResult {
    return html`<p class="turn-note">${icon("warning")} <span dir="auto">${sentence}</span></p>`;
}

function renderFigure({ text, title, isMinor }: Figure): TemplateResult {
    return html`<li title=${title} class=${isMinor === true ? "minor" : ""}>
        <span aria-hidden="true">${text}</span><span class="hidden">${title}</span>
    </li>`;
}

const SIGNS_A_LINE = 60;
/** The question's frame, the line of figures and what is between. */
const LINES_AROUND = 7;

/** How high it will be, about, in lines of text. */
function linesOf(turn: PanelTurn): number {
    const text = `${questionText(turn.messages)}\n${turn.text}`;
    return LINES_AROUND + text.split("\n").reduce((sum, line) => sum + Math.ceil(line.length / SIGNS_A_LINE), 0);
}
