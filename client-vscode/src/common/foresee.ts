/**
 * What the page shows between an action and the host's answer to it, so that nothing waits for a process.
 *
 * Only what the host does anyway is foreseen; its next event has the last word.
 */
import { EMPTY_DRAFT, type PanelAction, type PanelEvent, type PanelState } from "./panel";
import type { ConversationSummary } from "../protocol";

/** The state as it will be when the host has done what was asked. */
export function foresee(state: PanelState, action: PanelAction): PanelState {
    switch (action.type) {
        case "stop":
            return stopped(state);
        case "send":
            return { ...state, draft: EMPTY_DRAFT };
        case "draft":
            return { ...state, draft: action.draft };
        case "setPrivate":
            return { ...state, private: action.private };
        case "list":
            return { ...state, list: { ...state.list, open: action.open, query: action.query } };
        case "rename":
            return renamed(state, action.conversation, action.title);
        case "delete":
            return deleted(state, action.conversation);
        default:
            return state;
    }
}

/** The turns that are being answered: those that a stop ends. */
export function running(state: PanelState): string[] {
    return state.turns.filter((turn) => turn.state === "running").map((turn) => turn.key);
}

/**
 * Whether an event is news of a turn that the person has stopped: it still streams until the host has heard of it.
 * What came in the meantime is part of the host's last word on the turn.
 */
export function isOvertaken(event: PanelEvent, stopping: ReadonlySet<string>): boolean {
    if (event.type === "delta") return stopping.has(event.key);
    return event.type === "turn" && event.turn.state === "running" && stopping.has(event.turn.key);
}

/** The state with every running turn of `stopping` shown as stopped. */
export function withStopped(state: PanelState, stopping: ReadonlySet<string>): PanelState {
    if (!state.turns.some((turn) => turn.state === "running" && stopping.has(turn.key))) return state;
    return stopped(state, stopping);
}

function stopped(state: PanelState, keys?: ReadonlySet<string>): PanelState {
    return {
        ...state,
        turns: state.turns.map((turn) =>
            turn.state === "running" && (keys?.has(turn.key) ?? true) ? { ...turn, state: "cancelled" } : turn,
        ),
    };
}

function renamed(state: PanelState, id: string, title: string): PanelState {
    const rename = <S extends ConversationSummary>(summary: S): S =>
        summary.id === id ? { ...summary, title } : summary;
    return {
        ...state,
        conversation: state.conversation === null ? null : rename(state.conversation),
        list: { ...state.list, conversations: state.list.conversations.map(rename) },
    };
}

function deleted(state: PanelState, id: string): PanelState {
    const conversations = state.list.conversations.filter((summary) => summary.id !== id);
    const gone = state.list.conversations.length - conversations.length;
    return { ...state, list: { ...state.list, conversations, total: state.list.total - gone } };
}
