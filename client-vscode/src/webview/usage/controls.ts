/** What a person chooses on the usage page: the span of days, the groups, the file. */
import { html, nothing, type TemplateResult } from "lit";

import {
    GROUPS,
    isDay,
    SPANS,
    type Group,
    type Span,
    type UsageAction,
    type UsageState,
    type Wish,
} from "../../common/usage";
import { icon } from "../app-element";
import { t } from "../l10n";

export type Act = (action: UsageAction) => void;

/** `shown`: the first and the last day of what is shown now, which a span of one's own begins with. */
export function renderSpans(wish: Wish, shown: { first: string; last: string }, act: Act): TemplateResult {
    const choose = (span: Span): void => {
        const days = span === "custom" && wish.from === "" ? { from: shown.first, to: shown.last } : {};
        act({ type: "wish", wish: { ...wish, ...days, span } });
    };
    return html`
        ${choices("span", t("Range"), SPANS, spanName, wish.span, choose)}
        ${wish.span === "custom" ? renderDays(wish, act) : nothing}
    `;
}

export function renderGroups(wish: Wish, act: Act): TemplateResult {
    return choices("group", t("Grouped by"), GROUPS, groupName, wish.group, (group) => {
        act({ type: "wish", wish: { ...wish, group } });
    });
}

export function renderActions({ data, isAsking }: UsageState, act: Act): TemplateResult {
    const button = (name: string, label: string, action: UsageAction, spin = false): TemplateResult => html`
        <button
            type="button"
            class="text-button"
            ?disabled=${data === null && action.type === "export"}
            @click=${() => {
                act(action);
            }}
        >
            ${icon(name, spin)} ${label}
        </button>
    `;
    return html`
        <div class="actions">
            ${button("refresh", t("Refresh"), { type: "refresh" }, isAsking)}
            ${button("export", t("Export CSV…"), { type: "export", format: "csv" })}
            ${button("export", t("Export JSON…"), { type: "export", format: "json" })}
        </div>
    `;
}

export function groupName(group: Group): string {
    switch (group) {
        case "model":
            return t("Model");
        case "provider":
            return t("Provider");
        case "role":
            return t("Role");
        case "workspace":
            return t("Workspace");
        case "client":
            return t("Editor");
    }
}

function spanName(span: Span): string {
    switch (span) {
        case "7days":
            return t("7 Days");
        case "30days":
            return t("30 Days");
        case "month":
            return t("This Month");
        case "12months":
            return t("12 Months");
        case "custom":
            return t("Custom");
    }
}

/** Radio buttons that look as one: the arrow keys walk among them. */
function choices<T extends string>(
    name: string,
    label: string,
    all: readonly T[],
    nameOf: (one: T) => string,
    chosen: T,
    choose: (one: T) => void,
): TemplateResult {
    return html`
        <fieldset class="choices">
            <legend class="hidden">${label}</legend>
            ${all.map(
                (one) => html`
                    <label class="choice">
                        <input
                            type="radio"
                            name=${name}
                            .checked=${one === chosen}
                            @change=${() => {
                                choose(one);
                            }}
                        />
                        <span>${nameOf(one)}</span>
                    </label>
                `,
            )}
        </fieldset>
    `;
}

function renderDays(wish: Wish, act: Act): TemplateResult {
    const day = (end: "from" | "to", label: string): TemplateResult => html`
        <label class="day">
            ${label}
            <input
                type="date"
                .value=${wish[end]}
                @change=${({ target }: Event) => {
                    const { value } = target as HTMLInputElement;
                    // A day that is being typed is none yet.
                    if (isDay(value)) act({ type: "wish", wish: { ...wish, [end]: value } });
                }}
            />
        </label>
    `;
    return html`<div class="days">${day("from", t("From"))} ${day("to", t("To"))}</div>`;
}
