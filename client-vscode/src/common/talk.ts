/**
 * One conversation as the panel shows it: what becomes of a turn, from the draft to the answer or to what broke it.
 *
 * Plain functions of plain values. Who asks the daemon, and when, is src/editor/panel/chatting.ts.
 */
import type { Attachment, ChatResult, Conversation, ConversationSummary, ConversationTotal } from "../protocol";
import type { Context, Message, Part, Turn, TurnFailure } from "../protocol";
import { chipOf } from "./chips";
import type { Translate } from "./l10n";
import type { Chip, Draft, PanelEvent, PanelTurn, Problem } from "./panel";

/** What a draft asks: its images are parts of the message, the rest goes along as attachments. */
export interface Question {
    messages: Message[];
    attachments: Extract<Chip, { type: "attachment" }>[];
}

/** What `passerelle/chat` is told of it. */
export interface ChatRequest {
    messages: Message[];
    attachments: Attachment[];
    replace?: string;
}

/** What is needed to put stored turns into words. */
export interface Words {
    t: Translate;
    /** The card for a failure that the daemon has kept. */
    problemOf: (failure: TurnFailure) => Problem;
    /** How a file is called in this window: its path inside the workspace. */
    pathOf: (uri: string) => string;
}

/** Null for a draft that asks nothing. */
export function questionOf(draft: Draft): Question | null {
    const text = draft.text.trim();
    const images = draft.chips.flatMap((chip) => (chip.type === "image" ? [chip.part] : []));
    const attachments = draft.chips.filter((chip) => chip.type === "attachment");
    if (text === "" && images.length + attachments.length === 0) return null;
    const parts: Part[] = text === "" ? images : [{ type: "text", text }, ...images];
    return { messages: [{ role: "user", content: images.length === 0 ? text : parts }], attachments };
}

/** A turn that has just been asked. */
export function asked(key: string, at: string, question: Question): PanelTurn {
    return {
        key,
        id: null,
        at,
        messages: question.messages,
        attachments: question.attachments,
        state: "running",
        text: "",
        reasoning: "",
        result: null,
        problem: null,
    };
}

/** What a turn asked. */
export function questionAgain(turn: PanelTurn): Question {
    return { messages: turn.messages, attachments: turn.attachments.filter((chip) => chip.type === "attachment") };
}

/**
 * How the daemon is asked: with `same`, it asks the question that it has of the replaced turn.
 *
 * A conversation that it has nothing of begins with what was said before: it was private, and ended with its daemon.
 */
export function requestOf(
    question: Question,
    replaced: PanelTurn | null,
    shown: PanelTurn[],
    same: boolean,
): ChatRequest {
    const attachments = question.attachments.map((chip) => chip.attachment);
    if (replaced !== null && replaced.id !== null) {
        const whole = same ? { messages: [], attachments: [] } : { messages: question.messages, attachments };
        return { ...whole, replace: replaced.id };
    }
    if (shown.some((turn) => turn.id !== null)) return { messages: question.messages, attachments };
    const before = shown.filter((turn) => turn.key !== replaced?.key);
    return { messages: [...before.flatMap((turn) => said(turn)), ...question.messages], attachments };
}

/** The turn with the daemon's answer, which may have been cut off. */
export function answered(turn: PanelTurn, result: ChatResult, t: Translate): PanelTurn {
    const isCutOff = result.finish === "cutOff";
    return {
        ...turn,
        id: result.turn ?? turn.id,
        state: isCutOff ? "cutOff" : "done",
        text: result.message.content,
        reasoning: result.message.reasoning ?? "",
        result,
        problem: isCutOff ? cutOff(result.problem, t) : null,
    };
}

/** The turn as the person stopped it: what had come stays. */
export function cancelled(turn: PanelTurn): PanelTurn {
    return { ...turn, state: "cancelled" };
}

/** The turn after an error. Text that had come stays, and can be gone on from; without any, it can be asked again. */
export function broken(turn: PanelTurn, problem: Problem): PanelTurn {
    if (turn.text === "" && turn.reasoning === "") return { ...turn, state: "failed", problem };
    return { ...turn, state: "cutOff", problem: { ...problem, remedy: { do: "goOn" } } };
}

/** What has been spent, with one answer more. */
export function totalWith(total: ConversationTotal | null, { usage, cost }: ChatResult): ConversationTotal {
    const before = total ?? NOTHING_SPENT;
    const { inputTokens, outputTokens, cachedTokens } = usage ?? NOTHING_SPENT;
    const usd = cost.usd ?? 0;
    const saved = [before.savedUsd, cost.savedUsd].filter((some) => some !== undefined);
    return {
        inputTokens: before.inputTokens + inputTokens,
        outputTokens: before.outputTokens + outputTokens,
        cachedTokens: before.cachedTokens + cachedTokens,
        costUsd: before.costUsd + (cost.source === "gateway" ? usd : 0),
        estimatedUsd: before.estimatedUsd + (cost.source === "estimate" ? usd : 0),
        unknown: before.unknown + (cost.usd === null ? 1 : 0),
        ...(saved.length === 0 ? {} : { savedUsd: saved.reduce((sum, some) => sum + some, 0) }),
    };
}

