/** How the list of conversations reads: its groups, its times, and what of it was searched for. */
import type { ConversationSummary } from "../protocol";
import type { Translate } from "./l10n";

export interface Group {
    label: string;
    conversations: ConversationSummary[];
}

/** A piece of a text, and whether it is one of the searched words. */
export interface Piece {
    text: string;
    found: boolean;
}

/** The conversations under "Today", "Yesterday" and so on, in the order that they have. */
export function grouped(conversations: ConversationSummary[], now: Date, locale: string, t: Translate): Group[] {
    const groups: Group[] = [];
    for (const conversation of conversations) {
        const label = groupOf(new Date(conversation.changedAt), now, locale, t);
        const last = groups.at(-1);
        if (last?.label === label) last.conversations.push(conversation);
        else groups.push({ label, conversations: [conversation] });
    }
    return groups;
}

/** "5 min. ago"; from a week on the date, for that is then what one looks for. */
export function ago(moment: string, now: Date, locale: string, t: Translate): string {
    const then = new Date(moment);
    const minutes = Math.round((now.getTime() - then.getTime()) / 60_000);
    if (minutes < 1) return t("now");
    const relative = new Intl.RelativeTimeFormat(locale, { style: "narrow", numeric: "always" });
    if (minutes < 60) return relative.format(-minutes, "minute");
    if (minutes < 24 * 60) return relative.format(-Math.round(minutes / 60), "hour");
    const days = daysBetween(then, now);
    if (days < 7) return relative.format(-days, "day");
    const sameYear = then.getFullYear() === now.getFullYear();
    const date: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
    return then.toLocaleDateString(locale, sameYear ? date : { ...date, year: "numeric" });
}

/** The text in pieces, the words of the query apart, in any case. Joined again, they are the text. */
export function marked(text: string, query: string): Piece[] {
    const words = query.split(/\s+/u).filter((word) => word !== "");
    if (words.length === 0) return [{ text, found: false }];
    const longestFirst = words.sort((a, b) => b.length - a.length);
    const pattern = new RegExp(`(${longestFirst.map((word) => escaped(word)).join("|")})`, "giu");
    return text
        .split(pattern)
        .map((piece, at) => ({ text: piece, found: at % 2 === 1 }))
        .filter((piece) => piece.text !== "");
}

function escaped(word: string): string {
    return word.replace(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`);
}

function groupOf(then: Date, now: Date, locale: string, t: Translate): string {
    const days = daysBetween(then, now);
    if (days <= 0) return t("Today");
    if (days === 1) return t("Yesterday");
    if (days < 7) return t("Earlier this week");
    if (then.getFullYear() === now.getFullYear()) {
        if (then.getMonth() === now.getMonth()) return t("Earlier this month");
        return capitalised(then.toLocaleDateString(locale, { month: "long" }));
    }
    return capitalised(then.toLocaleDateString(locale, { month: "long", year: "numeric" }));
}

/** Midnights between two moments, where the person is. */
function daysBetween(then: Date, now: Date): number {
    const midnight = (moment: Date): number => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
    return Math.round((midnight(now) - midnight(then)) / 86_400_000);
}

function capitalised(text: string): string {
    return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
