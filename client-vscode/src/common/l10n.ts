/** A sentence in the person's language: the English one is the key, `{0}` `{1}` … are its places. As `vscode.l10n.t`. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

/** Looks sentences up in a bundle (`vscode.l10n.bundle`); what it lacks stays English. */
export function translator(bundle: Record<string, string> | undefined): Translate {
    return (message, ...values) =>
        (bundle?.[message] ?? message).replace(/\{(\d+)\}/g, (place, at: string) =>
            String(values[Number(at)] ?? place),
        );
}
