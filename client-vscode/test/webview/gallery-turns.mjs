// Turns of every kind, for the gallery and for the measurements.
import { EMPTY, summary, turn } from "./gallery-states.mjs";

const CODE = `Two things go wrong here. The first is in the **reader**, the second in how \`feed()\` is called:

\`\`\`typescript
/** Splits what comes into lines; the last one may go on. */
export class Lines<T extends Uint8Array> {
    private rest = "";

    constructor(private readonly decoder = new TextDecoder("utf-8", { fatal: true })) {}

    async *feed(chunks: AsyncIterable<T>): AsyncGenerator<string, void, undefined> {
        for await (const chunk of chunks) {
            const lines = (this.rest + this.decoder.decode(chunk, { stream: true })).split(/\\r?\\n/);
            this.rest = lines.pop() ?? "";
            yield* lines; // A line that is far too long for the panel, so that one has to scroll it sideways
        }
        if (this.rest.length > 0x10) yield \`\${this.rest}\\n\`;
    }
}
\`\`\`

In Python the same is shorter:

\`\`\`python
@dataclass(frozen=True)
class Event:
    name: str = "message"
    data: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        # None is no event
        return f"{self.name}: {len(self.data)!r}" if self.data is not None else ""
\`\`\`

\`\`\`diff
--- a/sse.py
+++ b/sse.py
@@ -12,3 +12,3 @@
-    for line in text.splitlines():
+    for line in data.split(b"\\n"):
\`\`\`

\`\`\`sh
npm run build -- --watch && curl -s "$URL/v1/models" | jq '.data[].id'
\`\`\`
`;

const PROSE = `# What the gateway does

It passes on what you ask, and **measures** it. The *short* version, with \`inline code\`, a [link](https://example.com) and a file: [src/main.ts](src/main.ts:12).

## In order

1. It looks up the model in the catalogue.
   - first in memory,
   - then on disk; a list that is nested and has an item that is long enough to be broken into two lines.
2. It asks the provider.

   This item has a second paragraph.
3. It streams the answer back.

### Tasks

- [x] Keys are kept by the system
- [ ] Prices come from the list
- [ ] Write the rest

> A gateway that nobody watches is a bill that nobody reads.

| Model | Input | Output | Cached | What it is good for |
|:------|------:|-------:|:------:|---------------------|
| \`claude-sonnet-4.5\` | $3.00 | $15.00 | $0.30 | Code, long texts, and questions about both |
| \`gpt-5-mini\` | $0.25 | $2.00 | $0.03 | Titles and other small things |
| \`gemini-2.5-flash\` | $0.30 | $2.50 | – | Images |

---

Mathematics stays as it is: $E = mc^2$, and HTML that is not known too: Vec<String>. Press <kbd>Ctrl</kbd>+<kbd>C</kbd>.
`;

const ARABIC = `## الجواب

هذا نص **عربي** مع \`code\` داخله ورابط [هنا](https://example.com).

- أولا
- ثانيا
`;

const REASONING = `The user asks about **line ends**. I should look at how \`splitlines\` works:

1. it splits at U+2028,
2. and JSON may hold that.`;

const LONG_QUESTION = Array.from(
    { length: 30 },
    (_, line) => `at Object.run (src/editor/daemon/link.ts:${line + 10}:5)`,
).join("\n");

const PNG =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg==";
const image = { type: "image", mediaType: "image/png", data: PNG };

const file = (label, detail, range) => ({
    type: "attachment",
    key: `file:${detail}`,
    label,
    detail,
    attachment: { kind: "file", uri: `file:///home/ada/project/${detail}`, ...(range ? { range } : {}) },
});
const FILES = [
    file("sse.py:12–40", "server/passerelle/sse.py", {
        start: { line: 11, character: 0 },
        end: { line: 39, character: 0 },
    }),
    file("a_module_with_a_name_that_is_far_too_long_for_a_panel.py", "server/a_module_with_a_name.py"),
    {
        type: "attachment",
        key: "diagnostics",
        label: "3 problems in sse.py",
        detail: "12: undefined name",
        attachment: { kind: "diagnostics", uri: "file:///home/ada/project/sse.py" },
    },
];

export function answered(id, question, text, more = {}) {
    const base = turn(id, question);
    return { ...base, text, result: { ...base.result, message: { role: "assistant", content: text } }, ...more };
}

