/**
 * What the page asks, held against its types: the page shows what models write, so nothing that it says is believed.
 *
 * A field that is missing or of another type makes the whole action null; fields that nobody knows are dropped.
 */
import type { Attachment, Diagnostic, ImagePart, Position, Range } from "../protocol";
import type { Chip, Draft, PanelAction, Remedy } from "./panel";

type Decode<T> = (value: unknown) => T | null;
type Fields<T> = { [K in keyof T]-?: Decode<T[K]> };
type Of<K extends PanelAction["type"]> = Omit<Extract<PanelAction, { type: K }>, "type">;

/** Null for what is no action. */
export function decodeAction(value: unknown): PanelAction | null {
    if (!isRecord(value) || typeof value.type !== "string" || !Object.hasOwn(FIELDS, value.type)) return null;
    const type = value.type as PanelAction["type"];
    const fields = object(FIELDS[type])(value);
    return fields === null ? null : ({ type, ...fields } as PanelAction);
}

/** A draft that was kept from an earlier window; null for what is none. */
export function decodeDraft(value: unknown): Draft | null {
    return draft(value);
}

/** Null says "not this type" here, so a null that is allowed needs another name until its object is whole. */
function nullable<T>(decode: Decode<T>): Decode<T | null> {
    return (value) => (value === null ? (NULL as T) : decode(value));
}

const NULL: unknown = Symbol("null");

function object<T extends object>(fields: Fields<T>): Decode<T> {
    return (value) => {
        if (!isRecord(value)) return null;
        const known: Record<string, unknown> = {};
        for (const [name, decode] of Object.entries<Decode<unknown>>(fields)) {
            const field = decode(value[name]);
            if (field === null) return null;
            if (field !== ABSENT) known[name] = field === NULL ? null : field;
        }
        return known as T;
    };
}

const ABSENT: unknown = Symbol("absent");

function optional<T>(decode: Decode<T>): Decode<T> {
    return (value) => (value === undefined ? (ABSENT as T) : decode(value));
}

function list<T>(decode: Decode<T>): Decode<T[]> {
    return (value) => {
        if (!Array.isArray(value)) return null;
        const items = value.map((item) => decode(item));
        return items.every((item) => item !== null) ? items : null;
    };
}

function oneOf<T extends string>(...choices: T[]): Decode<T> {
    return (value) => choices.find((choice) => choice === value) ?? null;
}

const string: Decode<string> = (value) => (typeof value === "string" ? value : null);
const count: Decode<number> = (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
const boolean: Decode<boolean> = (value) => (typeof value === "boolean" ? value : null);
const moment: Decode<number> = (value) => (Number.isFinite(value) ? (value as number) : null);
const base64: Decode<string> = (value) =>
    typeof value === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? value : null;
const imageType: Decode<string> = (value) =>
    typeof value === "string" && /^image\/[\w.+-]+$/.test(value) ? value : null;

const position: Decode<Position> = object<Position>({ line: count, character: count });
const range: Decode<Range> = object<Range>({ start: position, end: position });
const diagnostic = object<Diagnostic>({
    range,
    message: string,
    severity: optional(count),
    source: optional(string),
});

const attachment: Decode<Attachment> = (value) => {
    if (!isRecord(value)) return null;
    if (value.kind === "file") return object({ kind: oneOf("file"), uri: string, range: optional(range) })(value);
    return object({ kind: oneOf("diagnostics"), uri: string, items: optional(list(diagnostic)) })(value);
};

const part = object<ImagePart>({ type: oneOf("image"), mediaType: imageType, data: base64 });
const named = { key: string, label: string, detail: string };

const chip: Decode<Chip> = (value) => {
    if (!isRecord(value)) return null;
    if (value.type === "image") return object({ type: oneOf("image"), ...named, part })(value);
    return object({ type: oneOf("attachment"), ...named, attachment })(value);
};

const draft = object<Draft>({ text: string, chips: list(chip), replaces: nullable(string) });

const remedy: Decode<Remedy> = (value) => {
    if (!isRecord(value)) return null;
    switch (value.do) {
        case "retry":
            return object({ do: oneOf("retry"), retryAt: nullable(moment) })(value);
        case "allowOnce":
            return object({ do: oneOf("allowOnce"), budget: string })(value);
        case "openBudget":
            return object({ do: oneOf("openBudget"), path: string, line: count })(value);
        case "topUp":
            return object({ do: oneOf("topUp"), url: string })(value);
        default:
            return object({ do: oneOf(...(Object.keys(REMEDIES) as (keyof typeof REMEDIES)[])) })(value);
    }
};

/** Each is named, so that one that is added is missed by the compiler. */
const REMEDIES: Record<Exclude<Remedy["do"], "retry" | "allowOnce" | "openBudget" | "topUp">, true> = {
    setKey: true,
    chooseModel: true,
    chooseGateway: true,
    useOffline: true,
    openConfiguration: true,
    restart: true,
    newChat: true,
    goOn: true,
    showLog: true,
    sendAnyway: true,
};

const FIELDS: { [K in PanelAction["type"]]: Fields<Of<K>> } = {
    ready: {},
    send: { draft },
    stop: {},
    regenerate: { turn: string },
    retry: { turn: string },
    goOn: {},
    newChat: {},
    setPrivate: { private: boolean },
    draft: { draft },
    list: { open: boolean, query: string },
    open: { conversation: string },
    rename: { conversation: string, title: string },
    delete: { conversation: string },
    branch: { turn: string },
    export: { conversation: string, format: oneOf("markdown", "json") },
    chooseModel: {},
    showUsage: {},
    attach: { what: oneOf("selection", "openFiles", "file", "diagnostics") },
    dropped: { uris: list(string) },
    suggest: { request: count, query: string },
    copy: { text: string },
    insert: { code: string },
    apply: { code: string, language: string, turn: nullable(string) },
    openChip: { chip },
    openLink: { href: string },
    remedy: { remedy, turn: nullable(string) },
};

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
