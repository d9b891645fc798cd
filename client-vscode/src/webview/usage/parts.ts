/** The parts of the usage page that are no charts: figures, budgets, the table of groups. */
import { html, nothing, type TemplateResult } from "lit";

import type { UsageData, Wish } from "../../common/usage";
import type { BudgetState } from "../../protocol";
import { usdOf } from "../../common/usageSeries";
import {
    type BudgetLine,
    budgetLine,
    type Figure,
    groupLine,
    type GroupLine,
    type Words,
} from "../../common/usageText";
import { icon } from "../app-element";
import { t } from "../l10n";
import { type Act, groupName, renderGroups } from "./controls";

export function renderFigures(all: Figure[]): TemplateResult {
    return html`
        <dl class="figures">
            ${all.map(
                ({ id, label, value, note }) => html`
                    <div class="figure ${id}">
                        <dt>${label}</dt>
                        <dd class="value">${value}</dd>
                        <dd class="note">${note}</dd>
                    </div>
                `,
            )}
        </dl>
    `;
}

/** Nothing where there are none. */
export function renderBudgets(budgets: BudgetState[], words: Words, act: Act): TemplateResult | typeof nothing {
    if (budgets.length === 0) return nothing;
    return html`
        <section class="budgets">
            <h2>${t("Budgets")}</h2>
            <ul>
                ${budgets.map((budget) => renderBudget(budgetLine(budget, words), act))}
            </ul>
        </section>
    `;
}

/** The widths are set as a property: the page's policy allows no `style` attribute. */
function renderBudget(line: BudgetLine, act: Act): TemplateResult {
    const { key, name, spent, percent, flying, state, note, place } = line;
    return html`
        <li class="budget ${state}">
            <span class="budget-name">
                ${state === "ok" ? nothing : icon(state === "near" ? "warning" : "error")}${name}
            </span>
            <span class="budget-spent">${spent}</span>
            <span
                class="budget-bar"
                role="meter"
                aria-label=${name}
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=${Math.round(percent)}
                aria-valuetext="${spent}. ${note}"
            >
                <span class="budget-fill" .style=${`width: ${percent}%`}></span
                ><span class="budget-flying" .style=${`width: ${flying}%`}></span>
            </span>
            <span class="note">${note}</span>
            ${
                place === null
                    ? nothing
                    : html`<button
                          type="button"
                          class="link budget-place"
                          @click=${() => {
                              act({ type: "openBudget", key });
                          }}
                      >
                          ${place}
                      </button>`
            }
        </li>
    `;
}

/** Dearest first, as the daemon gives them, and the total of all. */
export function renderGroupTable(data: UsageData, wish: Wish, words: Words, act: Act): TemplateResult {
    const { rows, total } = data.groups;
    const { group } = data.wish;
    const most = Math.max(0, ...rows.map(usdOf));
    return html`
        <section class="part wide">
            <div class="part-head">
                <h2 id="groups">${t("Where it went")}</h2>
                ${renderGroups(wish, act)}
            </div>
            <div class="scroll" role="region" tabindex="0" aria-labelledby="groups">
                <table class="groups">
                    <thead>
                        ${renderHead(groupName(group))}
                    </thead>
                    <tbody>
                        ${rows.map((row) => {
                            const share = most === 0 ? 0 : (usdOf(row) / most) * 100;
                            return renderLine(groupLine(row, group, words), share);
                        })}
                    </tbody>
                    <tfoot>
                        ${renderLine(groupLine(total, group, words), null)}
                    </tfoot>
                </table>
            </div>
        </section>
    `;
}

function renderHead(name: string): TemplateResult {
    const columns = [
        t("Spend"),
        t("Requests"),
        t("Tokens in"),
        t("Tokens out"),
        t("Cached"),
        t("Saved"),
        t("First word, p50 / p95"),
    ];
    return html`
        <tr>
            <th scope="col">${name}</th>
            ${columns.map((column) => html`<th scope="col" class="number">${column}</th>`)}
        </tr>
    `;
}

/** `share`: of the dearest, in per cent; null draws no bar. */
function renderLine(line: GroupLine, share: number | null): TemplateResult {
    const { key, name, cost, requests, input, output, cached, saved, latency } = line;
    return html`
        <tr>
            <th scope="row" title=${key}>
                <span class="group-name">${name}</span>
                ${share === null ? nothing : html`<span class="share" .style=${`width: ${share}%`}></span>`}
            </th>
            ${[cost, requests, input, output, cached, saved, latency].map(
                (text) => html`<td class="number">${text}</td>`,
            )}
        </tr>
    `;
}
