/**
 * How many tokens a text is, about: quick and local, for editors ask often.
 *
 * Every model counts otherwise, and none of their tokenizers is here. About four letters of the Latin alphabet are one
 * token, about two of another alphabet; a letter of Chinese, Japanese or Korean is one by itself, an emoji is two.
 */

/** An image, whatever its size: between what the large makers charge for a small and for a full one. */
export const IMAGE_TOKENS = 1000;
/** What a message costs beyond its text: its role and its borders. */
export const MESSAGE_TOKENS = 4;

export function textTokens(text: string): number {
    let tokens = 0;
    for (let at = 0; at < text.length; at++) {
        const code = text.codePointAt(at) ?? 0;
        tokens += weight(code);
        if (code > LAST_OF_TWO_BYTES) at++;
    }
    return Math.ceil(tokens);
}

const LAST_OF_TWO_BYTES = 0xffff;
const FIRST_OF_OTHER_ALPHABETS = 0x370;
/** General punctuation, arrows, mathematical signs, boxes: as common in code and prose as letters. */
const SIGNS = [0x2000, 0x2bff] as const;
/** Hangul, kana, bopomofo, ideographs, full-width forms. */
const WIDE = [
    [0x1100, 0x11ff],
    [0x2e80, 0xa4cf],
    [0xa960, 0xa97f],
    [0xac00, 0xd7ff],
    [0xf900, 0xfaff],
    [0xfe30, 0xfe4f],
    [0xff00, 0xffef],
    [0x20000, 0x3ffff],
] as const;

function weight(code: number): number {
    if (code < FIRST_OF_OTHER_ALPHABETS) return 1 / 4;
    if (code >= SIGNS[0] && code <= SIGNS[1]) return 1 / 2;
    if (WIDE.some(([first, last]) => code >= first && code <= last)) return 1;
    return code > LAST_OF_TWO_BYTES ? 2 : 1 / 2;
}

/** Of a message of the editor's, or of any part of one: all its texts, a fixed price for each image. */
export function messageTokens(content: unknown): number {
    return MESSAGE_TOKENS + valueTokens(content);
}

function valueTokens(value: unknown): number {
    if (typeof value === "string") return textTokens(value);
    if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + valueTokens(one), 0);
    if (typeof value !== "object" || value === null) return value === undefined ? 0 : 1;
    if ("mimeType" in value && "data" in value) return dataTokens(value.mimeType, value.data);
    if (value instanceof Uint8Array) return IMAGE_TOKENS;
    // Tool calls and results: their names and their values, as deep as they go.
    return Object.values(value).reduce<number>((sum, one) => sum + valueTokens(one), 0);
}

function dataTokens(mimeType: unknown, data: unknown): number {
    const isText = typeof mimeType === "string" && !mimeType.startsWith("image/");
    return isText && data instanceof Uint8Array ? Math.ceil(data.length / 4) : IMAGE_TOKENS;
}
