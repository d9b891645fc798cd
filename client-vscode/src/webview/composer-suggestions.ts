/**
 * What `@` can name, in a list above the question.
 *
 * The caret stays in the question: the question's element passes its keys on, and names the active option by its id.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Suggestion } from "../common/panel";
import { icon, PageElement } from "./app-element";
import { chipIcon } from "./composer-chips";
import { t } from "./l10n";

export const SUGGESTIONS_ID = "suggestions";

/** `pick` is told with a suggestion. */
@customElement("pass-suggestions")
export class Suggestions extends PageElement {
    /** Null while nothing is being named. */
    @property({ attribute: false }) suggestions: Suggestion[] | null = null;
    @state() private active = 0;

    /** The id of the active option, for `aria-activedescendant`. */
    get activeId(): string | null {
        return this.suggestions?.[this.active] === undefined ? null : optionId(this.active);
    }

    /** Whether the key was for the list. */
    handle(key: string): boolean {
        const suggestions = this.suggestions ?? [];
        const picked = suggestions[this.active];
        if (picked === undefined) return false;
        if (key === "ArrowDown") this.active = (this.active + 1) % suggestions.length;
        else if (key === "ArrowUp") this.active = (this.active + suggestions.length - 1) % suggestions.length;
        else if (key === "Enter" || key === "Tab") this.tell("pick", picked);
        else return false;
        return true;
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        if (changed.has("suggestions")) this.active = 0;
    }

    protected override render(): TemplateResult | typeof nothing {
        const suggestions = this.suggestions;
        if (suggestions === null) return nothing;
        if (suggestions.length === 0) {
            return html`<div class="suggestions suggestions-none" role="status">${t("No file has this name.")}</div>`;
        }
        return html`
            <ul class="suggestions" id=${SUGGESTIONS_ID} role="listbox" aria-label=${t("Files")}>
                ${suggestions.map((suggestion, at) => this.renderOption(suggestion, at))}
            </ul>
        `;
    }

    protected override updated(): void {
        this.tell("active-changed");
        this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    }

    private renderOption(suggestion: Suggestion, at: number): TemplateResult {
        const isActive = at === this.active;
        return html`
            <li
                class="suggestion ${isActive ? "suggestion-active" : ""}"
                id=${optionId(at)}
                role="option"
                aria-selected=${isActive ? "true" : "false"}
                title=${suggestion.detail}
                @pointerdown=${(event: Event) => {
                    // The caret must not leave the question.
                    event.preventDefault();
                    this.tell("pick", suggestion);
                }}
            >
                ${icon(chipIcon(suggestion.chip))}
                <span class="suggestion-label">${suggestion.label}</span>
                <span class="suggestion-detail ellipsis">${suggestion.detail}</span>
            </li>
        `;
    }
}

function optionId(at: number): string {
    return `suggestion-${at}`;
}
