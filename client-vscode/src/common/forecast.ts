/** What a question would cost, about, before it is sent: where that has to be confirmed, the person is told beforehand. */
import type { Confirm, Draft } from "./panel";
import type { Model } from "../protocol";
import { IMAGE_TOKENS, textTokens } from "./tokens";

/** A usual long answer, as the daemon reckons. */
const LIKELY_ANSWER_TOKENS = 4096;

/** What the page needs to know of the model; null where nothing has to be confirmed, or no price is known. */
export function confirmOf(aboveUsd: unknown, model: Model | null): Confirm | null {
    if (typeof aboveUsd !== "number" || aboveUsd <= 0 || model === null) return null;
    const { input, output } = model.price;
    if (input === null || output === null) return null;
    const answer = Math.min(model.maxOutput ?? LIKELY_ANSWER_TOKENS, LIKELY_ANSWER_TOKENS);
    return { aboveUsd, inputUsd: input / 1_000_000, answerUsd: (answer * output) / 1_000_000 };
}

/**
 * In US dollars, where it is more than goes unasked; else null. `usedTokens` is what is said again with each question.
 *
 * How long attached files are is not known here, so it may be more; the daemon has the last word.
 */
export function foreseenUsd(draft: Draft, usedTokens: number, confirm: Confirm | null): number | null {
    if (confirm === null) return null;
    const images = draft.chips.filter((chip) => chip.type === "image").length;
    const tokens = usedTokens + textTokens(draft.text) + images * IMAGE_TOKENS;
    const usd = tokens * confirm.inputUsd + confirm.answerUsd;
    return usd > confirm.aboveUsd ? usd : null;
}
