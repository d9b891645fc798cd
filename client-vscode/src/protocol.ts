// Written by scripts/protocol.mjs from protocol.md; do not edit.

export interface Options {
    /** Whether the person trusts the open folders. Default false. */
    trusted?: boolean;
    /** The editor's own layer of settings: the tree of "Configuration keys". */
    settings?: object;
    /** This client answers `passerelle/secret`. Default false. */
    secrets?: boolean;
}

export interface Capabilities {
    /** The version of this protocol. */
    protocol: number;
    /** `passerelle/chat` and its deltas. */
    chat: boolean;
    /** `passerelle/models`, `passerelle/selectModel`, `passerelle/didChangeModels`. */
    models: boolean;
    /** `passerelle/config`, `passerelle/didChangeConfig`. */
    config: boolean;
    /** `passerelle/gateways`, `passerelle/selectGateway`. */
    gateways: boolean;
    /** `passerelle/conversations` and what follows it, `conversation` of a chat, `passerelle/didChangeConversations`. */
    conversations: boolean;
    /** `passerelle/apply`. */
    apply: boolean;
    /** `passerelle/usage`, `passerelle/usage/export`. */
    usage: boolean;
    /** `passerelle/budgets`, `passerelle/budgets/allowOnce`. */
    budgets: boolean;
    /** `passerelle/credits`. */
    credits: boolean;
    /** `passerelle/endpoints`. */
    endpoints: boolean;
}

export interface Nothing {}

export interface Status {
    /** "overBudget": the gateway's credits are used up, or a budget is that stops a chat with its model. */
    state: State;
    /** One sentence for a person. */
    message: string;
    gateway: GatewayStatus;
    /** By role: "chat" always, others as configured. */
    roles: Record<string, RoleModel>;
    catalogue: CatalogueStatus;
    daemon: DaemonStatus;
    /** Of every configuration file that is in use. */
    problems: Problem[];
    spent: Spent;
    /** What mends the state, where something can: an LSP Command for `workspace/executeCommand`. */
    action?: Command;
    /** Absent where the ledger cannot be read. */
    today?: Today;
    /** Those of the settings, as they stand; those that count by conversation are left out. */
    budgets?: BudgetState[];
    /** As the gateway last said; absent until it has. */
    credits?: Credits;
}

/** What the person's day came to so far, over all daemons of the person, by the ledger. */
export interface Today {
    requests: number;
    /** US dollars, as gateways have said. */
    costUsd: number;
    /** US dollars, from the list's prices; not part of `costUsd`. */
    estimatedUsd: number;
}

export type State = "ready" | "needsKey" | "unreachable" | "misconfigured" | "overBudget";

export interface Command {
    title: string;
    command: string;
    arguments?: unknown[];
}

export interface GatewayStatus {
    name: string;
    /** Empty where it cannot be known, or not be started. */
    url: string;
    /** The reference of the key, never the key; null where none is configured. */
    key: string | null;
}

export interface RoleModel {
    model: string;
    source: Source;
    /** The configured id that the gateway no longer has; `model` serves in its place. */
    wanted?: string;
}

/** The layer that a value comes from; "default" is built in. "Configuration keys" has their order. */
export type Source = "default" | "user" | "workspace" | "editor" | "environment" | "session";

export interface CatalogueStatus {
    /** Language models only. */
    total: number;
    fetchedAt: string | null;
    source: CatalogueSource;
}

/** Asked from the gateway, kept from an earlier time, or shipped with the daemon. */
export type CatalogueSource = "live" | "disk" | "builtin";

/** Since the daemon started, of all chats. */
export interface Spent {
    /** Answers, also those that broke off. */
    requests: number;
    /** US dollars, as gateways have said. */
    costUsd: number;
    /** US dollars, from the list's prices, for answers whose cost no gateway said; not part of `costUsd`. */
    estimatedUsd: number;
    /** Answers whose cost nobody knows. */
    unknown: number;
}

export interface DaemonStatus {
    version: string;
    pid: number;
    uptimeMs: number;
    rssBytes: number;
    connections: number;
}

/** What is wrong in a configuration file. The message says what was done instead. */
export interface Problem {
    path: string;
    /** From 1. */
    line: number;
    /** From 1. */
    column: number;
    key: string;
    message: string;
    severity: "error" | "warning";
}

