/** Finding the `@query` that is being written in a question. Pure text; what it may name is the host's to say. */

/** The `@query` from `start` to `end` of a text; `query` is without the sign. */
export interface Mention {
    start: number;
    end: number;
    query: string;
}

const LONGEST_QUERY = 200;

/**
 * The mention that the caret stands in: an `@` at the start of a word, and what follows it up to the caret.
 * None in `name@example.org`, and none once a space was written.
 */
export function mentionAt(text: string, caret: number): Mention | null {
    const found = /(?:^|[\s([{"'`])@([^\s@]*)$/u.exec(text.slice(0, caret));
    const query = found?.[1];
    if (query === undefined || query.length > LONGEST_QUERY) return null;
    return { start: caret - query.length - 1, end: caret, query };
}

/** The text without the mention, and where the caret is then. One space is left where there were two. */
export function withoutMention(text: string, mention: Mention): { text: string; caret: number } {
    const before = text.slice(0, mention.start);
    const after = text.slice(mention.end);
    const doubled = /(?:^|\s)$/.test(before) && after.startsWith(" ");
    return { text: before + (doubled ? after.slice(1) : after), caret: before.length };
}
