// What the gallery shows: each scene is what the host tells the page, and what a person then does.

const DAY = 86_400_000;

/** Moments are told from now on, so that "Today" is today in every run. */
const before = (ms) => new Date(Date.now() - ms).toISOString();

export const MODEL = {
    id: "anthropic/claude-sonnet-4.5",
    name: "Claude Sonnet 4.5",
    vision: true,
    wanted: null,
    confirm: null,
};

export const STATUS = {
    state: "ready",
    message: "anthropic/claude-sonnet-4.5 serves chat.",
    gateway: { name: "vercel", url: "https://ai-gateway.vercel.sh/v1", key: "env:AI_GATEWAY_API_KEY" },
    roles: { chat: { model: "anthropic/claude-sonnet-4.5", source: "user" } },
    catalogue: { total: 313, fetchedAt: "2026-11-20T10:00:00Z", source: "live" },
    daemon: { version: "0.1.0", pid: 4711, uptimeMs: 61000, rssBytes: 54525952, connections: 1 },
    problems: [],
    spent: { requests: 2, costUsd: 0.0132, estimatedUsd: 0, unknown: 0 },
};

export function summary(id, title, age, more = {}) {
    return {
        id,
        title,
        workspaceFolder: "file:///home/ada/project",
        createdAt: before(age),
        changedAt: before(age),
        turns: 2,
        lastTurn: "t2",
        running: false,
        private: false,
        model: "anthropic/claude-sonnet-4.5",
        costUsd: 0.0132,
        ...more,
    };
}

const CONVERSATIONS = [
    summary("c1", "How the parser ends a line", 4 * 60_000, { running: true }),
    summary("c2", "Why the tests hang on Windows when the pipe is closed early", 3 * 3_600_000, { costUsd: 0.2 }),
    summary("c3", "Rename Session to Conversation", DAY + 3_600_000, { private: true, costUsd: null }),
    summary("c4", "SSE and U+2028", 3 * DAY, { model: "openai/gpt-5-mini", costUsd: 0.0004 }),
    summary("c5", "A migration for the journal's old format", 9 * DAY, {
        problem: "It is in memory only: no space left on the disk that holds the state folder.",
    }),
    summary("c6", "Which license do I need for the icons?", 45 * DAY, { model: "google/gemini-2.5-flash" }),
    summary("c7", "First question", 400 * DAY, { model: null, costUsd: null }),
];

const ANSWER = `The loop in \`decode\` splits on **every** line end that Unicode knows, and \`U+2028\` is one of them:

\`\`\`python
def feed(self, chunk: bytes) -> list[Event]:
    """Lines are split on bytes, at CR, LF or CRLF only."""
    self._buffer += chunk
    lines = bytes(self._buffer).splitlines(keepends=True)
    return [event for line in lines if (event := self._line(line))]
\`\`\`

So a model that writes it inside JSON cuts its own event in two. Split on bytes instead:

1. keep the bytes in a buffer;
2. split at \`\\n\` and \`\\r\` only;
3. decode what is whole.
`;

const result = (content, more = {}) => ({
    message: { role: "assistant", content },
    finish: "stop",
    model: "anthropic/claude-sonnet-4.5",
    provider: "bedrock",
    generation: "gen_01",
    usage: { inputTokens: 9100, outputTokens: 340, cachedTokens: 7000, cacheWriteTokens: 0, reasoningTokens: 0 },
    cost: { usd: 0.0132, source: "gateway" },
    timings: { firstDeltaMs: 480, totalMs: 4200 },
    turn: "t1",
    context: { usedTokens: 12300, windowTokens: 200000 },
    ...more,
});

export function turn(id, question, more = {}) {
    return {
        key: `k-${id}`,
        id,
        at: before(240_000),
        messages: [{ role: "user", content: question }],
        attachments: [],
        state: "done",
        text: ANSWER,
        reasoning: "",
        result: result(ANSWER),
        problem: null,
        ...more,
    };
}