export interface ModelsParams {
    /** As a person types it: "sonnet 4.5", "gpt mini", "son4". */
    query?: string;
    /** Models that have all of these. */
    needs?: Capability[];
    /** Default: "relevance" with a query, else as the gateway lists them. */
    sort?: Sort;
    limit?: number;
    /** Wait for the live list. */
    refresh?: boolean;
}

export type Capability = "vision" | "tools" | "reasoning" | "files" | "caching" | "structured" | "webSearch";

export type Sort = "relevance" | "name" | "released" | "price" | "context";

export interface Models {
    models: Model[];
    /** How many match, before `limit`. */
    total: number;
    fetchedAt: string | null;
    source: CatalogueSource;
    /** Which model serves which role, as in the status. */
    roles: Record<string, RoleModel>;
}

/** One model. What the gateway does not say is null, or not among the capabilities. */
export interface Model {
    /** "creator/model". */
    id: string;
    name: string;
    creator: string;
    description: string;
    releasedAt: string | null;
    /** In tokens. */
    contextWindow: number | null;
    /** In tokens. */
    maxOutput: number | null;
    capabilities: Capability[];
    price: Price;
}

/** US dollars per million tokens. */
export interface Price {
    input: number | null;
    output: number | null;
    cacheRead: number | null;
    cacheWrite: number | null;
}

export interface SelectModelParams {
    role: string;
    model: string;
    /** "session": until the daemon ends. "workspace": the folder's passerelle.toml. "user": the user's file. */
    scope: Scope;
    /** URI; for "workspace", where several folders are open. Default: the first. */
    workspaceFolder?: string;
}

export type Scope = "session" | "workspace" | "user";

export interface GatewayChoices {
    gateways: GatewayChoice[];
}

export interface GatewayChoice {
    name: string;
    /** Empty for a gateway that is started when it is first used. */
    url: string;
    /** The reference of the key, never the key; null where none is configured. */
    key: string | null;
    /** The layer that describes it. */
    source: Source;
    /** Whether it serves now. */
    active: boolean;
}

export interface SelectGatewayParams {
    /** A name of `passerelle/gateways`. */
    gateway: string;
    scope: Scope;
    /** URI; for "workspace", where several folders are open. Default: the first. */
    workspaceFolder?: string;
}

export interface ChatParams {
    /** Chosen by the client, echoed in each delta. */
    token: string;
    /** At least one, unless `replace` asks the same again. */
    messages: Message[];
    /** Which conversation of the daemon's this turn belongs to: 1 to 64 letters, digits, `-` or `_`. */
    conversation?: string;
    /** A turn of the conversation: this one takes its place, and what came after it is set aside. Without messages, its own are asked again, with their attachments as they were then. */
    replace?: string;
    /** With the first turn of a conversation: keep it in memory only. Default: as configured. */
    private?: boolean;
    /** The person has seen what the error `confirmCost` said, and wants it. */
    confirmed?: boolean;
    /** Default: the model of the role. An id that the list lacks is tried all the same. */
    model?: string;
    /** Default "chat". */
    role?: string;
    options?: ChatOptions;
    /** Put before the last user message. */
    attachments?: Attachment[];
    tools?: Tool[];
    toolChoice?: "auto" | "none" | "required" | NamedTool;
    /** URI; whose configuration applies. Default: the first folder. */
    workspaceFolder?: string;
}

/** Each goes before what is configured for the model, the role and by default. */
export interface ChatOptions {
    /** Left out for models that refuse it. */
    temperature?: number;
    maxTokens?: number;
    topP?: number;
    stop?: string[];
    /** The nearest effort that the model lists; left out for models that do not reason. */
    reasoning?: Reasoning;
}

export type Reasoning = "none" | "minimal" | "low" | "medium" | "high";

export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

export interface SystemMessage {
    role: "system";
    content: string | Part[];
}

export interface UserMessage {
    role: "user";
    content: string | Part[];
}

/** `ChatResult.message` may be sent back as it came: a tool loop needs its `reasoningDetails`. */
export interface AssistantMessage {
    role: "assistant";
    content: string | null;
    /** Accepted and not sent on. */
    reasoning?: string;
    toolCalls?: ToolCall[];
    reasoningDetails?: object[];
}

export interface ToolMessage {
    role: "tool";
    toolCallId: string;
    content: string;
}

export type Part = TextPart | ImagePart | FilePart;

export interface TextPart {
    type: "text";
    text: string;
}

