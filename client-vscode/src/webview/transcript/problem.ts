/** `<pass-problem>`: what went wrong with a turn, in a sentence, and the one button that mends it. */
import "@vscode-elements/elements/dist/vscode-button/index.js";

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { waiting } from "../../common/duration";
import type { Problem, Remedy } from "../../common/panel";
import { icon, PageElement } from "../app-element";
import { remedyButton, remedyLabel } from "../app-remedy";
import { t } from "../l10n";

const SECOND = 1000;
/** What was not sent, for money's sake: the person decides. */
const HELD: ReadonlySet<string> = new Set(["budgetReached", "confirmCost", "creditsExhausted"]);

@customElement("pass-problem")
export class TurnProblem extends PageElement {
    @property({ attribute: false }) problem: Problem | null = null;
    /** The turn's id, or its key where the daemon gave it none. */
    @property({ attribute: false }) turn: string | null = null;
    /** Whether there is an answer, which broke off; else it failed as a whole. */
    @property({ attribute: false }) isCutOff = false;
    @state() private now = Date.now();
    private timer: ReturnType<typeof setInterval> | undefined;

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        clearInterval(this.timer);
    }

    override connectedCallback(): void {
        super.connectedCallback();
        this.count();
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has("problem")) this.count();
    }

    protected override render(): TemplateResult | typeof nothing {
        const { problem } = this;
        if (problem === null) return nothing;
        const { kind, remedy, message } = problem;
        const isHeld = HELD.has(kind);
        return html`
            <div class="problem ${this.isCutOff ? "cut-off" : ""} ${isHeld ? "held" : ""}">
                <p class="problem-text">
                    ${icon(this.isCutOff ? "debug-disconnect" : isHeld ? "credit-card" : "error")}
                    <span dir="auto">${this.isCutOff ? t("Broken off: {0}", message) : message}</span>
                </p>
                ${remedy === null ? nothing : this.renderRemedy(remedy, problem.other)}
            </div>
        `;
    }

    private renderRemedy(remedy: Remedy, other: Remedy | undefined): TemplateResult {
        const left = this.left;
        const isEarly = left > 0;
        const label = isEarly ? t("Try Again Now") : remedyLabel(remedy);
        return html`<div class="problem-actions">
            ${remedyButton(remedy, isEarly || this.isCutOff, this.mend, label)}
            ${other === undefined ? nothing : remedyButton(other, true, this.mend)}
            ${remedy.do === "sendAnyway" ? this.renderCancel() : nothing}
            ${
                isEarly
                    ? html`<span class="problem-left" role="timer" aria-live="off"
                          >${t("ready in {0}", waiting(left, t))}</span
                      >`
                    : nothing
            }
        </div>`;
    }

    /** Nothing was sent: the question goes back to where it is written. */
    private renderCancel(): TemplateResult {
        return html`<vscode-button
            secondary
            title=${t("Takes the question back, to be changed")}
            @click=${() => {
                this.tell("take-back");
            }}
            >${t("Cancel")}</vscode-button
        >`;
    }

    private readonly mend = (remedy: Remedy): void => {
        this.act({ type: "remedy", remedy, turn: this.turn });
    };

    /** Whole seconds until it may be asked again. */
    private get left(): number {
        const remedy = this.problem?.remedy;
        if (remedy?.do !== "retry" || remedy.retryAt === null) return 0;
        return Math.max(0, Math.ceil((remedy.retryAt - this.now) / SECOND));
    }

    private count(): void {
        clearInterval(this.timer);
        this.now = Date.now();
        if (this.left === 0 || !this.isConnected) return;
        this.timer = setInterval(() => {
            this.now = Date.now();
            if (this.left === 0) clearInterval(this.timer);
        }, SECOND);
    }
}
