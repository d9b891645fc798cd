/** What a model may put on the page: a few elements that hold text, and hardly an attribute. */
import DOMPurify from "dompurify";

const BLOCKS =
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre hr br table thead tbody tr th td dl dt dd div details summary";
const SPANS = "a strong em b i u s del ins mark code kbd samp var sub sup small q abbr span input";
const TAGS = `${BLOCKS} ${SPANS}`.split(" ");
const KNOWN = new Set(TAGS);

const CONFIG = {
    ALLOWED_TAGS: TAGS,
    // `data-code` stands for a code block, by its number; "input" is a task's box.
    ALLOWED_ATTR: ["href", "align", "start", "checked", "type", "open", "colspan", "rowspan", "data-code"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    KEEP_CONTENT: true,
    RETURN_DOM_FRAGMENT: true,
} as const;

/** Makes nodes of HTML; scripts, styles, forms, frames, images and handlers do not come through. */
export function sanitise(html: string): DocumentFragment {
    return DOMPurify.sanitize(html, { ...CONFIG, ALLOWED_TAGS: [...TAGS], ALLOWED_ATTR: [...CONFIG.ALLOWED_ATTR] });
}

/** Whether all elements of a piece of HTML come through. Else it is shown as text: `Vec<String>` must not lose a word. */
export function isKnownHtml(html: string): boolean {
    if (/<[!?]/.test(html)) return false;
    const names = [...html.matchAll(/<\/?([a-z][^\s/>]*)/gi)].map((match) => (match[1] ?? "").toLowerCase());
    return names.every((name) => KNOWN.has(name));
}
