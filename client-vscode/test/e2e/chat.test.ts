import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { gate, pauses, says } from "./support/gateway";
import { configFor, gateway, inTheRealEditor, start } from "./support/window";

const MARKDOWN = [
    "## A heading",
    "",
    "Some **bold** words, `code`, and a [link](https://example.com).",
    "",
    "| language | year |",
    "| --- | --- |",
    "| Python | 1991 |",
    "",
    "```python",
    "def greet(name: str) -> str:",
    "    # A comment.",
    '    return f"Hello, {name}!"',
    "```",
    "",
    '<img src=x onerror="alert(1)"><script>alert(2)</script>',
].join("\n");

inTheRealEditor("the side panel", () => {
    it("renders Markdown, shows what the answer cost, and never runs what a model writes", async () => {
        const work = await gateway();
        work.script = says(MARKDOWN);
        const editor = await start({ config: configFor(work), theme: "Default Dark Modern" });
        const alarms: string[] = [];
        editor.page.on("dialog", (dialog) => void alarms.push(dialog.message()));
        const panel = await editor.panel();
        await editor.ask("Show me Markdown.");
        await editor.answered(1);

        const transcript = panel.locator("pass-transcript");
        await transcript.getByRole("heading", { name: "A heading" }).waitFor();
        await transcript.getByRole("cell", { name: "Python" }).waitFor();
        const text = await transcript.innerText();
        expect(text).toContain("def greet(name: str) -> str:");
        expect(text).toContain("$0.0004");
        expect(text).toContain("bedrock");
        expect(await transcript.locator("img, script, iframe, [onerror]").count()).toBe(0);
        expect(alarms).toEqual([]);
        await editor.shot("markdown");
    });

    it("stops in mid-stream, hangs up on the gateway, and keeps what came", async () => {
        const work = await gateway();
        let hungUp = false;
        work.script = async (reply) => {
            reply.text("As far as this, ");
            await reply.hungUp;
            hungUp = true;
        };
        const editor = await start({ config: configFor(work) });
        const panel = await editor.panel();
        await editor.ask("Go on for ever.");
        await panel.getByText("As far as this,").waitFor();
        await editor.shot("streaming");

        await panel.getByRole("button", { name: "Stop" }).click();

        await panel.getByText("Stopped", { exact: true }).first().waitFor();
        await expect.poll(() => hungUp).toBe(true);
        expect(await panel.locator("pass-transcript").innerText()).toContain("As far as this,");
        await editor.shot("stopped");
    });

    it("keeps every word when the window is loaded anew in mid-stream, and offers to go on", async () => {
        const work = await gateway();
        work.script = pauses("These words had come. ", new Promise(() => undefined), "");
        const editor = await start({ config: configFor(work) });
        let panel = await editor.panel();
        await editor.ask("Tell me a long story.");
        await panel.getByText("These words had come.").waitFor();

        await editor.reload();
        panel = await editor.panel();
        await panel.getByText("These words had come.").waitFor();
        await panel.getByRole("button", { name: "Go On" }).first().waitFor();
        await editor.shot("reloaded");
        work.script = says("And they lived happily.");
        await panel.getByRole("button", { name: "Go On" }).first().click();
        await panel.getByText("And they lived happily.").waitFor();

        const sent = work.chats.at(-1)?.body.messages.map((message) => message.content);
        expect(JSON.stringify(sent)).toContain("These words had come.");
    });

    it("loses nothing when the panel is hidden in mid-stream", async () => {
        const work = await gateway();
        const opened = gate();
        work.script = pauses("Before you looked away, ", opened.promise, "and after.");
        const editor = await start({ config: configFor(work), files: { "a.py": "print(1)\n" } });
        let panel = await editor.panel();
        await editor.ask("Say something.");
        await panel.getByText("Before you looked away,").waitFor();
        await panel.getByRole("textbox", { name: "Your question" }).fill("half a question");

        await editor.page.keyboard.press("Control+Shift+E");
        await editor.page.locator(".explorer-folders-view").waitFor();
        opened.open();
        panel = await editor.panel();
        await editor.answered(1);

        expect(await panel.locator("pass-transcript").innerText()).toContain("Before you looked away, and after.");
        expect(await panel.getByRole("textbox", { name: "Your question" }).inputValue()).toBe("half a question");
    });

    it("says when the daemon dies in mid-stream, keeps what came, and is back by itself", async () => {
        const work = await gateway();
        work.script = pauses("Before the crash. ", new Promise(() => undefined), "");
        const editor = await start({ config: configFor(work) });
        const panel = await editor.panel();
        await editor.ask("Hello?");
        await panel.getByText("Before the crash.").waitFor();
        const [before] = editor.daemons();
        if (before === undefined) throw new Error("no daemon runs");

        process.kill(before, "SIGKILL");
        await panel.getByRole("button", { name: "Go On" }).first().waitFor();
        await editor.shot("crashed");
        work.script = says("Back again.");
        await editor.ask("Are you there?");
        await panel.getByText("Back again.").waitFor();

        expect(await panel.locator("pass-transcript").innerText()).toContain("Before the crash.");
        expect(editor.daemons()).toHaveLength(1);
        expect(editor.daemons()).not.toContain(before);
    });

    it("sends an image that is pasted, and shows it", async () => {
        const work = await gateway();
        work.script = says("A red square.");
        const editor = await start({ config: configFor(work) });
        const panel = await editor.panel();
        await panel.getByRole("textbox", { name: "Your question" }).click();
        const file = readFileSync(path.join(import.meta.dirname, "data", "square.png")).toString("base64");
        await panel.getByRole("textbox", { name: "Your question" }).evaluate((box, data) => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "square.png", { type: "image/png" }));
            box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, composed: true }));
        }, file);
        await panel.locator("pass-composer img").waitFor();
        await editor.shot("image-attached");
        await editor.ask("What is this?");
        await editor.answered(1);

        const content = JSON.stringify(work.chats.at(-1)?.body.messages.at(-1)?.content);
        expect(content).toContain("data:image/png;base64,");
        await editor.shot("image-answered");
    });

    it("regenerates, edits an earlier question, branches, and lists, searches and opens conversations", async () => {
        const work = await gateway();
        work.script = says("The first answer.");
        const editor = await start({ config: configFor(work) });
        const panel = await editor.panel();
        await editor.ask("Why is the sky blue?");
        await editor.answered(1);
        work.script = says("A second thought.");
        await panel.getByRole("button", { name: "Regenerate" }).click();
        await panel.getByText("A second thought.").waitFor();
        expect(work.chats.at(-1)?.body.messages).toEqual(work.chats.at(-2)?.body.messages);

        await panel.locator("pass-transcript").hover();
        await panel.getByRole("button", { name: "Edit and Ask Again" }).click();
        await panel.getByText("Editing an earlier question").waitFor();
        await editor.shot("editing");
        work.script = says("Because of the sunset.");
        await editor.ask("Why is the sky red?");
        await panel.getByText("Because of the sunset.").waitFor();
        expect(JSON.stringify(work.chats.at(-1)?.body.messages)).not.toContain("blue");
        await editor.answered(1);

        await panel.getByRole("button", { name: "New Chat" }).first().click();
        work.script = says("A monoid in the category of endofunctors.");
        await editor.ask("What is a monad?");
        await editor.answered(1);
        await panel.getByRole("button", { name: "Conversations" }).click();
        await panel.locator("pass-list input").first().fill("sunset");
        const rows = panel.locator("pass-list-row");
        await expect.poll(() => rows.count()).toBe(1);
        await editor.shot("conversations");
        await rows.first().click();
        await panel.getByText("Because of the sunset.").waitFor();
        await panel.getByRole("button", { name: "Branch Here" }).last().click();
        await editor.ask("And green?");
        await editor.answered(2);

        expect(JSON.stringify(work.chats.at(-1)?.body.messages)).toContain("Because of the sunset.");
    });
});
