/** What goes with a question, as chips: their keys, labels and details. Where the facts come from is the editor's. */
import type { Attachment, Diagnostic, DiagnosticsAttachment, FileAttachment, ImagePart, Range } from "../protocol";
import type { Translate } from "./l10n";
import type { Chip } from "./panel";

/** A chip for an attachment; `pathOf` tells how its file is called in this window. */
export function chipOf(attachment: Attachment, pathOf: (uri: string) => string, t: Translate): Chip {
    const path = pathOf(attachment.uri);
    return attachment.kind === "file" ? fileChip(attachment, path) : diagnosticsChip(attachment, path, t);
}

/** Null for a document without diagnostics. */
export function diagnosticsOf(uri: string, items: Diagnostic[]): DiagnosticsAttachment | null {
    return items.length === 0 ? null : { kind: "diagnostics", uri, items: items.slice(0, MOST_DIAGNOSTICS) };
}

export function imageChip(part: ImagePart, name: string): Chip {
    // The length and the beginning tell images apart well enough to not attach one twice; a hash would take the whole.
    const key = `image:${part.mediaType}:${part.data.length}:${part.data.slice(-64)}`;
    return { type: "image", key, label: name, detail: part.mediaType, part };
}

/** The media type of an image by its file's name; null for what no model sees. */
export function imageType(path: string): string | null {
    return IMAGE_TYPES[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ""] ?? null;
}

/** The lines of a range as a person counts them: "12", "12–20". A range that ends before a line's first letter ends above. */
export function linesOf(range: Range): string {
    const first = range.start.line + 1;
    const last = Math.max(first, range.end.line + (range.end.character === 0 ? 0 : 1));
    return first === last ? `${first}` : `${first}–${last}`;
}

/** What may be kept when the window goes: images up to a sane size, for the editor's store is no place for more. */
export function worthKeeping(chips: Chip[]): Chip[] {
    let left = MOST_KEPT_BYTES;
    return chips.filter((chip) => {
        if (chip.type === "image") left -= chip.part.data.length;
        return chip.type !== "image" || left >= 0;
    });
}

/** How many images may be this large, in base64: what most gateways take in one message. */
export const MOST_IMAGE_BYTES = 20_000_000;

const MOST_KEPT_BYTES = 2_000_000;
const MOST_DIAGNOSTICS = 100;
const IMAGE_TYPES: Record<string, string> = {
    png: "image/png",
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    gif: "image/gif",
    webp: "image/webp",
};

function fileChip(attachment: FileAttachment, path: string): Chip {
    const { uri, range } = attachment;
    const name = nameOf(path);
    if (range === undefined) return { type: "attachment", key: `file:${uri}`, label: name, detail: path, attachment };
    const lines = linesOf(range);
    const { start, end } = range;
    const key = `file:${uri}#${start.line}:${start.character}-${end.line}:${end.character}`;
    return { type: "attachment", key, label: `${name}:${lines}`, detail: `${path}:${lines}`, attachment };
}

function diagnosticsChip(attachment: DiagnosticsAttachment, path: string, t: Translate): Chip {
    const { uri, items } = attachment;
    const name = nameOf(path);
    const label =
        items?.length === 1 ? t("1 problem in {0}", name) : t("{0} problems in {1}", items?.length ?? "?", name);
    const detail = items?.map((item) => `${item.range.start.line + 1}: ${item.message}`).join("\n") ?? path;
    return {
        type: "attachment",
        key: `diagnostics:${uri}`,
        label: items === undefined ? t("Problems in {0}", name) : label,
        detail: detail.slice(0, 500),
        attachment,
    };
}

function nameOf(path: string): string {
    return path.split(/[/\\]/).at(-1) ?? path;
}
