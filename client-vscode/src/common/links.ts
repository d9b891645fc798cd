/** A link in an answer: a page of the web, a place in a file, or nothing that may be opened. */

export type Link =
    | { to: "web"; url: string }
    /** `path` is absolute or inside a workspace folder, with slashes; `line` counts from 0. */
    | { to: "file"; path: string; line: number | null };

/** Null for what is opened by nobody: scripts, commands, data, and schemes that other programs answer to. */
export function parseLink(href: string): Link | null {
    const link = href.trim();
    if (/^(?:https?:\/\/[^\s/]|mailto:[^\s])/i.test(link)) return { to: "web", url: link };
    const path = /^file:\/\//i.test(link) ? link.slice("file://".length) : link;
    // One letter before a colon is a drive of Windows; "a.py:12" has its colon after a dot.
    const scheme = /^([a-z][\w+-]*):(?!\d)/i.exec(path)?.[1];
    if (scheme !== undefined && scheme.length > 1) return null;
    return place(path);
}

/** Where credits are bought for the gateway of this address; null for gateways of which nobody can say. */
export function creditsPage(gatewayUrl: string): string | null {
    const isVercel = URL.canParse(gatewayUrl) && new URL(gatewayUrl).host === "ai-gateway.vercel.sh";
    return isVercel ? "https://vercel.com/d?to=%2F%5Bteam%5D%2F%7E%2Fai-gateway&title=Go+to+AI+Gateway" : null;
}

/** "a.py", "a.py:12", "a.py:12:3", "a.py#L12", "a.py#L12-L20". */
function place(path: string): Link | null {
    const [, file = "", colon, hash] = /^(.*?)(?::(\d+)(?::\d+)?|#L?(\d+)(?:-L?\d+)?|#.*)?$/s.exec(path) ?? [];
    const line = colon ?? hash;
    const decoded = decode(file).replaceAll("\\", "/");
    if (decoded === "" || decoded.includes("\0") || decoded.startsWith("//")) return null;
    return { to: "file", path: decoded, line: line === undefined ? null : Math.max(0, Number(line) - 1) };
}

function decode(path: string): string {
    try {
        return decodeURIComponent(path);
    } catch {
        return path;
    }
}
