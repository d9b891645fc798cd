/** `<usage-chart>`: a legend, the picture, and the same numbers as a table for whom a picture tells nothing. */
import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Series } from "../../common/usageSeries";
import { moment, valueText, type Words } from "../../common/usageText";
import { locale, PageElement } from "../app-element";
import { t } from "../l10n";
import { draw, type Drawing, point, type View } from "./drawing";
import { fillOf, type Look, lookOf, onLookChange } from "./look";

const words = (): Words => ({ t, locale: locale() });

@customElement("usage-chart")
export class UsageChart extends PageElement {
    @property({ attribute: false }) view: View | null = null;
    private drawing: Drawing | null = null;
    private forgetLook: (() => void) | null = null;
    /** The piece of time that the keyboard is at. */
    private at: number | null = null;
    /** What a screen reader is told of it. */
    @state() private said = "";

    override connectedCallback(): void {
        super.connectedCallback();
        this.forgetLook = onLookChange(() => {
            this.paint();
        });
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.forgetLook?.();
        this.drawing?.destroy();
        this.drawing = null;
    }

    protected override render(): TemplateResult {
        const { view } = this;
        if (view === null) return html``;
        return html`
            <ul class="legend">
                ${legendOf(view.chart.series).map(
                    ({ name, tone, isEstimate }) => html`
                        <li>
                            <canvas
                                class="swatch"
                                aria-hidden="true"
                                data-tone=${tone}
                                data-estimate=${String(isEstimate)}
                            ></canvas>
                            ${name}
                        </li>
                    `,
                )}
            </ul>
            <div class="plot">
                <canvas
                    class="picture"
                    role="img"
                    tabindex="0"
                    aria-label=${view.label}
                    @keydown=${this.onKey}
                    @blur=${this.leave}
                ></canvas>
            </div>
            <p class="hidden" role="status">${this.said}</p>
            ${renderTable(view)}
        `;
    }

    protected override updated(changed: PropertyValues<this>): void {
        if (changed.has("view")) this.paint();
    }

    private paint(): void {
        this.drawing?.destroy();
        this.drawing = null;
        this.at = null;
        const canvas = this.querySelector<HTMLCanvasElement>(".picture");
        // A page without pictures has the tables.
        if (canvas?.getContext("2d") == null || this.view === null) return;
        const look = lookOf();
        for (const swatch of this.querySelectorAll<HTMLCanvasElement>(".swatch")) {
            paintSwatch(swatch, this.view.shape, look);
        }
        this.drawing = draw(canvas, this.view, look, words());
    }

    private readonly onKey = (event: KeyboardEvent): void => {
        const last = (this.view?.chart.keys.length ?? 0) - 1;
        const to = target(event.key, this.at, last);
        if (to === undefined || this.drawing === null) return;
        event.preventDefault();
        this.at = to;
        this.said = this.view === null || to === null ? "" : sentenceAt(this.view, to);
        point(this.drawing, to);
    };

    private readonly leave = (): void => {
        if (this.drawing !== null && this.at !== null) point(this.drawing, null);
        this.at = null;
        this.said = "";
    };
}

/** Where a key leads; null is nowhere, undefined is no key of ours. */
function target(key: string, at: number | null, last: number): number | null | undefined {
    switch (key) {
        case "ArrowLeft":
            return at === null ? last : Math.max(0, at - 1);
        case "ArrowRight":
            return at === null ? 0 : Math.min(last, at + 1);
        case "Home":
            return 0;
        case "End":
            return last;
        case "Escape":
            return null;
        default:
            return undefined;
    }
}

/** "Fri, Nov 20, 2026: gpt-5 $0.30, sonnet ≈ $0.12". */
function sentenceAt({ chart, unit, bucket }: View, at: number): string {
    const parts = chart.series.flatMap(({ name, isEstimate, values }) => {
        const value = values[at] ?? 0;
        return value === 0 ? [] : [`${name} ${isEstimate ? "≈ " : ""}${valueText(value, unit, t)}`];
    });
    return `${moment(chart.keys[at] ?? "", bucket, words())}: ${parts.join(", ") || t("Nothing")}`;
}

/** Each name once, and what hatching means, if something is hatched. */
function legendOf(series: Series[]): Pick<Series, "name" | "tone" | "isEstimate">[] {
    const names = new Map(series.map((one) => [one.name, { ...one, isEstimate: false }]));
    const estimate = series.find(({ isEstimate }) => isEstimate);
    const hatched = estimate === undefined ? [] : [{ ...estimate, name: t("Hatched: estimated") }];
    return [...names.values(), ...hatched];
}

function paintSwatch(swatch: HTMLCanvasElement, shape: View["shape"], look: Look): void {
    const scale = Math.max(1, window.devicePixelRatio);
    const size = { width: shape === "bars" ? 14 : 26, height: 14 };
    swatch.width = size.width * scale;
    swatch.height = size.height * scale;
    swatch.style.width = `${size.width}px`;
    swatch.style.height = `${size.height}px`;
    const brush = swatch.getContext("2d");
    if (brush === null) return;
    const tone = Number(swatch.dataset.tone);
    brush.scale(scale, scale);
    if (shape === "bars") {
        brush.fillStyle = fillOf(look, tone, swatch.dataset.estimate === "true");
        brush.fillRect(0, 0, size.width, size.height);
        return;
    }
    brush.strokeStyle = look.tones[tone] ?? look.text;
    brush.lineWidth = 2;
    brush.setLineDash(tone === 0 ? [] : [6, 4]);
    brush.beginPath();
    brush.moveTo(0, 7);
    brush.lineTo(size.width, 7);
    brush.stroke();
}

/** Without the pieces of time in which nothing was. */
function renderTable({ chart, unit, bucket, label }: View): TemplateResult {
    const rows = chart.keys.flatMap((key, at) => {
        const values = chart.series.map((series) => series.values[at] ?? null);
        return values.some((value) => value !== null && value !== 0) ? [{ key, values }] : [];
    });
    const headOf = ({ name, isEstimate }: Series): string => (isEstimate ? t("{0}, estimated", name) : name);
    return html`
        <details class="numbers">
            <summary>${t("Show as Table")}</summary>
            <div class="scroll" role="region" tabindex="0" aria-label=${label}>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">${t("When")}</th>
                            ${chart.series.map((series) => html`<th scope="col" class="number">${headOf(series)}</th>`)}
                        </tr>
                    </thead>
                    <tbody>
                        ${rows.map(
                            ({ key, values }) => html`
                                <tr>
                                    <th scope="row">${moment(key, bucket, words())}</th>
                                    ${values.map(
                                        (value) =>
                                            html`<td class="number">
                                                ${value === null ? "–" : valueText(value, unit, t)}
                                            </td>`,
                                    )}
                                </tr>
                            `,
                        )}
                    </tbody>
                </table>
            </div>
        </details>
    `;
}