export interface ImagePart {
    type: "image";
    /** Such as "image/png". */
    mediaType: string;
    /** Base64. */
    data: string;
}

export interface FilePart {
    type: "file";
    /** Such as "application/pdf". */
    mediaType: string;
    /** Base64. */
    data: string;
    name?: string;
}

export interface ToolCall {
    id: string;
    name: string;
    /** JSON, as the model wrote it: it may be broken. */
    arguments: string;
}

export interface Tool {
    name: string;
    /** A JSON Schema. */
    parameters: object;
    description?: string;
}

export interface NamedTool {
    name: string;
}

export type Attachment = FileAttachment | DiagnosticsAttachment;

/** The open document as the editor shows it; else the file, if it lies in a workspace folder. */
export interface FileAttachment {
    kind: "file";
    uri: string;
    /** Default: the whole. */
    range?: Range;
}

/** The diagnostics of a document. */
export interface DiagnosticsAttachment {
    kind: "diagnostics";
    uri: string;
    /** As the editor has them. Default: those that the daemon itself has published for the document. */
    items?: Diagnostic[];
}

/** Of LSP; further fields are ignored. */
export interface Diagnostic {
    range: Range;
    message: string;
    /** 1 error, 2 warning, 3 information, 4 hint. */
    severity?: number;
    source?: string;
}

/** From 0, in the negotiated encoding; the end is not part of it. */
export interface Range {
    start: Position;
    end: Position;
}

export interface Position {
    line: number;
    character: number;
}

export interface ChatResult {
    message: Answer;
    finish: Finish;
    /** The model that answered, as the gateway names it; else the one that was asked. */
    model: string;
    /** Which provider of the gateway served it. */
    provider: string | null;
    /** The gateway's id of this answer. */
    generation: string | null;
    usage: Usage | null;
    cost: Cost;
    timings: Timings;
    /** With "cutOff" only: in a sentence, what cut the answer off. */
    problem?: string;
    /** With `conversation`: the id of this turn. */
    turn?: string;
    /** Where the gateway counted tokens: how full the model's window is now. */
    context?: Context;
    /** All tries at getting this answer, in order, where any is known. */
    attempts?: Attempt[];
    /** Sentences for a person: of a budget, or of the gateway. */
    warnings?: string[];
}

/** A try of the daemon at a gateway, or of the gateway at a provider. */
export interface Attempt {
    by: "daemon" | "gateway";
    model: string;
    provider: string | null;
    success: boolean;
    /** Of HTTP. */
    status?: number;
    /** Why it failed, in a sentence. */
    error?: string;
    /** Whose key the provider was given: the gateway's, or the person's own. */
    credential?: "system" | "byok";
    durationMs?: number;
}

export interface Context {
    usedTokens: number;
    windowTokens: number | null;
}

/** "cutOff": the stream broke; what came is here, and nothing is lost. */
export type Finish = "stop" | "length" | "toolCalls" | "filtered" | "cutOff";

/** The deltas, joined. */
export interface Answer {
    role: "assistant";
    content: string;
    reasoning?: string;
    toolCalls?: ToolCall[];
    /** To be sent back with this message as they are: they hold signatures. */
    reasoningDetails?: object[];
}

/** As the gateway counts. Input includes what was read from a cache and written to it; reasoning is part of the output with most gateways, and beside it with some. */
export interface Usage {
    inputTokens: number;
    outputTokens: number;
    cachedTokens: number;
    cacheWriteTokens: number;
    reasoningTokens: number;
}

export interface Cost {
    usd: number | null;
    source: CostSource;
    /** What the prompt cache took off, less what filling it cost; where tokens and prices are known. */
    savedUsd?: number;
    /** What the provider lists, where the gateway says it. */
    marketUsd?: number;
    /** The provider bills the person apart: `usd` is without that. */
    byok?: boolean;
}

/** "gateway": what it says it charged. "estimate": from the list's prices. */
export type CostSource = "gateway" | "estimate" | "unknown";

/** Since the daemon had the request. */
export interface Timings {
    firstDeltaMs: number | null;
    totalMs: number;
}

export interface ConversationsParams {
    /** URI. Default: of all folders. */
    workspaceFolder?: string;
    /** Words, in any case. */
    query?: string;
    limit?: number;
}

export interface Conversations {
    conversations: ConversationSummary[];
    /** How many match, before `limit`. */
    total: number;
}

