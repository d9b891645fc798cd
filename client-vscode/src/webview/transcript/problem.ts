/** `<pass-problem>`: what went wrong with a turn, in a sentence, and the one button that mends it. */
import "@vscode-elements/elements/dist/vscode-button/index.js";

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Problem, Remedy } from "../../common/panel";
import { icon, PageElement } from "../app-element";
import { remedyLabel } from "../app-remedy";
import { t } from "../l10n";
import { waiting } from "./figures";

const SECOND = 1000;

@customElement("pass-problem")
export class TurnProblem extends PageElement {
    @property({ attribute: false }) problem: Problem | null = null;
    /** The daemon's id of the turn. */
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
        const { remedy, message } = problem;
        const left = this.left;
        return html`
            <div class="problem ${this.isCutOff ? "cut-off" : ""}">
                <p class="problem-text">
                    ${icon(this.isCutOff ? "debug-disconnect" : "error")}
                    <span dir="auto">${this.isCutOff ? t("Broken off: {0}", message) : message}</span>
                </p>
                ${remedy === null ? nothing : this.renderRemedy(remedy, left)}
            </div>
        `;
    }

    private renderRemedy(remedy: Remedy, left: number): TemplateResult {
        const isEarly = left > 0;
        return html`<div class="problem-actions">
            <vscode-button
                ?secondary=${isEarly || this.isCutOff}
                @click=${() => {
                    this.act({ type: "remedy", remedy, turn: this.turn });
                }}
                >${isEarly ? t("Try Again Now") : remedyLabel(remedy)}</vscode-button
            >
            ${
                isEarly
                    ? html`<span class="problem-left" role="timer" aria-live="off"
                          >${t("ready in {0}", waiting(left, t))}</span
                      >`
                    : nothing
            }
        </div>`;
    }

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
