/**
 * The effective configuration as a page to read: every value and where it comes from, and first what is wrong.
 *
 * It looks like TOML, for that is what it is made of; it is not to be read back.
 */
import type { ConfigValue, EffectiveConfig, Problem } from "../protocol";
import type { Translate } from "./l10n";
import { fileName } from "./paths";
import { sourceText } from "./status";

export interface EffectivePage {
    text: string;
    places: PlaceOnPage[];
}

/** Words of the page that name a place in a file. All count from 0 but `line` of the file, which counts from 1. */
export interface PlaceOnPage {
    row: number;
    start: number;
    end: number;
    path: string;
    line: number;
}

export function effectivePage(config: EffectiveConfig, t: Translate): EffectivePage {
    const rows: Row[] = [
        said(t("Passerelle: the configuration that is in effect")),
        said(t("Keys and other secrets stand here only as references to where they are kept.")),
        EMPTY,
        ...problemRows(config.problems, t),
        ...valueRows(config.values, t),
    ];
    const places = rows.flatMap(({ text, place }, row): PlaceOnPage[] => {
        if (place === null) return [];
        const start = text.lastIndexOf(place.name);
        return [{ row, start, end: start + place.name.length, path: place.path, line: place.line }];
    });
    return { text: rows.map(({ text }) => `${text}\n`).join(""), places };
}

interface Row {
    text: string;
    place: { name: string; path: string; line: number } | null;
}

const EMPTY: Row = { text: "", place: null };
/** Longer values push their source to the right rather than all of them. */
const WIDEST = 56;

function said(sentence: string): Row {
    return { text: `# ${oneLine(sentence)}`, place: null };
}

function problemRows(problems: Problem[], t: Translate): Row[] {
    if (problems.length === 0) return [said(t("No problems.")), EMPTY];
    const sorted = [...problems].sort((a, b) => a.severity.localeCompare(b.severity));
    const rows = sorted.map((problem): Row => {
        const name = `${fileName(problem.path)}:${problem.line}`;
        const word = problem.severity === "error" ? t("Error") : t("Warning");
        const key = problem.key === "" ? "" : `${problem.key}: `;
        return {
            text: `# ${word}: ${key}${oneLine(problem.message)}  ${name}`,
            place: { name, path: problem.path, line: problem.line },
        };
    });
    return [...rows, EMPTY];
}

function valueRows(values: ConfigValue[], t: Translate): Row[] {
    const pairs = values.map(({ key, value }) => `${key} = ${JSON.stringify(value)}`);
    const width = Math.min(WIDEST, Math.max(0, ...pairs.map((pair) => pair.length)));
    return values.map(({ source, path, line }, at): Row => {
        const before = `${(pairs[at] ?? "").padEnd(width)}  # ${sourceText(source, t)}`;
        if (path === undefined) return { text: before, place: null };
        const name = line === undefined ? fileName(path) : `${fileName(path)}:${line}`;
        return { text: `${before}, ${name}`, place: { name, path, line: line ?? 1 } };
    });
}

function oneLine(text: string): string {
    return text.replace(/\s+/g, " ").trim();
}
