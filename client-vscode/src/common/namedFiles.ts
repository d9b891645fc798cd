/** Files by `@name`: which of the workspace's files are meant by what a person has typed so far. */

export interface NamedFile {
    uri: string;
    /** Inside the workspace, with slashes. */
    path: string;
    /** Whether an editor shows it. */
    isOpen: boolean;
}

/**
 * The files whose path has the letters of the query in their order, the best first: in the name before in the folders,
 * together before scattered, at the beginning of a word before inside one. Open ones come first among equals, and alone
 * decide where nothing was typed yet.
 */
export function rankFiles(query: string, files: NamedFile[], most: number): NamedFile[] {
    const wanted = query.trim().toLowerCase().replaceAll("\\", "/");
    const scored = files.flatMap((file) => {
        const score = scoreOf(wanted, file.path);
        return score === null ? [] : [{ file, score: score + (file.isOpen ? OPEN_BONUS : 0) }];
    });
    scored.sort((a, b) => b.score - a.score || a.file.path.length - b.file.path.length || order(a.file, b.file));
    return scored.slice(0, most).map(({ file }) => file);
}

/** One glob for all patterns that settings like `search.exclude` switch on; null for none. */
export function excludeGlob(...settings: (Record<string, unknown> | undefined)[]): string | null {
    const patterns = settings.flatMap((setting) =>
        Object.entries(setting ?? {}).flatMap(([pattern, on]) => (on === true ? expandBraces(pattern) : [])),
    );
    const unique = [...new Set(patterns)];
    return unique.length === 0 ? null : unique.length === 1 ? (unique[0] ?? null) : `{${unique.join(",")}}`;
}

const OPEN_BONUS = 12;
const NAME_BONUS = 20;
const WHOLE_BONUS = 30;
const WORD_BONUS = 6;
const TOGETHER_BONUS = 5;

function scoreOf(wanted: string, path: string): number | null {
    if (wanted === "") return 0;
    const lower = path.toLowerCase();
    const nameAt = lower.lastIndexOf("/") + 1;
    const inName = lettersScore(wanted, path.slice(nameAt), lower.slice(nameAt));
    if (inName !== null) return inName + NAME_BONUS + (lower.startsWith(wanted, nameAt) ? WHOLE_BONUS : 0);
    return lettersScore(wanted, path, lower);
}

/** Null where the letters are not there in this order. Letters that stand together are looked for first. */
function lettersScore(wanted: string, text: string, lower: string): number | null {
    const together = lower.indexOf(wanted);
    if (together >= 0) return wanted.length * TOGETHER_BONUS + (isWordStart(text, together) ? WORD_BONUS : 0);
    let score = 0;
    let at = -1;
    for (const letter of wanted) {
        const next = lower.indexOf(letter, at + 1);
        if (next < 0) return null;
        if (next === at + 1 && at >= 0) score += TOGETHER_BONUS;
        else if (isWordStart(text, next)) score += WORD_BONUS;
        else score -= 1;
        at = next;
    }
    return score;
}

/** At the very beginning, after what is no letter, and at a capital after a small one. */
function isWordStart(text: string, at: number): boolean {
    return at === 0 || /[^\p{L}\p{N}].|\p{Ll}\p{Lu}/u.test(text.slice(at - 1, at + 1));
}

function order(a: NamedFile, b: NamedFile): number {
    return a.path < b.path ? -1 : 1;
}

/** Braces inside braces are not understood by every search that the glob is given to. */
function expandBraces(pattern: string): string[] {
    const innermost = /^(.*)\{([^{}]*)\}(.*)$/s.exec(pattern);
    if (innermost === null) return [pattern];
    const [, before = "", choices = "", after = ""] = innermost;
    return choices.split(",").flatMap((choice) => expandBraces(before + choice + after));
}
