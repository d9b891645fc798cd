import { expect, it } from "vitest";

import { says } from "./support/gateway";
import { configFor, gateway, inTheRealEditor, start } from "./support/window";

inTheRealEditor("models and settings", () => {
    it("finds a model as one types, and writes the choice into passerelle.toml", async () => {
        const work = await gateway();
        const editor = await start({ config: configFor(work), files: { "passerelle.toml": "# Ours.\n[roles]\n" } });
        await editor.panel();
        await editor.command("Passerelle: Choose Model");
        await editor.rows().first().waitFor();
        await editor.shot("picker");
        await editor.quickInput().fill("haiku 4.5");
        await editor.rows().filter({ hasText: "Claude Haiku 4.5" }).first().waitFor();
        await editor.shot("picker-search");
        await editor.keepIn("this workspace");
        await editor.rows().filter({ hasText: "Claude Haiku 4.5" }).first().click();

        await expect.poll(() => editor.read("passerelle.toml")).toContain('chat = "anthropic/claude-haiku-4.5"');
        expect(editor.read("passerelle.toml")).toContain("# Ours.");
        const panel = await editor.panel();
        await panel
            .getByRole("button", { name: /Model: Claude Haiku 4.5/ })
            .first()
            .waitFor();
        await editor.ask("Hello?");
        await editor.answered(1);
        expect(work.chats.at(-1)?.body.model).toBe("anthropic/claude-haiku-4.5");
    });

    it("puts a passerelle.toml that is saved in the editor into effect, and underlines a mistake", async () => {
        const work = await gateway();
        work.script = says("Done.");
        const editor = await start({ config: configFor(work), files: { "passerelle.toml": "" } });
        const panel = await editor.panel();
        await editor.open("passerelle.toml");
        await editor.page.keyboard.insertText('[roles]\nchat = "openai/gpt-5-mini"\n');
        await editor.page.keyboard.press("Control+S");
        await panel
            .getByRole("button", { name: /Model: GPT-5 mini/i })
            .first()
            .waitFor();
        await editor.page.keyboard.press("Control+End");
        await editor.page.keyboard.insertText('chta = "x/y"\n[routng]\n');
        await editor.page.keyboard.press("Control+S");
        await editor.page.locator(".squiggly-warning, .squiggly-error").first().waitFor();
        await editor.shot("mistake");

        await editor.ask("Hello?");
        await editor.answered(1);
        expect(work.chats.at(-1)?.body.model).toBe("openai/gpt-5-mini");
    });

    it("completes keys and live models in passerelle.toml, and says what a model costs", async () => {
        const work = await gateway();
        const editor = await start({
            config: configFor(work),
            files: { "passerelle.toml": '[roles]\nchat = "sonnet"\n' },
        });
        const panel = await editor.panel();
        await panel
            .getByRole("button", { name: /Model:/ })
            .first()
            .waitFor();
        await editor.open("passerelle.toml");
        await editor.page.keyboard.press("Control+End");
        await editor.page.keyboard.press("ArrowUp");
        await editor.page.keyboard.press("End");
        await editor.page.keyboard.press("ArrowLeft");
        await editor.page.keyboard.press("Control+Space");
        const suggestions = editor.page.locator(".suggest-widget .monaco-list-row");
        await suggestions.filter({ hasText: "anthropic/claude-sonnet-4.5" }).first().waitFor();
        await editor.shot("completion");
        await editor.page.keyboard.press("Escape");
        await editor.page.keyboard.press("Home");
        await editor.page.keyboard.press("Control+K");
        await editor.page.keyboard.press("Control+I");
        await editor.page.locator(".monaco-hover", { hasText: "roles" }).first().waitFor();
        await editor.shot("hover");
    });

    it("starts no program and reads no key that an untrusted workspace names", async () => {
        const work = await gateway();
        work.script = says("Restricted, and still here.");
        const hostile = [
            'gateway = "evil"',
            "[gateways.evil]",
            'url = "http://127.0.0.1:9/v1"',
            'key = "env:HOME"',
            "",
        ];
        const editor = await start({
            config: configFor(work),
            trusted: false,
            files: {
                "passerelle.toml": hostile.join("\n"),
                ".vscode/settings.json":
                    '{ "passerelle.serverPath": "/bin/false", "passerelle.pythonPath": "/bin/false" }',
            },
        });
        const panel = await editor.panel();
        await editor.open("passerelle.toml");
        await editor.shot("untrusted");
        await editor.ask("Hello?");
        await panel.locator("pass-problem, pass-transcript").first().waitFor();
        await editor.shot("untrusted-asked");

        expect(editor.daemons()).toHaveLength(1);
        expect(work.chats.every((chat) => chat.key === undefined)).toBe(true);
    });
});
