/**
 * The lines of a code block on the page, in parts: only the last part is touched while code comes, and the parts of a
 * long finished block are coloured one after the other when the page has time.
 */
import { Highlighting, PART_LINES } from "./highlight";
import type { Language } from "./languages";

interface Part {
    element: HTMLElement;
    lines: string[];
    /** The markup of the lines that are coloured. */
    coloured: string[];
    /** Whether its lines are coloured and will not change. */
    isFinal: boolean;
}

/** What a slice of colouring may take of a frame. */
const SLICE_MS = 8;
/** Longer lines are data, not code; reading them takes too long. */
const LONGEST_LINE = 5_000;

export class CodeLines {
    private parts: Part[] = [];
    private text = "";
    private highlighting: Highlighting | null = null;
    private isOpen = false;
    private frame: number | null = null;

    constructor(
        private readonly place: HTMLElement,
        private readonly language: Language,
    ) {
        this.restart();
    }

    /** Shows the whole code so far; `isOpen` while more of it may come. */
    show(code: string, isOpen: boolean): void {
        const isDone = this.parts.at(-1)?.isFinal === true;
        if (!code.startsWith(this.text) || (isDone && code !== this.text)) this.restart();
        const firstNew = Math.max(0, this.parts.length - 1);
        this.text = code;
        this.isOpen = isOpen;
        this.layOut(firstNew);
        this.colour();
    }

    /** Gives up what it was to do later. */
    stop(): void {
        if (this.frame !== null) cancelAnimationFrame(this.frame);
        this.frame = null;
    }

    private restart(): void {
        this.stop();
        this.parts = [];
        this.text = "";
        this.place.replaceChildren();
        this.highlighting = this.language.isKnown ? new Highlighting(this.language.id) : null;
    }

    /** Puts the lines into parts, as plain text; parts before `first` are full and stay. */
    private layOut(first: number): void {
        const known = this.parts.slice(0, first).reduce((sum, part) => sum + lengthOf(part), 0);
        const lines = this.text.slice(known).split("\n");
        for (let from = 0, at = first; from < lines.length; from += PART_LINES, at++) {
            const part = this.parts[at] ?? this.newPart();
            const now = lines.slice(from, from + PART_LINES);
            writePlain(part, now);
            part.lines = now;
        }
    }

    private newPart(): Part {
        const element = document.createElement("span");
        element.className = "code-part";
        this.place.append(element);
        const part: Part = { element, lines: [], coloured: [], isFinal: false };
        this.parts.push(part);
        return part;
    }

    /** Colours as much as fits into a slice, and the rest in the next frames. */
    private colour(): void {
        this.stop();
        const highlighting = this.highlighting;
        if (highlighting === null) return;
        const until = performance.now() + SLICE_MS;
        for (const [at, part] of this.parts.entries()) {
            if (part.isFinal) continue;
            if (performance.now() > until) {
                this.frame = requestAnimationFrame(() => {
                    this.colour();
                });
                return;
            }
            if (at < this.parts.length - 1 || !this.isOpen) finish(part, highlighting);
            else peek(part, highlighting);
        }
    }
}

function lengthOf(part: Part): number {
    return part.lines.reduce((sum, line) => sum + line.length + 1, 0);
}

/** Writes the lines that are new or changed, as text; those before keep their colours. */
function writePlain(part: Part, lines: string[]): void {
    lines.forEach((line, at) => {
        if (part.lines[at] === line) return;
        let element = part.element.children[at];
        if (element === undefined) {
            element = document.createElement("span");
            element.className = "code-line";
            part.element.append(element);
        }
        element.textContent = `${line}\n`;
        part.coloured.length = Math.min(part.coloured.length, at);
    });
}

function finish(part: Part, highlighting: Highlighting): void {
    part.isFinal = true;
    if (isReadable(part.lines)) write(part, highlighting.finish(part.lines));
}

/** The line that is being written stays plain until it ends. */
function peek(part: Part, highlighting: Highlighting): void {
    const whole = part.lines.slice(0, -1);
    if (whole.length > part.coloured.length && isReadable(whole)) write(part, highlighting.peek(whole));
}

function isReadable(lines: string[]): boolean {
    return lines.every((line) => line.length <= LONGEST_LINE);
}

function write(part: Part, coloured: string[]): void {
    for (const [at, line] of coloured.entries()) {
        const element = part.element.children[at];
        // What the highlighter makes is escaped text in spans.
        if (element !== undefined && part.coloured[at] !== line) element.innerHTML = `${line}\n`;
    }
    part.coloured = coloured;
}
