/**
 * The colours that the editor's theme gives to code, for the page's code blocks.
 *
 * Themes are files that others wrote: what is no colour goes nowhere.
 */

/** The page's custom properties (style/transcript.css has them), and the TextMate scopes that they stand for, the most fitting first. */
const TOKENS: Record<string, string[]> = {
    comment: ["comment"],
    keyword: ["keyword.control", "keyword", "storage"],
    operator: ["keyword.operator", "keyword"],
    string: ["string.quoted", "string"],
    regexp: ["string.regexp", "string"],
    escape: ["constant.character.escape", "constant.character", "string"],
    number: ["constant.numeric", "constant"],
    constant: ["constant.language", "constant"],
    function: ["entity.name.function", "support.function"],
    type: ["entity.name.type", "entity.name.class", "support.type", "support.class"],
    variable: ["variable.other", "variable"],
    property: ["variable.other.property", "support.type.property-name", "variable"],
    tag: ["entity.name.tag"],
    attribute: ["entity.other.attribute-name"],
    meta: ["meta.preprocessor", "entity.name.function.preprocessor", "keyword.control"],
    inserted: ["markup.inserted"],
    deleted: ["markup.deleted"],
};

/** The groups of `editor.tokenColorCustomizations`, and the scopes that VS Code takes them for. */
const GROUPS: Record<string, string[]> = {
    comments: ["comment", "punctuation.definition.comment"],
    strings: ["string"],
    keywords: ["keyword", "storage", "keyword.control", "keyword.operator"],
    numbers: ["constant.numeric"],
    types: ["entity.name.type", "entity.name.class", "support.type", "support.class"],
    functions: ["entity.name.function", "support.function"],
    variables: ["variable", "variable.other"],
};

const COLOUR = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

interface Rule {
    scope: string;
    colour: string;
}

/** Custom properties and their values. Themes come in the order in which they are laid over one another. */
export function tokenColours(themes: unknown[]): Record<string, string> {
    const rules = themes.flatMap((theme) => rulesOf(theme));
    const colours: Record<string, string> = {};
    for (const [token, scopes] of Object.entries(TOKENS)) {
        const colour = scopes.map((scope) => colourOf(scope, rules)).find((found) => found !== null);
        if (colour) colours[`--pass-token-${token}`] = colour;
    }
    return colours;
}

/** What the person has set over the theme, as one theme more. */
export function customised(setting: unknown, theme: string): unknown {
    if (!isRecord(setting)) return {};
    return { tokenColors: [...groupRules(setting), ...groupRules(setting[`[${theme}]`])] };
}

/** A theme's file: JSON with comments and trailing commas. Throws SyntaxError. */
export function parseTheme(text: string): unknown {
    const bare = text.replace(
        /("(?:\\.|[^"\\])*")|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g,
        (_, string?: string) => string ?? "",
    );
    const strict = bare.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? "");
    return JSON.parse(strict.replace(/^\uFEFF/, "")) as unknown;
}

/** The file that a theme is laid over, relative to its own; null for none. */
export function includeOf(theme: unknown): string | null {
    return isRecord(theme) && typeof theme.include === "string" ? theme.include : null;
}

/** The theme that is shown, by its setting's value, among the contributed: VS Code takes a theme's id, else its label. */
export function findTheme<T extends { id?: unknown; label?: unknown }>(wanted: string, themes: T[]): T | null {
    return themes.find((theme) => theme.id === wanted) ?? themes.find((theme) => theme.label === wanted) ?? null;
}

/** As for TextMate: the longest selector that the scope begins with, and of equals the last. */
function colourOf(scope: string, rules: Rule[]): string | null {
    let best: Rule | null = null;
    for (const rule of rules) {
        const fits = scope === rule.scope || scope.startsWith(`${rule.scope}.`);
        if (fits && rule.scope.length >= (best?.scope.length ?? 0)) best = rule;
    }
    return best?.colour ?? null;
}

/** A selector with spaces is for a place inside another: nothing here stands inside anything. */
function rulesOf(theme: unknown): Rule[] {
    if (!isRecord(theme) || !Array.isArray(theme.tokenColors)) return [];
    return theme.tokenColors.flatMap((entry: unknown) => {
        if (!isRecord(entry) || !isRecord(entry.settings)) return [];
        const colour = entry.settings.foreground;
        if (typeof colour !== "string" || !COLOUR.test(colour)) return [];
        return selectorsOf(entry.scope).map((scope) => ({ scope, colour }));
    });
}

function selectorsOf(scope: unknown): string[] {
    const texts: unknown[] = Array.isArray(scope) ? scope : [scope];
    const selectors = texts.flatMap((text) => (typeof text === "string" ? text.split(",") : []));
    return selectors.map((selector) => selector.trim()).filter((selector) => /^[\w.#+-]+$/.test(selector));
}

function groupRules(setting: unknown): unknown[] {
    if (!isRecord(setting)) return [];
    const groups = Object.entries(GROUPS).flatMap(([group, scope]) => {
        const value = setting[group];
        const foreground = isRecord(value) ? value.foreground : value;
        return foreground === undefined ? [] : [{ scope, settings: { foreground } }];
    });
    return [...groups, ...(Array.isArray(setting.textMateRules) ? (setting.textMateRules as unknown[]) : [])];
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
