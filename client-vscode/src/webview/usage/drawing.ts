/** What Chart.js is told to draw. Only the parts of it that we use are in the bundle. */
import {
    BarController,
    BarElement,
    CategoryScale,
    Chart as ChartJs,
    type ChartConfiguration,
    type ChartDataset,
    type ChartOptions,
    LinearScale,
    LineController,
    LineElement,
    PointElement,
    Tooltip,
    type TooltipItem,
} from "chart.js";

import type { Bucket } from "../../common/usageRange";
import type { Chart, Series } from "../../common/usageSeries";
import { axisText, moment, tick, type Unit, valueText, type Words } from "../../common/usageText";
import { fillOf, type Look } from "./look";

ChartJs.register(
    BarController,
    BarElement,
    CategoryScale,
    LinearScale,
    LineController,
    LineElement,
    PointElement,
    Tooltip,
);

export type Drawing = ChartJs<"bar" | "line", (number | null)[]>;

/** A chart, and how it is to be read. */
export interface View {
    chart: Chart;
    /** Bars stand on one another; lines do not. */
    shape: "bars" | "lines";
    unit: Unit;
    bucket: Bucket;
    /** What a screen reader says in place of the picture. */
    label: string;
}

export function draw(canvas: HTMLCanvasElement, view: View, look: Look, words: Words): Drawing {
    const { chart, shape } = view;
    const config: ChartConfiguration<"bar" | "line", (number | null)[]> = {
        type: shape === "bars" ? "bar" : "line",
        data: {
            labels: chart.keys,
            datasets: chart.series.map((series) => (shape === "bars" ? bars(series, look) : line(series, look))),
        },
        options: optionsOf(view, look, words),
    };
    return new ChartJs(canvas, config);
}

/** Shows the numbers of one piece of time, as the pointer does; null hides them. */
export function point(drawing: Drawing, index: number | null): void {
    const { datasets } = drawing.data;
    const active = index === null ? [] : datasets.map((_, datasetIndex) => ({ datasetIndex, index }));
    const at = index === null ? 0 : drawing.scales.x?.getPixelForValue(index);
    drawing.setActiveElements(active);
    drawing.tooltip?.setActiveElements(active, { x: at ?? 0, y: 0 });
    drawing.update("none");
}

function bars(series: Series, look: Look): ChartDataset<"bar", (number | null)[]> {
    const fill = fillOf(look, series.tone, series.isEstimate);
    return {
        label: series.name,
        data: series.values,
        backgroundColor: fill,
        hoverBackgroundColor: fill,
        // A thin line keeps apart what stands on one another.
        borderColor: look.surface,
        hoverBorderColor: look.surface,
        borderWidth: { top: 1 },
        borderSkipped: false,
        maxBarThickness: 40,
        categoryPercentage: 0.86,
        barPercentage: 0.92,
    };
}

function line(series: Series, look: Look): ChartDataset<"line", (number | null)[]> {
    const colour = look.tones[series.tone] ?? look.text;
    return {
        label: series.name,
        data: series.values,
        borderColor: colour,
        backgroundColor: colour,
        borderWidth: 2,
        borderDash: series.tone === 0 ? [] : [6, 4],
        pointStyle: series.tone === 0 ? "circle" : "triangle",
        pointRadius: series.tone === 0 ? 3 : 4,
        pointHoverRadius: 6,
        spanGaps: true,
        tension: 0.25,
        cubicInterpolationMode: "monotone",
    };
}

function optionsOf(view: View, look: Look, words: Words): ChartOptions<"bar" | "line"> {
    const { chart, shape, unit, bucket } = view;
    const font = { family: look.font.family, size: look.font.size };
    const ticks = { color: look.dim, font };
    const isStacked = shape === "bars";
    return {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        interaction: { mode: "index", axis: "x", intersect: false },
        layout: { padding: { top: 4 } },
        scales: {
            x: {
                stacked: isStacked,
                grid: { display: false },
                border: { color: look.grid },
                ticks: {
                    ...ticks,
                    maxRotation: 0,
                    autoSkipPadding: 12,
                    callback: (_, index) => tick(chart.keys[index] ?? "", bucket, words.locale),
                },
            },
            y: {
                stacked: isStacked,
                beginAtZero: true,
                // Below a second, tenths would be written twice.
                ...(unit === "ms" ? { suggestedMax: 1000 } : {}),
                grid: { color: look.grid, drawTicks: false },
                border: { display: false },
                ticks: {
                    ...ticks,
                    padding: 8,
                    maxTicksLimit: 7,
                    callback: (value, _, ticks) => {
                        const step = (ticks[1]?.value ?? 0) - (ticks[0]?.value ?? 0);
                        return axisText(Number(value), step, unit, words.t);
                    },
                },
            },
        },
        plugins: { tooltip: { ...tooltipLook(look), ...tooltipWords(view, words) } },
    };
}

function tooltipLook(look: Look): object {
    const font = { family: look.font.family, size: look.font.size };
    return {
        backgroundColor: look.hover.background,
        borderColor: look.hover.border,
        borderWidth: 1,
        cornerRadius: 4,
        padding: 10,
        titleColor: look.hover.text,
        titleFont: { ...font, weight: "bold" },
        titleMarginBottom: 6,
        bodyColor: look.hover.text,
        bodyFont: font,
        bodySpacing: 4,
        footerColor: look.hover.text,
        footerFont: { ...font, weight: "bold" },
        footerMarginTop: 6,
        boxPadding: 6,
        caretSize: 0,
        caretPadding: 12,
        itemSort: (one: { datasetIndex: number }, other: { datasetIndex: number }) =>
            other.datasetIndex - one.datasetIndex,
    };
}

type Item = TooltipItem<"bar" | "line">;

/** Of a piece of time in which nothing was, one line says so. */
function tooltipWords({ chart, unit, bucket }: View, words: Words): object {
    const { t } = words;
    const isThere = ({ raw }: { raw: unknown }): boolean => typeof raw === "number" && raw > 0;
    const isQuiet = (at: number): boolean => chart.series.every(({ values }) => !isThere({ raw: values[at] }));
    const text = (value: number, isEstimate: boolean): string =>
        `${isEstimate ? "≈ " : ""}${valueText(value, unit, t)}`;
    const isEstimate = ({ datasetIndex }: Item): boolean => chart.series[datasetIndex]?.isEstimate === true;
    return {
        filter: (item: Item) => isThere(item) || (item.datasetIndex === 0 && isQuiet(item.dataIndex)),
        displayColors: ({ tooltipItems }: { tooltipItems: Item[] }) => tooltipItems.some(isThere),
        callbacks: {
            title: ([first]: Item[]) => moment(chart.keys[first?.dataIndex ?? 0] ?? "", bucket, words),
            label: (item: Item) =>
                isThere(item)
                    ? `${chart.series[item.datasetIndex]?.name ?? ""}  ${text(Number(item.raw), isEstimate(item))}`
                    : t("Nothing"),
            footer: (items: Item[]) => {
                if (unit === "ms" || items.length < 2) return "";
                const sum = items.reduce((all, { raw }) => all + Number(raw), 0);
                return t("Total {0}", text(sum, items.some(isEstimate)));
            },
        },
    };
}