const running = (id, question, text, more = {}) =>
    answered(id, question, text, { id: null, state: "running", result: null, ...more });
const soon = (ms) => new Date(Date.now() - ms).toISOString();
const LIMIT = "The gateway asks to wait: too many requests in a minute.";

export const talk = (...turns) => ({
    ...EMPTY,
    conversation: summary("c1", "How the parser ends a line", 240_000),
    turns,
    context: { usedTokens: 12300, windowTokens: 200000 },
});

const estimate = (base) => ({
    ...base,
    result: {
        ...base.result,
        model: "openai/gpt-5-mini",
        provider: null,
        cost: { usd: 0.00042, source: "estimate" },
        usage: { inputTokens: 812, outputTokens: 96, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
    },
});

/** `act` is done in the page, with Playwright; `top` shows the beginning. */
export const SCENES = [
    { name: "code", top: true, state: talk(answered("t1", "Why does the decoder lose events with U+2028?", CODE)) },
    {
        name: "code-hovered",
        top: true,
        state: talk(answered("t1", "Why does the decoder lose events with U+2028?", CODE)),
        act: async (page) => {
            await page.locator("pass-code .code-wrap").first().click();
            await page.locator("pass-code .code-copy").first().click();
        },
    },
    { name: "prose", top: true, height: 1350, state: talk(answered("t1", "What does the gateway do?", PROSE)) },
    {
        name: "questions",
        top: true,
        state: talk(
            answered("t1", LONG_QUESTION, "This is **one** stack.", { attachments: FILES }),
            answered("t2", "", "Two pixels.", {
                messages: [{ role: "user", content: [{ type: "text", text: "What is on these?" }, image, image] }],
            }),
            estimate(answered("t3", "ما هو الجواب؟", ARABIC)),
            answered("t4", "Call a tool", "", {
                result: {
                    ...turn("x", "").result,
                    message: {
                        role: "assistant",
                        content: "",
                        toolCalls: [{ id: "1", name: "read_file", arguments: '{"path": "src/main.ts"}' }],
                    },
                    cost: { usd: null, source: "unknown" },
                    usage: null,
                },
            }),
        ),
    },
    {
        name: "ends",
        state: talk(
            answered("t1", "One", "This came, and then the line", {
                state: "cutOff",
                problem: {
                    kind: "streamTruncated",
                    message: "the connection was closed in the middle of the answer.",
                    remedy: { do: "goOn" },
                },
            }),
            answered("t2", "Two", "As far as it", { state: "cancelled", result: null }),
            answered("t3", "Three", "", {
                state: "failed",
                result: null,
                problem: { kind: "keyMissing", message: "No key for the gateway vercel.", remedy: { do: "setKey" } },
            }),
            answered("t4", "Four", "", {
                state: "failed",
                result: null,
                problem: {
                    kind: "rateLimited",
                    message: LIMIT,
                    remedy: { do: "retry", retryAt: Date.now() + 900_000 },
                },
            }),
            answered("t5", "Five", "", {
                state: "failed",
                result: null,
                problem: { kind: "bug", message: "The daemon failed in a way that it did not expect.", remedy: null },
            }),
        ),
    },
    {
        name: "waiting",
        height: 600,
        state: talk(
            answered("t1", "One", "Yes.", { reasoning: REASONING }),
            running("t2", "And with CRLF?", "", { at: soon(12_000) }),
        ),
    },
    {
        name: "thinking",
        height: 600,
        state: talk(
            answered("t1", "One", "Yes.", { reasoning: REASONING }),
            running("t2", "And?", "", { reasoning: REASONING }),
        ),
        act: async (page) => {
            const folded = page.locator('.fold[aria-expanded="false"]');
            while ((await folded.count()) > 0) await folded.first().click();
        },
    },
    { name: "streaming", height: 700, state: talk(running("t1", "Write it", CODE.slice(0, 640))) },
    {
        name: "up",
        height: 600,
        top: true,
        state: talk(...Array.from({ length: 12 }, (_, at) => answered(`t${at}`, `Question ${at}`, PROSE))),
        act: async (page) => {
            await page.mouse.move(150, 250);
            await page.mouse.wheel(0, 300);
            await page.locator(".asked").first().hover();
        },
    },
];
