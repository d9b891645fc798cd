/**
 * What the side panel shows, and what its two halves say to each other.
 *
 * The extension host owns the state: the page may be hidden, moved or loaded anew at any moment, also in the middle of an
 * answer, and is then given the whole state again. Both halves apply the same events with `reduce`.
 */
import type {
    Attachment,
    ChatResult,
    Context,
    ConversationSummary,
    ConversationTotal,
    ImagePart,
    Message,
    Status,
    TurnState,
} from "../protocol";

/** Everything that the panel shows. */
export interface PanelState {
    /** Null until the first turn of a new conversation. */
    conversation: ConversationSummary | null;
    turns: PanelTurn[];
    total: ConversationTotal | null;
    context: Context | null;
    draft: Draft;
    model: ModelChip | null;
    status: Status | null;
    /** How the daemon is: what has no answer yet is shown as such, and what went wrong with the one button that mends it. */
    daemon: DaemonState;
    list: ConversationList;
    /** The next conversation is kept in memory only. */
    private: boolean;
}

/** One question and its answer. */
export interface PanelTurn {
    /** Stays the same from the moment it is asked; for the page's elements. */
    key: string;
    /** The daemon's id; null until it is known. */
    id: string | null;
    /** ISO 8601. */
    at: string;
    messages: Message[];
    attachments: Chip[];
    state: TurnState;
    /** What has come so far; `result` has the whole when it is there. */
    text: string;
    reasoning: string;
    result: ChatResult | null;
    problem: Problem | null;
}

/** An error card: a sentence, and the one button that mends it. */
export interface Problem {
    kind: string;
    message: string;
    remedy: Remedy | null;
    /** Another way out, where the person has to choose. */
    other?: Remedy;
}

/** `retryAt`: milliseconds since 1970, until when the button counts down; with null the person may press it at once. */
export type Remedy =
    | {
          do:
              | "setKey"
              | "chooseModel"
              | "chooseGateway"
              | "useOffline"
              | "openConfiguration"
              | "restart"
              | "newChat"
              | "goOn"
              | "showLog"
              /** The question once more, whatever it costs. */
              | "sendAnyway";
      }
    | { do: "retry"; retryAt: number | null }
    /** By the budget's key; then the question once more. */
    | { do: "allowOnce"; budget: string }
    /** Where a file sets the budget. */
    | { do: "openBudget"; path: string; line: number }
    | { do: "topUp"; url: string };

/** What is being written, and what goes with it. */
export interface Draft {
    text: string;
    chips: Chip[];
    /** The turn that is being edited: the draft takes its place. */
    replaces: string | null;
}

/** Something that goes with a question; `label` and `detail` are for the eye, `key` is unique among the draft's. */
export type Chip =
    | { type: "attachment"; key: string; label: string; detail: string; attachment: Attachment }
    | { type: "image"; key: string; label: string; detail: string; part: ImagePart };

export interface ModelChip {
    id: string;
    name: string;
    /** Whether it sees images. */
    vision: boolean;
    /** The configured id that it stands in for. */
    wanted: string | null;
    /** Null where no question has to be confirmed, or nobody knows what one costs. */
    confirm: Confirm | null;
}

/** In US dollars. */
export interface Confirm {
    /** A dearer question has to be confirmed. */
    aboveUsd: number;
    /** Of one token that is sent. */
    inputUsd: number;
    /** Of an answer. */
    answerUsd: number;
}

export interface DaemonState {
    state: "starting" | "running" | "stopped";
    problem: Problem | null;
}

export interface ConversationList {
    open: boolean;
    query: string;
    conversations: ConversationSummary[];
    total: number;
}

/** Something that `@` can name. */
export interface Suggestion {
    label: string;
    detail: string;
    chip: Chip;
}

/** Host → page. All but the last three change the state. */
export type PanelEvent =
    | { type: "state"; state: PanelState }
    | { type: "turn"; turn: PanelTurn; /** This turn and those after it give way. */ replaces?: string }
    | { type: "delta"; key: string; text?: string; reasoning?: string }
    | {
          type: "conversation";
          conversation: ConversationSummary | null;
          total: ConversationTotal | null;
          context: Context | null;
      }
    | { type: "draft"; draft: Draft }
    | { type: "chips"; chips: Chip[] }
    | { type: "model"; model: ModelChip | null }
    | { type: "status"; status: Status }
    | { type: "daemon"; daemon: DaemonState }
    | { type: "list"; list: ConversationList }
    | { type: "private"; private: boolean }
    | { type: "suggestions"; request: number; suggestions: Suggestion[] }
    | { type: "theme"; colours: Record<string, string> }
    | { type: "focus" };