export interface ConversationSummary {
    id: string;
    /** Until it was named: how it began. */
    title: string;
    /** URI of the folder that it was begun in; null for none. */
    workspaceFolder: string | null;
    createdAt: string;
    changedAt: string;
    /** How many there are now. */
    turns: number;
    /** The id of the last of them. */
    lastTurn: string | null;
    /** Whether a turn is being answered by this daemon. */
    running: boolean;
    /** Whether it is in memory only, as was asked for. */
    private: boolean;
    /** That answered last. */
    model: string | null;
    /** US dollars, estimates included; null where nothing is known. */
    costUsd: number | null;
    /** The conversation that it is a branch of. */
    branchedFrom?: string;
    /** With `query`: the text around what was found. */
    excerpt?: string;
    /** In a sentence, why it cannot be written to disk; until it can, it is kept in memory. */
    problem?: string;
}

export interface ConversationParams {
    conversation: string;
}

export interface Conversation {
    summary: ConversationSummary;
    turns: Turn[];
    total: ConversationTotal;
}

export interface Turn {
    /** Unique in its conversation. */
    id: string;
    at: string;
    /** What was new with it: the question. */
    messages: Message[];
    attachments: Attachment[];
    /** That was asked for; null: the role's. */
    model: string | null;
    state: TurnState;
    /** As far as it came: with "cutOff" and "cancelled" the part that had come, if any had. */
    answer?: ChatResult;
    /** With "failed": why. */
    failure?: TurnFailure;
}

/** "cutOff": the gateway's stream broke, or the daemon ended in the middle of it. */
export type TurnState = "running" | "done" | "cutOff" | "cancelled" | "failed";

export interface TurnFailure {
    /** As in `ErrorData`; empty for a fault that has none. */
    kind: string;
    message: string;
}

/** Of all that was asked in it, also of what was replaced since. */
export interface ConversationTotal {
    inputTokens: number;
    outputTokens: number;
    cachedTokens: number;
    /** US dollars, as gateways have said. */
    costUsd: number;
    /** US dollars, from the list's prices; not part of `costUsd`. */
    estimatedUsd: number;
    /** Answers whose cost nobody knows. */
    unknown: number;
    /** US dollars that prompt caches took off, less what filling them cost; absent where nobody knows. */
    savedUsd?: number;
}

export interface RenameConversationParams {
    conversation: string;
    /** Not empty. */
    title: string;
}

export interface BranchConversationParams {
    conversation: string;
    /** The last that the branch has. */
    turn: string;
}

export interface EditTurnParams {
    conversation: string;
    turn: string;
    /** In place of the text of its last user message; images and files stay. */
    question?: string;
    /** In place of the text of its answer. */
    answer?: string;
}

export interface ExportConversationParams {
    conversation: string;
    format: ExportFormat;
}

export type ExportFormat = "markdown" | "json";

export interface ExportedConversation {
    /** A file name to offer. */
    name: string;
    text: string;
}

export interface ApplyParams {
    uri: string;
    /** The block, without its fence. */
    code: string;
    /** The selection or the cursor: where the code goes if the document does not tell. */
    range?: Range;
}

export interface ApplyResult {
    /** In the order of the document; they do not overlap. Empty: the document says it already. */
    edits: TextEdit[];
    placed: Placed;
    /** Of the open document that was read; null for a file from disk. */
    version: number | null;
}

/** Of LSP. */
export interface TextEdit {
    range: Range;
    newText: string;
}

/** The block takes the place of the whole document, of the part that it resembles or names, of the selection, or is put at the cursor. */
export type Placed = "whole" | "replaced" | "selection" | "inserted";

export interface Credits {
    /** US dollars. */
    balanceUsd: number;
    /** US dollars. */
    usedUsd: number;
    /** When the gateway said it. */
    at: string;
}

export interface UsageParams {
    /** A day ("2026-11-20") or a moment, in ISO 8601. Default: from the beginning. */
    since?: string;
    /** Exclusive. A day here means its beginning. Default: now. */
    until?: string;
    /** Default "day". */
    groupBy?: UsageKey;
    /** Groups within each group; then each row has `split`. */
    splitBy?: UsageKey;
}

export type UsageKey =
    | "day"
    | "week"
    | "month"
    | "hour"
    | "model"
    | "provider"
    | "role"
    | "workspace"
    | "client"
    | "conversation"
    | "gateway";

