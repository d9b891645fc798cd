/** Where a link of a model may lead: to the web, to a mailbox, to a file of the workspace. */

/** With a line, a path looks like a scheme: `src/main.ts:12`. */
const PATH_AND_LINE = /^[\w./@+-]+\.\w+:\d+(?::\d+)?$/;

/** The target if it may be followed; else null. Whether a file lies in the workspace is the host's to see. */
export function safeTarget(href: string): string | null {
    const target = href.trim();
    if (/^(?:https?:\/\/|mailto:)/i.test(target)) return target;
    // Control signs and spaces hide schemes from those who look for one.
    if (target === "" || /[\u0000-\u0020]/.test(target)) return null;
    if (target.includes(":") && !PATH_AND_LINE.test(target)) return null;
    if (/^(?:[/\\#?])/.test(target) || target.split(/[/\\]/).includes("..")) return null;
    return target;
}
