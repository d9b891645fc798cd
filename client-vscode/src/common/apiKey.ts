/** What a person pastes as a key, before it is stored. It knows no gateway: whether a key opens one, only that one can tell. */
import type { Translate } from "./l10n";

/** Where the gateways that we know give keys to people. */
const KEY_PAGES: Partial<Record<string, string>> = { vercel: "https://vercel.com/docs/ai-gateway" };

/** What is wrong with it, in a sentence; null where nothing is, as far as that shows. The key is never part of it. */
export function keyComplaint(pasted: string, t: Translate): string | null {
    const key = pasted.trim();
    if (key === "") return t("Paste the key.");
    if (/^(env|file|cmd|keyring|editor):/.test(key)) {
        return t("This says where a key is. Write it into your configuration, as the key of the gateway.");
    }
    if (/^\w+:\/\//.test(key)) return t("This is an address, not a key.");
    if (/^(export\s+)?[A-Z][A-Z0-9_]*=/.test(key)) return t("Paste only what comes after the equals sign.");
    if (/^bearer\s/i.test(key)) return t("Paste only what comes after “Bearer”.");
    if (/\s/.test(key)) return t("A key has no spaces or line breaks in it.");
    return /^[!-~]+$/.test(key) ? null : t("A key has only plain letters, digits and signs.");
}

/** Where a person gets a key for a gateway; null where we do not know. */
export function keyPage(gateway: string): string | null {
    return Object.hasOwn(KEY_PAGES, gateway) ? (KEY_PAGES[gateway] ?? null) : null;
}