/** Page → host. */
export type PanelAction =
    | { type: "ready" }
    | { type: "send"; draft: Draft }
    | { type: "stop" }
    | { type: "regenerate"; turn: string }
    | { type: "retry"; turn: string }
    | { type: "goOn" }
    | { type: "newChat" }
    | { type: "setPrivate"; private: boolean }
    | { type: "draft"; draft: Draft }
    | { type: "list"; open: boolean; query: string }
    | { type: "open"; conversation: string }
    | { type: "rename"; conversation: string; title: string }
    | { type: "delete"; conversation: string }
    | { type: "branch"; turn: string }
    | { type: "export"; conversation: string; format: "markdown" | "json" }
    | { type: "chooseModel" }
    | { type: "showUsage" }
    | { type: "attach"; what: "selection" | "openFiles" | "file" | "diagnostics" }
    | { type: "dropped"; uris: string[] }
    | { type: "suggest"; request: number; query: string }
    | { type: "copy"; text: string }
    | { type: "insert"; code: string }
    | { type: "apply"; code: string; language: string; turn: string | null }
    | { type: "openChip"; chip: Chip }
    | { type: "openLink"; href: string }
    | { type: "remedy"; remedy: Remedy; turn: string | null };

export const EMPTY_DRAFT: Draft = { text: "", chips: [], replaces: null };

export const FIRST_STATE: PanelState = {
    conversation: null,
    turns: [],
    total: null,
    context: null,
    draft: EMPTY_DRAFT,
    model: null,
    status: null,
    daemon: { state: "starting", problem: null },
    list: { open: false, query: "", conversations: [], total: 0 },
    private: false,
};

/** The state after an event. What did not change is the same object as before. */
export function reduce(state: PanelState, event: PanelEvent): PanelState {
    switch (event.type) {
        case "state":
            return event.state;
        case "turn":
            return { ...state, turns: withTurn(state.turns, event.turn, event.replaces) };
        case "delta":
            return { ...state, turns: withDelta(state.turns, event) };
        case "conversation":
            return { ...state, conversation: event.conversation, total: event.total, context: event.context };
        case "chips":
            return { ...state, draft: { ...state.draft, chips: joined(state.draft.chips, event.chips) } };
        case "draft":
            return { ...state, draft: event.draft };
        case "model":
            return { ...state, model: event.model };
        case "status":
            return { ...state, status: event.status };
        case "daemon":
            return { ...state, daemon: event.daemon };
        case "list":
            return { ...state, list: event.list };
        case "private":
            return { ...state, private: event.private };
        case "suggestions":
        case "theme":
        case "focus":
            return state;
    }
}

/** Whether an answer is being written. */
export function isRunning(state: PanelState): boolean {
    return state.turns.some((turn) => turn.state === "running");
}

function withTurn(turns: PanelTurn[], turn: PanelTurn, replaces: string | undefined): PanelTurn[] {
    const at = turns.findIndex((known) => known.key === turn.key);
    if (at >= 0) return turns.with(at, turn);
    const cut = replaces === undefined ? -1 : turns.findIndex((known) => known.id === replaces);
    return [...(cut < 0 ? turns : turns.slice(0, cut)), turn];
}

/** What grows is the last turn, or near it. */
function withDelta(turns: PanelTurn[], { key, text = "", reasoning = "" }: Delta): PanelTurn[] {
    const at = turns.findLastIndex((turn) => turn.key === key);
    const turn = turns[at];
    if (turn === undefined) return turns;
    return turns.with(at, { ...turn, text: turn.text + text, reasoning: turn.reasoning + reasoning });
}

type Delta = Extract<PanelEvent, { type: "delta" }>;

/** New chips after the old ones; one that is there already is not put twice. */
function joined(chips: Chip[], added: Chip[]): Chip[] {
    const keys = new Set(chips.map((chip) => chip.key));
    return [...chips, ...added.filter((chip) => !keys.has(chip.key))];
}
