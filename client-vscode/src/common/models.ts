/**
 * The list of models as the picker shows it: what stands in an item, in which order, and what the choice does.
 *
 * The daemon searches, filters and sorts; here is only how it looks, and which of them come first.
 */
import type { Capability, Model, Models, ModelsParams, RoleModel, Scope } from "../protocol";
import type { Translate } from "./l10n";
import { priceText, tokensText } from "./money";

/** What the picker remembers between two openings. */
export interface ModelMemory {
    /** Ids, the latest first. */
    recents: string[];
    favourites: string[];
    role: string;
    scope: Scope;
}

/** What the buttons in the title say. */
export interface ModelFilter {
    needs: Capability[];
    byPrice: boolean;
}

/** One line of the picker: a heading, a model, or a word about the list. */
export type ModelLine =
    | { type: "heading"; label: string }
    | { type: "model"; model: Model; label: string; description: string; detail: string; favourite: boolean }
    | { type: "note"; label: string };

export const FIRST_MEMORY: ModelMemory = { recents: [], favourites: [], role: "chat", scope: "user" };
export const NO_FILTER: ModelFilter = { needs: [], byPrice: false };
/** What the buttons can ask for. */
export const FILTERS = ["vision", "tools", "reasoning"] as const satisfies Capability[];
/** How many lines are shown at once; to more, one types. */
export const MOST_MODELS = 200;
const MOST_RECENTS = 5;
const LONGEST_DESCRIPTION = 120;
/** Roles that are served or foreseen; those of the configuration come after them. */
const ROLES = ["chat", "inline", "edit", "title", "commit"];

const ICONS: Record<Capability, string> = {
    vision: "$(eye)",
    tools: "$(tools)",
    reasoning: "$(lightbulb)",
    files: "$(file-pdf)",
    caching: "$(database)",
    structured: "$(json)",
    webSearch: "$(globe)",
};

/** What the daemon is asked for what was typed. */
export function modelsQuery(typed: string, filter: ModelFilter): ModelsParams {
    const query = typed.trim();
    return {
        limit: MOST_MODELS,
        ...(query === "" ? {} : { query }),
        ...(filter.needs.length === 0 ? {} : { needs: filter.needs }),
        ...(filter.byPrice ? { sort: "price" as const } : {}),
    };
}

/**
 * The lines of the picker. Without a query, favourites and recents stand first; with one, what fits best does.
 *
 * `kept` are the favourites, the recents and those that serve, as models: the list may be cut before it comes to them.
 */
export function modelLines(
    found: Models,
    kept: Model[],
    memory: ModelMemory,
    typed: string,
    filter: ModelFilter,
    t: Translate,
): ModelLine[] {
    const line = (model: Model): ModelLine => modelLine(model, memory, found.roles, t);
    const sectioned = typed.trim() === "" && !filter.byPrice;
    const serving = found.roles[memory.role]?.model;
    const first = sectioned ? sections(kept, memory, serving, filter) : { favourites: [], recents: [] };
    const above = new Set([...first.favourites, ...first.recents].map((model) => model.id));
    const others = found.models.filter((model) => !above.has(model.id));
    const more = found.total - found.models.length;
    return [
        ...section(t("favourites"), first.favourites.map(line)),
        ...section(t("in use and recent"), first.recents.map(line)),
        ...(above.size === 0 ? others.map(line) : section(t("all models"), others.map(line))),
        ...(more > 0 ? [{ type: "note", label: t("{0} more: type to narrow the list", more) } as const] : []),
        ...(found.total === 0 ? [{ type: "note", label: nothing(typed, filter, t) } as const] : []),
    ];
}

/** The memory after a model was chosen. */
export function remembered(memory: ModelMemory, id: string): ModelMemory {
    return { ...memory, recents: [id, ...memory.recents.filter((known) => known !== id)].slice(0, MOST_RECENTS) };
}

/** The memory after the star of a model was pressed. */
export function starred(memory: ModelMemory, id: string): ModelMemory {
    const known = memory.favourites.includes(id);
    return { ...memory, favourites: known ? without(memory.favourites, id) : [...memory.favourites, id] };
}

