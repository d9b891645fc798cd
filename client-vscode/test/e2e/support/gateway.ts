/** A gateway on loopback that does what a test says: which models it lists, and how each chat goes. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";

/** The models of a real gateway, with all the awkward cases. */
const CATALOGUE = new URL("../../../../tests/data/catalogue.json", import.meta.url);

/** One request as the gateway saw it. */
export interface Seen {
    path: string;
    key: string | undefined;
    body: ChatBody;
}

export interface ChatBody {
    model: string;
    stream: boolean;
    messages: { role: string; content: unknown }[];
    tools?: unknown[];
}

/** How one chat goes: pieces of text, waits, and an end. */
export type Script = (reply: Reply, body: ChatBody) => Promise<void>;

export class Gateway {
    readonly seen: Seen[] = [];
    /** Of the chats that follow. */
    script: Script = says("Hello from the gateway.");
    /** Keys that are accepted; null accepts any. */
    keys: string[] | null = null;
    models = (JSON.parse(readFileSync(CATALOGUE, "utf8")) as { data: object[] }).data;
    /** The providers of every model, as the gateway lists them; null where it does not. */
    endpoints: object[] | null = null;
    credits: object | null = null;
    private readonly server: Server;

    private constructor() {
        this.server = createServer((request, response) => void this.serve(request, response));
    }

    static async start(): Promise<Gateway> {
        const gateway = new Gateway();
        await new Promise<void>((done) => gateway.server.listen(0, "127.0.0.1", done));
        return gateway;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
    }

    /** The chats so far; titles that the daemon asks for by itself are left out. */
    get chats(): Seen[] {
        return this.seen.filter((seen) => seen.path.endsWith("/chat/completions") && !isTitle(seen.body));
    }

    async close(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }

    /** What is asked without a chat. */
    private told(path: string): object | null {
        if (path.endsWith("/models")) return { object: "list", data: this.models };
        if (path.endsWith("/endpoints"))
            return this.endpoints === null ? null : { data: { endpoints: this.endpoints } };
        return path.endsWith("/credits") ? this.credits : null;
    }

    private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const path = request.url ?? "";
        const key = request.headers.authorization?.replace("Bearer ", "");
        const body = JSON.parse(Buffer.concat(chunks).toString() || "{}") as ChatBody;
        this.seen.push({ path, key, body });
        const told = this.told(path);
        if (this.keys !== null && (key === undefined || !this.keys.includes(key))) {
            fail(response, 401, "invalid_api_key", "The key is not valid.");
        } else if (told !== null) {
            response.setHeader("content-type", "application/json").end(JSON.stringify(told));
        } else if (path.endsWith("/chat/completions")) {
            const reply = new Reply(response, body);
            await (isTitle(body) ? says("A title of its own") : this.script)(reply, body).catch(() =>
                response.destroy(),
            );
        } else {
            fail(response, 404, "not_found", `No route ${path}.`);
        }
    }
}

/** One streamed answer. */
export class Reply {
    /** Resolves when the client has hung up before the end. */
    readonly hungUp: Promise<void>;
    private begun = false;

    constructor(
        private readonly response: ServerResponse,
        private readonly body: ChatBody,
    ) {
        this.hungUp = new Promise((done) =>
            response.once("close", () => {
                if (!response.writableFinished) done();
            }),
        );
    }

    text(content: string): void {
        this.chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    }

    reasoning(text: string): void {
        this.chunk({ choices: [{ index: 0, delta: { reasoning: text }, finish_reason: null }] });
    }

    toolCall(id: string, name: string, args: string): void {
        const call = { index: 0, id, type: "function", function: { name, arguments: args } };
        this.chunk({ choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }] });
    }

    /** The end, with what the answer cost. */
    end(finish = "stop", cost = "0.00042"): void {
        this.chunk({
            choices: [
                {
                    index: 0,
                    delta: { provider_metadata: { gateway: { routing: { finalProvider: "bedrock" }, cost } } },
                    finish_reason: finish,
                },
            ],
            usage: {
                prompt_tokens: 1200,
                completion_tokens: 48,
                total_tokens: 1248,
                prompt_tokens_details: { cached_tokens: 800 },
                cost: Number(cost),
            },
        });
        this.response.end("data: [DONE]\n\n");
    }

    refuse(status: number, type: string, message: string, headers: Record<string, string> = {}): void {
        for (const [name, value] of Object.entries(headers)) this.response.setHeader(name, value);
        fail(this.response, status, type, message);
    }

    /** The connection breaks. */
    breakOff(): void {
        this.response.destroy();
    }

    private chunk(fields: object): void {
        if (!this.begun) this.response.writeHead(200, { "content-type": "text/event-stream" });
        this.begun = true;
        const chunk = { id: "gen_1", object: "chat.completion.chunk", created: 1, model: this.body.model, ...fields };
        this.response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    }
}

/** An answer at once, in pieces of some words. */
export function says(text: string, cost?: string): Script {
    return (reply) => {
        for (const piece of text.match(/\S+\s*|\s+/g) ?? []) reply.text(piece);
        reply.end("stop", cost);
        return Promise.resolve();
    };
}

/** Pieces, then silence until the test opens the gate; then the rest. */
export function pauses(before: string, gate: Promise<void>, after: string): Script {
    return async (reply) => {
        for (const piece of before.match(/\S+\s*|\s+/g) ?? []) reply.text(piece);
        await Promise.race([gate, reply.hungUp]);
        reply.text(after);
        reply.end();
    };
}

/** A promise, and what opens it. */
export function gate(): { promise: Promise<void>; open: () => void } {
    let open: () => void = () => undefined;
    const promise = new Promise<void>((done) => (open = done));
    return { promise, open };
}

function isTitle(body: ChatBody): boolean {
    return JSON.stringify(body).includes("at most six words");
}

function fail(response: ServerResponse, status: number, type: string, message: string): void {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message, type, code: type } }));
}
