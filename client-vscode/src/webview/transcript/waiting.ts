/** `<pass-waiting>`: nothing has come yet; says who was asked, and for how long. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { waiting as waitingText } from "../../common/duration";
import { PageElement } from "../app-element";
import { t } from "../l10n";

const SECOND = 1000;
/** A question asked before this page was there; older ones come from a clock that is not ours. */
const LONGEST_WAIT_MS = 3_600_000;

@customElement("pass-waiting")
export class Waiting extends PageElement {
    /** When it was asked: ISO 8601. */
    @property({ attribute: false }) at = "";
    @property({ attribute: false }) model: string | null = null;
    @state() private now = Date.now();
    private readonly here = Date.now();
    private timer: ReturnType<typeof setInterval> | undefined;

    override connectedCallback(): void {
        super.connectedCallback();
        this.timer = setInterval(() => {
            this.now = Date.now();
        }, SECOND);
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        clearInterval(this.timer);
    }

    protected override render(): TemplateResult {
        const asked = Date.parse(this.at);
        const isOurs = asked <= this.here && this.here - asked < LONGEST_WAIT_MS;
        const waited = Math.max(0, Math.round((this.now - (isOurs ? asked : this.here)) / SECOND));
        const { model } = this;
        return html`
            <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
            <span>${model === null ? t("Waiting for the first word") : t("Waiting for {0}", model)}</span>
            ${waited < 1 ? nothing : html`<span class="waited" aria-hidden="true">${waitingText(waited, t)}</span>`}
        `;
    }
}
