/** The question's text, and the list of what its `@` can name. */
import "./composer-suggestions";

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";

import { type Mention, mentionAt, withoutMention } from "../common/mention";
import type { Chip, PanelEvent, Suggestion } from "../common/panel";
import { PageElement } from "./app-element";
import { SUGGESTIONS_ID, type Suggestions } from "./composer-suggestions";
import { t } from "./l10n";

const SUGGEST_DELAY_MS = 60;

/** What was picked, and the text without its `@query`. */
export interface Picked {
    text: string;
    chip: Chip;
}

/** `written` is told with the text, `picked` with what `@` named. */
@customElement("pass-question")
export class Question extends PageElement {
    @property() text = "";
    /** What is attached already is not suggested again. */
    @property({ attribute: false }) attached: Chip[] = [];
    /** The host's last answer to `suggest`. */
    @property({ attribute: false }) suggested: Extract<PanelEvent, { type: "suggestions" }> | null = null;
    /** Hears the keys that are not for the list, and tells whether they did something that is not writing. */
    @property({ attribute: false }) keyed: (event: KeyboardEvent) => boolean = () => false;
    @state() private mention: Mention | null = null;
    @state() private activeId: string | null = null;
    /** Null while nothing is named, or its answer has not come. */
    private shown: Suggestion[] | null = null;
    @query("textarea") private readonly textarea!: HTMLTextAreaElement;
    @query("pass-suggestions") private readonly list!: Suggestions;
    private request = 0;
    private timer: ReturnType<typeof setTimeout> | null = null;
    /** Where the `@` stands whose list the person has closed. */
    private closedAt: number | null = null;

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        if (this.timer !== null) clearTimeout(this.timer);
    }

    override focus(): void {
        void this.updateComplete.then(() => {
            this.textarea.focus();
        });
    }

    /** As the page shows it, which is as the person wrote it. */
    get shownText(): string {
        return this.hasUpdated ? this.textarea.value : this.text;
    }

    get caret(): number {
        return this.hasUpdated ? this.textarea.selectionStart : 0;
    }

    get isCaretAtStart(): boolean {
        return this.caret === 0 && this.textarea.selectionEnd === 0;
    }

    /** Puts the caret there, once the text is. */
    async putCaret(at: number): Promise<void> {
        await this.updateComplete;
        this.textarea.setSelectionRange(at, at);
    }

    protected override willUpdate(changed: Map<string, unknown>): void {
        if (this.text === "") this.mention = null;
        if (["suggested", "attached", "mention"].some((name) => changed.has(name))) this.shown = this.found();
    }

    protected override render(): TemplateResult {
        const hasOptions = (this.shown?.length ?? 0) > 0;
        return html`
            <pass-suggestions
                .suggestions=${this.shown}
                @pick=${this.onPick}
                @active-changed=${this.onActiveChanged}
            ></pass-suggestions>
            <textarea
                class="composer-text"
                rows="1"
                aria-label=${t("Your question. Enter sends it.")}
                placeholder=${t("Ask anything, @ for files")}
                aria-autocomplete="list"
                aria-controls=${hasOptions ? SUGGESTIONS_ID : nothing}
                aria-activedescendant=${hasOptions ? (this.activeId ?? nothing) : nothing}
                spellcheck="false"
                .value=${live(this.text)}
                @input=${this.onInput}
                @keydown=${this.onKey}
                @click=${this.lookForMention}
                @keyup=${this.onKeyUp}
            ></textarea>
        `;
    }

    private found(): Suggestion[] | null {
        if (this.mention === null || this.suggested?.request !== this.request) return null;
        const attached = new Set(this.attached.map((chip) => chip.key));
        return this.suggested.suggestions.filter((suggestion) => !attached.has(suggestion.chip.key));
    }

    private readonly onInput = (): void => {
        this.tell("written", this.textarea.value);
        this.lookForMention();
    };

    private readonly onKeyUp = (event: KeyboardEvent): void => {
        if (/^(?:ArrowLeft|ArrowRight|Home|End)$/.test(event.key)) this.lookForMention();
    };

    private readonly lookForMention = (): void => {
        const { value, selectionStart, selectionEnd } = this.textarea;
        const mention = selectionStart === selectionEnd ? mentionAt(value, selectionStart) : null;
        if (mention?.start !== this.closedAt) this.closedAt = null;
        const isNews = mention?.query !== this.mention?.query || mention?.start !== this.mention?.start;
        if (this.closedAt !== null || mention === null) this.mention = null;
        else if (isNews) {
            this.mention = mention;
            this.ask(mention.query);
        }
    };

    private ask(wanted: string): void {
        if (this.timer !== null) clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            this.request += 1;
            this.act({ type: "suggest", request: this.request, query: wanted });
        }, SUGGEST_DELAY_MS);
    }

    private readonly onKey = (event: KeyboardEvent): void => {
        // The Enter that ends a composition is the input method's own.
        if (event.isComposing) return;
        if (!event.shiftKey && this.list.handle(event.key)) event.preventDefault();
        else if (event.key === "Escape" && this.shown !== null) this.closeList(event);
        else if (this.keyed(event)) event.preventDefault();
    };

    private closeList(event: Event): void {
        event.preventDefault();
        event.stopPropagation();
        this.closedAt = this.mention?.start ?? null;
        this.mention = null;
    }

    private readonly onPick = (event: CustomEvent<Suggestion>): void => {
        event.stopPropagation();
        if (this.mention === null) return;
        const { text, caret } = withoutMention(this.textarea.value, this.mention);
        this.mention = null;
        const picked: Picked = { text, chip: event.detail.chip };
        this.tell("picked", picked);
        void this.putCaret(caret);
        this.focus();
    };

    private readonly onActiveChanged = (event: Event): void => {
        event.stopPropagation();
        this.activeId = this.list.activeId;
    };
}