export interface UsageReport {
    /** By time, earliest first; else dearest first. */
    rows: UsageRow[];
    total: UsageSum;
    /** The moment that `since` means. */
    since: string | null;
    /** The moment that `until` means. */
    until: string | null;
    suggestions: Suggestions;
}

export interface UsageSum {
    /** What was asked. */
    requests: number;
    /** What reached a gateway for it: more than requests, where some were tried again. */
    attempts: number;
    /** Attempts that ended in an error. */
    errors: number;
    /** Includes cached tokens and those written to the cache. */
    inputTokens: number;
    outputTokens: number;
    cachedTokens: number;
    cacheWriteTokens: number;
    /** As the gateway says them: neither added nor subtracted anywhere. */
    reasoningTokens: number;
    /** US dollars, as gateways have said. */
    costUsd: number;
    /** US dollars, from the list's prices; not part of `costUsd`. */
    estimatedUsd: number;
    /** US dollars that the prompt caches took off, less what filling them cost: may be negative. */
    savedUsd: number;
    /** Attempts whose cost nobody knows. */
    unknown: number;
    firstDeltaMs: Percentiles | null;
    totalMs: Percentiles | null;
}

/** A sum, as above, of one group. */
export interface UsageRow {
    requests: number;
    attempts: number;
    errors: number;
    inputTokens: number;
    outputTokens: number;
    cachedTokens: number;
    cacheWriteTokens: number;
    reasoningTokens: number;
    costUsd: number;
    estimatedUsd: number;
    savedUsd: number;
    unknown: number;
    firstDeltaMs: Percentiles | null;
    totalMs: Percentiles | null;
    /** A day as "2026-11-20", an hour as "2026-11-20T14", a month as "2026-11", a week by its Monday; else a name. Empty: it has none. */
    key: string;
    split?: string;
}

export interface Percentiles {
    p50: number;
    p95: number;
}

/** Ghost text. */
export interface Suggestions {
    shown: number;
    accepted: number;
    /** US dollars, estimates included. */
    costUsd: number;
}

export interface ExportUsageParams {
    format: UsageFormat;
    /** As in `passerelle/usage`. */
    since?: string;
    until?: string;
}

export type UsageFormat = "csv" | "json";

export interface ExportedUsage {
    /** A file name to offer. */
    name: string;
    text: string;
    /** How many attempts are in it. */
    rows: number;
}

export interface BudgetsParams {
    /** URI; whose settings hold, and what a budget per workspace counts. Default: the first folder. */
    workspaceFolder?: string;
    /** What a budget per conversation counts; without it those are left out. */
    conversation?: string;
}

export interface Budgets {
    budgets: BudgetState[];
}

export interface BudgetState {
    /** As in `passerelle/config`: "budgets.0". */
    key: string;
    per: Per;
    usd: number;
    action: BudgetAction;
    /** Empty: all. */
    roles: string[];
    /** Ids or globs. Empty: all. */
    models: string[];
    /** In this day, week, month, conversation or workspace; estimates included. */
    spentUsd: number;
    /** What running requests may cost at most. */
    inFlightUsd: number;
    /** "near": four fifths are spent. */
    state: BudgetCondition;
    /** Null where it never does: per conversation or workspace. */
    resetsAt: string | null;
    source: Source;
    /** Where a file says it. */
    path?: string;
    line?: number;
}

export type Per = "day" | "week" | "month" | "conversation" | "workspace";

export type BudgetAction = "warn" | "stop";

export type BudgetCondition = "ok" | "near" | "reached";

export interface AllowOnceParams {
    /** The key of a budget. */
    budget: string;
    workspaceFolder?: string;
}

export interface EndpointsParams {
    model: string;
    /** Whose routing is looked at. Default "chat". */
    role?: string;
    workspaceFolder?: string;
}

export interface Endpoints {
    model: string;
    /** Those that `routing.order` names first, then as the gateway orders them. */
    endpoints: Endpoint[];
    /** When the gateway said it; it is asked at most once a minute. */
    at: string;
}

export interface Endpoint {
    /** As `routing.order` and `routing.only` name it. */
    provider: string;
    price: Price;
    contextWindow: number | null;
    maxOutput: number | null;
    quantization: string | null;
    up: boolean;
    /** To the first token, of the last hour. */
    latencyMs: Percentiles | null;
    /** Tokens a second, of the last hour. */
    throughputTps: Percentiles | null;
    uptime: Uptime;
    implicitCaching: boolean;
    /** Why the routing leaves it out, in a sentence. */
    excluded?: string;
}

