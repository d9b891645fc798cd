/** The usage page, drawn from what the host says. */
import "./chart";

import { html, nothing, type TemplateResult } from "lit";

import type { Wish, UsageData, UsageState } from "../../common/usage";
import { keysOf, rangeOf, type Range } from "../../common/usageRange";
import { type Chart, isEmpty, latencyChart, spendChart, tokensChart, usdOf } from "../../common/usageSeries";
import { count, spentText } from "../../common/money";
import { cachedText, doubts, figures, type Unit, type Words } from "../../common/usageText";
import { locale } from "../app-element";
import { renderProblem } from "../app-remedy";
import { t } from "../l10n";
import { type Act, renderActions, renderSpans } from "./controls";
import type { View } from "./drawing";
import { renderBudgets, renderFigures, renderGroupTable } from "./parts";

/** What the charts show; made once for each answer of the daemon. */
export interface Charts {
    range: Range;
    spend: View;
    tokens: View;
    latency: View;
}

export function chartsOf(data: UsageData): Charts {
    const range = rangeOf(data.wish, data.today);
    const keys = keysOf(range);
    const { bucket } = range;
    const bars = (chart: Chart, unit: Unit, label: string): View => {
        return { chart, shape: "bars", unit, bucket, label };
    };
    const latency = latencyChart(data.time, keys, t);
    return {
        range,
        spend: bars(spendChart(data.spend, keys, t), "usd", t("Spend over time, by model")),
        tokens: bars(tokensChart(data.time, keys, t), "tokens", t("Tokens over time, in and out")),
        latency: { chart: latency, shape: "lines", unit: "ms", bucket, label: t("Time to the first word") },
    };
}

/** `charts` belong to the state's data. */
export function renderPage(state: UsageState, charts: Charts | null, act: Act): TemplateResult {
    const { wish, data, isAsking, problem } = state;
    const mend = (): void => {
        act({ type: "mend" });
    };
    return html`
        <main class="usage" aria-busy=${isAsking ? "true" : "false"}>
            <header class="top">
                <h1>${t("Usage")}</h1>
                ${renderActions(state, act)}
            </header>
            <p class="hidden" role="status">${summaryOf(data)}</p>
            ${problem === null ? nothing : renderProblem(problem, mend)}
            ${data === null || charts === null ? waiting(isAsking) : renderData(data, charts, act, wish)}
        </main>
    `;
}

function waiting(isAsking: boolean): TemplateResult | typeof nothing {
    return isAsking ? html`<p class="waiting" role="status">${t("Reading the ledger…")}</p>` : nothing;
}

/** What a screen reader is told when the numbers are there. */
function summaryOf(data: UsageData | null): string {
    return data === null ? "" : t("Spend: {0}", spentText(data.groups.total));
}

function renderData(data: UsageData, charts: Charts, act: Act, wish: Wish): TemplateResult {
    const words: Words = { t, locale: locale() };
    if (data.isUnused) return html`${renderBudgets(data.budgets, words, act)} ${unused(act)}`;
    return html`
        ${renderFigures(figures(data, words))} ${renderBudgets(data.budgets, words, act)}
        <div class="bar">${renderSpans(wish, charts.range, act)}</div>
        ${data.groups.total.attempts === 0 ? quiet() : renderCharts(data, charts, act, wish)}
    `;
}

function renderCharts(data: UsageData, charts: Charts, act: Act, wish: Wish): TemplateResult {
    const { total } = data.groups;
    const words: Words = { t, locale: locale() };
    const spend = { view: charts.spend, title: t("Spend"), sum: spentText(total), note: doubts(total, t) };
    const tokens = {
        view: charts.tokens,
        title: t("Tokens"),
        sum: count(total.inputTokens + total.outputTokens),
        note: cachedText(total, words),
    };
    const first = { view: charts.latency, title: t("Time to the first word"), sum: "", note: "" };
    return html`
        ${usdOf(total) === 0 && isEmpty(charts.spend.chart) ? free(doubts(total, t)) : section(spend, "wide")}
        <div class="pair">${section(tokens, "")} ${isEmpty(charts.latency.chart) ? nothing : section(first, "")}</div>
        ${renderGroupTable(data, wish, words, act)}
    `;
}

interface Part {
    view: View;
    title: string;
    /** What all of it comes to. */
    sum: string;
    /** What there is to say of it. */
    note: string;
}

function section({ view, title, sum, note }: Part, size: string): TemplateResult {
    return html`
        <section class="part ${size}">
            <div class="part-head">
                <h2>${title}</h2>
                ${sum === "" ? nothing : html`<p class="sum">${sum}</p>`}
                ${note === "" ? nothing : html`<p class="note">${note}</p>`}
            </div>
            <usage-chart .view=${view}></usage-chart>
        </section>
    `;
}

function free(note: string): TemplateResult {
    return html`
        <section class="part wide">
            <h2>${t("Spend")}</h2>
            <p>${note === "" ? t("Nothing was spent in this time.") : note}</p>
        </section>
    `;
}

function quiet(): TemplateResult {
    return html`<p class="quiet">${t("Nothing was asked in this time. Choose a longer range.")}</p>`;
}

function unused(act: Act): TemplateResult {
    return html`
        <section class="unused">
            <h2>${t("Nothing was asked yet")}</h2>
            <p>
                ${t("Each answer adds to the ledger what it cost: ask something, and see it here. The ledger holds no question, no answer and no key.")}
            </p>
            <vscode-button
                @click=${() => {
                    act({ type: "newChat" });
                }}
                >${t("New Chat")}</vscode-button
            >
        </section>
    `;
}
