import { expect, it } from "vitest";

import { says } from "./support/gateway";
import { configFor, gateway, inTheRealEditor, start } from "./support/window";

inTheRealEditor("VS Code's own language models", () => {
    it("gives every model to other extensions: lists, answers, tools, cancelling, errors", async () => {
        const work = await gateway();
        let hungUp = false;
        const editor = await start({ config: configFor(work) });
        await editor.panel();
        const run = async (title: string, name: string): Promise<unknown> => {
            await editor.command(`Consumer: ${title}`);
            await expect.poll(() => editor.reads(`consumer-${name}.json`)).not.toBeNull();
            return JSON.parse(editor.read(`consumer-${name}.json`)) as unknown;
        };

        const listed = (await run("List Models", "list")) as { id: string }[];
        expect(listed.length).toBeGreaterThan(200);
        expect(listed.map((model) => model.id)).toContain("anthropic/claude-sonnet-4.5");

        work.script = says("Hello, extension.");
        expect(await run("Ask", "ask")).toMatchObject({ text: "Hello, extension." });

        work.script = (reply) => {
            reply.toolCall("call_1", "read_file", '{"path": "a.py"}');
            reply.end("tool_calls");
            return Promise.resolve();
        };
        expect(await run("Call a Tool", "tool")).toEqual({ calls: [{ name: "read_file", input: { path: "a.py" } }] });

        work.script = async (reply) => {
            reply.text("One ");
            await reply.hungUp;
            hungUp = true;
        };
        await run("Ask and Cancel", "cancel");
        await expect.poll(() => hungUp).toBe(true);

        work.script = (reply) => {
            reply.refuse(403, "forbidden", "This model is not for you.");
            return Promise.resolve();
        };
        const failed = (await run("Ask and Fail", "fail")) as { failed: { message: string } };
        expect(failed.failed.message).toContain("This model is not for you.");
    });
});