/** Per cent. */
export interface Uptime {
    last15m: number | null;
    lastHour: number | null;
    lastDay: number | null;
}

export interface ConfigParams {
    /** URI. Default: the first folder. */
    workspaceFolder?: string;
}

export interface EffectiveConfig {
    values: ConfigValue[];
    problems: Problem[];
}

export interface ConfigValue {
    /** Dotted, as in TOML; parts that hold a dot or a slash are quoted. */
    key: string;
    value: unknown;
    source: Source;
    path?: string;
    /** From 1. */
    line?: number;
}

export interface ChatDelta {
    token: string;
    /** 0, 1, 2 … for each token. */
    seq: number;
    text?: string;
    reasoning?: string;
    toolCall?: ToolCallDelta;
}

/** `id` and `name` come once for each index; `arguments` are pieces to be joined. */
export interface ToolCallDelta {
    index: number;
    id?: string;
    name?: string;
    arguments?: string;
}

export interface DidChangeModels {
    added: string[];
    removed: string[];
    total: number;
}

export interface DidChangeConfig {
    /** The keys whose effective value changed. */
    keys: string[];
    /** All that there are now. */
    problems: Problem[];
}

export interface DidChangeConversations {
    changed: ConversationSummary[];
    deleted: string[];
}

export interface SecretParams {
    name: string;
}

export interface SecretResult {
    /** null: this client has no such secret. */
    value: string | null;
}

export interface ErrorData {
    kind: string;
    /** Of HTTP. */
    status?: number;
    retryAfterMs?: number;
    provider?: string;
    generation?: string;
    suggestions?: string[];
    /** With `budgetReached`. */
    budget?: BudgetState;
    /** With `confirmCost`: US dollars that the request would likely cost. */
    estimateUsd?: number;
    /** Where a routing left no provider: those that there are. */
    considered?: string[];
    /** What mends it: an LSP Command for `workspace/executeCommand`. */
    action?: Command;
}

/** What a client may ask, and what it is answered: `[params, result]`. */
export interface Requests {
    "passerelle/status": [Nothing, Status];
    "passerelle/models": [ModelsParams, Models];
    "passerelle/selectModel": [SelectModelParams, Status];
    "passerelle/gateways": [Nothing, GatewayChoices];
    "passerelle/selectGateway": [SelectGatewayParams, Status];
    "passerelle/chat": [ChatParams, ChatResult];
    "passerelle/conversations": [ConversationsParams, Conversations];
    "passerelle/conversation": [ConversationParams, Conversation];
    "passerelle/conversation/rename": [RenameConversationParams, ConversationSummary];
    "passerelle/conversation/delete": [ConversationParams, Nothing];
    "passerelle/conversation/branch": [BranchConversationParams, Conversation];
    "passerelle/conversation/edit": [EditTurnParams, Conversation];
    "passerelle/conversation/export": [ExportConversationParams, ExportedConversation];
    "passerelle/apply": [ApplyParams, ApplyResult];
    "passerelle/credits": [Nothing, Credits];
    "passerelle/usage": [UsageParams, UsageReport];
    "passerelle/usage/export": [ExportUsageParams, ExportedUsage];
    "passerelle/budgets": [BudgetsParams, Budgets];
    "passerelle/budgets/allowOnce": [AllowOnceParams, Budgets];
    "passerelle/endpoints": [EndpointsParams, Endpoints];
    "passerelle/config": [ConfigParams, EffectiveConfig];
}

/** What the daemon tells. */
export interface Notifications {
    "passerelle/chat/delta": ChatDelta;
    "passerelle/didChangeStatus": Status;
    "passerelle/didChangeModels": DidChangeModels;
    "passerelle/didChangeConfig": DidChangeConfig;
    "passerelle/didChangeConversations": DidChangeConversations;
}

/** `error.data.kind`. */
export type ErrorKind =
    | "keyMissing"
    | "keyRefused"
    | "creditsExhausted"
    | "budgetReached"
    | "confirmCost"
    | "unsupported"
    | "forbidden"
    | "modelUnknown"
    | "contextTooLong"
    | "refused"
    | "rateLimited"
    | "unavailable"
    | "unreachable"
    | "timedOut"
    | "streamBroken"
    | "secretFound"
    | "misconfigured"
    | "conversationUnknown";
