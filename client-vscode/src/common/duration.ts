/** How long something took, as a person reads it. */
import type { Translate } from "./l10n";

/** 0.5 s, 4.2 s, 12 s, 3 min 20 s. */
export function seconds(ms: number, t: Translate): string {
    const tenths = Math.round(ms / 100) / 10;
    if (tenths < 10) return t("{0} s", tenths.toFixed(1));
    return waiting(Math.round(ms / 1000), t);
}

/** 9 s, 3 min 20 s. */
export function waiting(whole: number, t: Translate): string {
    if (whole < 60) return t("{0} s", whole);
    return t("{0} min {1} s", Math.floor(whole / 60), whole % 60);
}
