/** A model as the editor's own picker lists it. Only what the gateway said of it, and careful guesses where it must be a number. */
import type { Model } from "../protocol";
import type { Translate } from "./l10n";
import { priceText, tokensText } from "./money";
import { shortName } from "./status";

/** As `vscode.LanguageModelChatInformation`. */
export interface ModelInformation {
    id: string;
    name: string;
    family: string;
    version: string;
    maxInputTokens: number;
    maxOutputTokens: number;
    tooltip: string;
    detail: string;
    capabilities: { imageInput: boolean; toolCalling: boolean };
    /** Of the proposed API: editors that do not know it pass it over, some hide a model without it. */
    isUserSelectable: true;
}

/** Where the gateway does not say: what the small models of today have at least. */
const UNKNOWN_WINDOW = 32_768;
const UNKNOWN_OUTPUT = 4096;
/** "-20250929", "-2024-11-20", "-0613": the day of a version at the end of an id. */
const DATED = /-(\d{8}|\d{4}-\d{2}-\d{2}|\d{4})$/;

export function informationOf(model: Model, t: Translate): ModelInformation {
    const name = shortName(model.id);
    const price = priceText(model.price, t);
    return {
        id: model.id,
        name: model.name === "" ? name : model.name,
        family: name.replace(DATED, ""),
        version: DATED.exec(name)?.[1] ?? model.releasedAt?.slice(0, 10) ?? "1",
        ...limits(model),
        tooltip: tooltip(model, price, t),
        detail: price,
        capabilities: {
            imageInput: model.capabilities.includes("vision"),
            toolCalling: model.capabilities.includes("tools"),
        },
        isUserSelectable: true,
    };
}

/** Input and output share the window. Some gateways give the whole of it as the output's limit: half is for the input then. */
function limits(model: Model): Pick<ModelInformation, "maxInputTokens" | "maxOutputTokens"> {
    const window = model.contextWindow ?? UNKNOWN_WINDOW;
    const output = Math.min(model.maxOutput ?? UNKNOWN_OUTPUT, window);
    return { maxInputTokens: Math.max(window - output, Math.ceil(window / 2)), maxOutputTokens: output };
}

function tooltip(model: Model, price: string, t: Translate): string {
    const window = model.contextWindow === null ? "" : t("{0} tokens of context", tokensText(model.contextWindow));
    const facts = [model.id, window, price].filter((fact) => fact !== "").join(" · ");
    return model.description === "" ? facts : `${facts}\n\n${model.description}`;
}