const FILE = {
    type: "attachment",
    key: "file:sse",
    label: "sse.py:12–40",
    detail: "server/passerelle/sse.py:12–40",
    attachment: {
        kind: "file",
        uri: "file:///home/ada/project/server/passerelle/sse.py",
        range: { start: { line: 11, character: 0 }, end: { line: 40, character: 0 } },
    },
};
const LONG_FILE = {
    type: "attachment",
    key: "file:long",
    label: "a_module_with_a_name_that_is_far_too_long_for_a_panel.py",
    detail: "server/passerelle/a_module_with_a_name_that_is_far_too_long_for_a_panel.py",
    attachment: { kind: "file", uri: "file:///home/ada/project/long.py" },
};
const PROBLEMS = {
    type: "attachment",
    key: "diagnostics:sse",
    label: "3 problems in sse.py",
    detail: "12: undefined name",
    attachment: { kind: "diagnostics", uri: "file:///home/ada/project/server/passerelle/sse.py", items: [] },
};
// A PNG of 2 × 2 pixels.
const PIXELS =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg==";
const IMAGE = {
    type: "image",
    key: "image:1",
    label: "Pasted image",
    detail: "image/png",
    part: { type: "image", mediaType: "image/png", data: PIXELS },
};

export const EMPTY = {
    conversation: null,
    turns: [],
    total: null,
    context: null,
    draft: { text: "", chips: [], replaces: null },
    model: MODEL,
    status: STATUS,
    daemon: { state: "running", problem: null },
    list: { open: false, query: "", conversations: [], total: 0 },
    private: false,
};

const TALK = {
    ...EMPTY,
    conversation: summary("c1", "How the parser ends a line", 240_000),
    turns: [turn("t1", "Why does the decoder lose events when the text holds U+2028?", { attachments: [FILE] })],
    total: { inputTokens: 9100, outputTokens: 340, cachedTokens: 7000, costUsd: 0.0132, estimatedUsd: 0, unknown: 0 },
    context: { usedTokens: 12300, windowTokens: 200000 },
};

const RUNNING = {
    ...TALK,
    turns: [
        ...TALK.turns,
        turn("t2", "And with CRLF?", {
            id: null,
            state: "running",
            text: "A CR at the very end of a chunk may be half a CRLF, so",
            result: null,
        }),
    ],
};

const NEEDS_KEY = {
    ...STATUS,
    state: "needsKey",
    message: "No key for the gateway vercel: set AI_GATEWAY_API_KEY, or name another place in [gateways.vercel].",
};

const suggestion = (label, detail) => ({
    label,
    detail,
    chip: { ...LONG_FILE, key: `file:${detail}`, label, detail },
});

const open = (list) => ({ open: true, query: "", conversations: CONVERSATIONS, total: CONVERSATIONS.length, ...list });

/** Runs in the page: what a screenshot on the clipboard is to it. */
async function pastePicture({ width, height }) {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const brush = canvas.getContext("2d");
    brush.fillStyle = "teal";
    brush.fillRect(0, 0, width, height / 2);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([blob], "image.png", { type: "image/png" }));
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.querySelector("textarea").dispatchEvent(paste);
}