/** The filter after one of its buttons was pressed. */
export function toggled(filter: ModelFilter, need: Capability): ModelFilter {
    const known = filter.needs.includes(need);
    return { ...filter, needs: known ? filter.needs.filter((one) => one !== need) : [...filter.needs, need] };
}

/** The roles that a model can be chosen for: chat first, then the usual ones, then those of the configuration. */
export function rolesOf(configured: Record<string, RoleModel>): string[] {
    return [...new Set([...ROLES, ...Object.keys(configured).sort()])];
}

/** Memory as the editor has kept it: of any version, and perhaps by hand. */
export function memoryFrom(stored: unknown): ModelMemory {
    const raw = (typeof stored === "object" && stored !== null ? stored : {}) as Record<string, unknown>;
    const scope = (["session", "workspace", "user"] as const).find((one) => one === raw.scope);
    return {
        recents: strings(raw.recents).slice(0, MOST_RECENTS),
        favourites: strings(raw.favourites),
        role: typeof raw.role === "string" ? raw.role : FIRST_MEMORY.role,
        scope: scope ?? FIRST_MEMORY.scope,
    };
}

/** What a model can do, as codicons. */
export function capabilityIcons(capabilities: Capability[]): string {
    return Object.entries(ICONS)
        .flatMap(([capability, icon]) => (capabilities.includes(capability as Capability) ? [icon] : []))
        .join(" ");
}

function modelLine(model: Model, memory: ModelMemory, roles: Record<string, RoleModel>, t: Translate): ModelLine {
    const serves = Object.keys(roles).filter((role) => roles[role]?.model === model.id);
    const facts = [
        capabilityIcons(model.capabilities),
        model.contextWindow === null ? "" : tokensText(model.contextWindow),
        priceText(model.price, t),
        shortened(model.description),
    ];
    return {
        type: "model",
        model,
        label: `${serves.includes(memory.role) ? "$(check) " : ""}${plain(model.name)}`,
        description: serves.length === 0 ? model.id : `${model.id} · ${t("serves {0}", serves.join(", "))}`,
        detail: facts.filter((fact) => fact !== "").join("  ·  "),
        favourite: memory.favourites.includes(model.id),
    };
}

/** Favourites in the order in which they were made; then what serves now and the recents, the latest first, each once. */
function sections(
    kept: Model[],
    memory: ModelMemory,
    serving: string | undefined,
    filter: ModelFilter,
): Record<"favourites" | "recents", Model[]> {
    const fitting = kept.filter((model) => filter.needs.every((need) => model.capabilities.includes(need)));
    const pick = (ids: string[]): Model[] => ids.flatMap((id) => fitting.find((model) => model.id === id) ?? []);
    const { favourites } = memory;
    const recents = [...new Set([...(serving === undefined ? [] : [serving]), ...memory.recents])];
    return { favourites: pick(favourites), recents: pick(recents.filter((id) => !favourites.includes(id))) };
}

function section(label: string, lines: ModelLine[]): ModelLine[] {
    return lines.length === 0 ? [] : [{ type: "heading", label }, ...lines];
}

function nothing(typed: string, filter: ModelFilter, t: Translate): string {
    if (filter.needs.length > 0) return t("No model fits. Press the buttons above to ask for less.");
    if (typed.trim() !== "") return t("No model fits “{0}”.", typed.trim());
    return t("The gateway lists no models.");
}

/** A model's own words are no codicons, and no page-long lines. */
function shortened(text: string): string {
    const line = plain(text).replace(/\s+/g, " ").trim();
    return line.length <= LONGEST_DESCRIPTION ? line : `${line.slice(0, LONGEST_DESCRIPTION - 1).trimEnd()}…`;
}

/** Labels show `$(name)` as an icon: in words from outside it stays what it is. */
function plain(text: string): string {
    return text.replace(/\$\(/g, "$\u200b(");
}

function without(ids: string[], id: string): string[] {
    return ids.filter((known) => known !== id);
}

function strings(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