/** How full the window was after the last answer that says so. */
export function contextOf(turns: PanelTurn[]): Context | null {
    return turns.findLast((turn) => turn.result?.context !== undefined)?.result?.context ?? null;
}

/**
 * The turns of a conversation as the daemon tells them, joined with what is shown of it already.
 *
 * A turn keeps its key, so that the page keeps its elements, and the card that told of a failure when it happened. What
 * the daemon does not have (for want of a key, or since it is a new one) is not lost: it stays where it was.
 */
export function turnsOf(conversation: Conversation, shown: PanelTurn[], words: Words): PanelTurn[] {
    const known = new Map(shown.map((turn) => [turn.id, turn]));
    const { id } = conversation.summary;
    const told = conversation.turns.map((turn) => panelTurn(turn, id, known.get(turn.id) ?? null, words));
    const first = shown.findIndex((turn) => turn.id !== null);
    const own = shown.filter((turn) => turn.id === null && turn.state !== "running");
    const isEarlier = (turn: PanelTurn): boolean => shown.indexOf(turn) < first;
    return [...own.filter((turn) => isEarlier(turn)), ...told, ...own.filter((turn) => !isEarlier(turn))];
}

/** The turns with the one that this panel is still reading: what it has read is newer than what the daemon told. */
export function withRunning(turns: PanelTurn[], running: PanelTurn): PanelTurn[] {
    const isSame = (turn: PanelTurn): boolean => turn.key === running.key || turn.state === "running";
    return [...turns.filter((turn) => !isSame(turn)), running];
}

/** The events that lead from the shown turns to others: null if that takes a whole new state. */
export function turnEvents(shown: PanelTurn[], turns: PanelTurn[]): PanelEvent[] | null {
    const isGrown = turns.length >= shown.length && shown.every((turn, at) => turns[at]?.key === turn.key);
    if (!isGrown) return null;
    const changed = turns.filter((turn, at) => JSON.stringify(turn) !== JSON.stringify(shown[at]));
    return changed.map((turn) => ({ type: "turn", turn }));
}

/** A conversation that the daemon has not told of yet. */
export function begun(
    id: string,
    turn: PanelTurn,
    where: { workspaceFolder: string | null; private: boolean },
): ConversationSummary {
    const title = textOf(turn.messages).split("\n", 1)[0]?.slice(0, TITLE_LENGTH) ?? "";
    return {
        id,
        title,
        ...where,
        createdAt: turn.at,
        changedAt: turn.at,
        turns: 1,
        lastTurn: null,
        running: true,
        model: null,
        costUsd: null,
    };
}

/** The turn that an action of the page names: by the daemon's id, or by its key if it has none. */
export function findTurn(turns: PanelTurn[], name: string): PanelTurn | null {
    return turns.find((turn) => turn.id === name) ?? turns.find((turn) => turn.key === name) ?? null;
}

/** Newest first, and each conversation once. */
export function newestFirst(conversations: ConversationSummary[]): ConversationSummary[] {
    const byId = new Map(conversations.map((conversation) => [conversation.id, conversation]));
    return [...byId.values()].sort((a, b) => Date.parse(b.changedAt) - Date.parse(a.changedAt));
}

const TITLE_LENGTH = 80;

const NOTHING_SPENT: ConversationTotal = {
    inputTokens: 0,
    outputTokens: 0,
    cachedTokens: 0,
    costUsd: 0,
    estimatedUsd: 0,
    unknown: 0,
};

function panelTurn(turn: Turn, conversation: string, known: PanelTurn | null, words: Words): PanelTurn {
    return {
        key: known?.key ?? `${conversation}/${turn.id}`,
        id: turn.id,
        at: turn.at,
        messages: known?.messages ?? turn.messages,
        attachments: turn.attachments.map((attachment) => chipOf(attachment, words.pathOf, words.t)),
        state: turn.state,
        text: longer(turn.answer?.message.content, known?.text),
        reasoning: longer(turn.answer?.message.reasoning, known?.reasoning),
        result: turn.answer ?? null,
        problem: known?.problem ?? storedProblem(turn, words),
    };
}

/** Of a turn that broke off, this window may have read more than the daemon could write. */
function longer(told = "", read = ""): string {
    return read.length > told.length ? read : told;
}

function said({ messages, text }: PanelTurn): Message[] {
    return text === "" ? [] : [...messages, { role: "assistant", content: text }];
}

function storedProblem(turn: Turn, words: Words): Problem | null {
    if (turn.state === "cutOff") return cutOff(turn.answer?.problem, words.t);
    if (turn.state !== "failed") return null;
    return words.problemOf(turn.failure ?? { kind: "", message: words.t("This question was not answered.") });
}

function cutOff(sentence: string | undefined, t: Translate): Problem {
    const message = sentence ?? t("The answer broke off. What had come is kept.");
    return { kind: "streamBroken", message, remedy: { do: "goOn" } };
}

function textOf(messages: Message[]): string {
    const content = messages.findLast((message) => message.role === "user")?.content ?? "";
    if (typeof content === "string") return content;
    return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