/** `act` is done in the page, with Playwright, after the state was told. */
export const SCENES = [
    { name: "start", state: EMPTY },
    { name: "start-without-key", state: { ...EMPTY, status: NEEDS_KEY, model: null } },
    {
        name: "start-private-other-model",
        state: {
            ...EMPTY,
            private: true,
            model: { ...MODEL, wanted: "anthropic/claude-sonnet-4" },
            draft: { ...EMPTY.draft, chips: [FILE] },
        },
    },
    { name: "starting", state: { ...EMPTY, status: null, model: null, daemon: { state: "starting", problem: null } } },
    {
        name: "stopped",
        state: {
            ...TALK,
            daemon: {
                state: "stopped",
                problem: {
                    kind: "crashed",
                    message: "The daemon ended unexpectedly (exit code 137). What had come of the answer is kept.",
                    remedy: { do: "restart" },
                },
            },
        },
    },
    {
        name: "disk-full",
        state: {
            ...TALK,
            conversation: {
                ...TALK.conversation,
                private: true,
                problem: "It is in memory only: no space left on the disk that holds the state folder.",
            },
        },
    },
    { name: "talk", state: TALK },
    { name: "running", state: RUNNING },
    {
        name: "attachments",
        state: {
            ...TALK,
            draft: {
                text: "What is on this picture, and what do the files say?\nPlease look at the end of the loop too.",
                chips: [FILE, LONG_FILE, PROBLEMS, IMAGE],
                replaces: null,
            },
            model: { ...MODEL, id: "mistral/devstral", name: "Devstral Small 1.1", vision: false },
            context: { usedTokens: 171000, windowTokens: 200000 },
        },
    },
    {
        name: "pasted-image",
        state: { ...TALK, turns: TALK.turns.slice(0, 1) },
        act: async (page) => {
            await page.evaluate(pastePicture, { width: 4000, height: 2000 });
            const picture = page.locator(".chip-image");
            await picture.waitFor();
            const width = await picture.evaluate((image) => image.decode().then(() => image.naturalWidth));
            if (width !== 1568) throw new Error(`the image was scaled to ${width} pixels`);
        },
    },
    {
        name: "renaming",
        state: TALK,
        act: async (page) => {
            await page.locator(".title-button").click();
            await page.locator("pass-rename input").waitFor();
        },
    },
    {
        name: "list-renaming",
        state: { ...TALK, list: open({}) },
        act: async (page) => {
            await page.locator(".row-open").nth(1).focus();
            await page.keyboard.press("F2");
            await page.locator("pass-rename input").waitFor();
        },
    },
    {
        name: "list-focused",
        state: { ...TALK, list: open({}) },
        act: async (page) => {
            await page.keyboard.press("ArrowDown");
            await page.keyboard.press("ArrowDown");
        },
    },
    {
        name: "editing",
        state: { ...TALK, draft: { text: "Why does it lose events with U+2028?", chips: [FILE], replaces: "t1" } },
    },
    {
        name: "naming-a-file",
        state: { ...TALK, draft: { text: "", chips: [], replaces: null } },
        act: async (page) => {
            await page.locator("textarea").pressSequentially("Look at @sse");
            await page.evaluate(() => globalThis.gallery.asked("suggest"));
            await page.evaluate(
                (suggestions) => globalThis.gallery.suggest(suggestions),
                [
                    suggestion("sse.py", "server/passerelle/sse.py"),
                    suggestion("test_sse.py", "tests/unit/test_sse.py"),
                    suggestion("sse_fuzz_cases.json", "tests/data/streams/sse_fuzz_cases.json"),
                ],
            );
            await page.locator(".suggestion").first().waitFor();
            await page.keyboard.press("ArrowDown");
        },
    },
    { name: "list", state: { ...TALK, list: open({}) } },
    {
        name: "list-found",
        state: {
            ...TALK,
            list: open({
                query: "parser line",
                conversations: CONVERSATIONS.slice(0, 2).map((found) => ({
                    ...found,
                    excerpt: "… where the parser ends a line, and why the last line of a chunk may go on in the next …",
                })),
                total: 2,
            }),
        },
    },
    {
        name: "list-deleting",
        state: { ...TALK, list: open({ total: 213 }) },
        act: async (page) => {
            await page.locator(".row-open").nth(1).focus();
            await page.keyboard.press("Delete");
        },
    },
    {
        name: "menu",
        state: TALK,
        act: async (page) => {
            await page.locator(".header pass-menu .icon-button").click();
            await page.keyboard.press("ArrowDown");
        },
    },
    {
        name: "attach-menu",
        state: RUNNING,
        act: async (page) => {
            await page.locator(".composer pass-menu .icon-button").click();
        },
    },
    {
        name: "deleting",
        state: TALK,
        act: async (page) => {
            await page.locator(".header pass-menu .icon-button").click();
            await page.getByRole("menuitem", { name: "Delete" }).click();
        },
    },
];
