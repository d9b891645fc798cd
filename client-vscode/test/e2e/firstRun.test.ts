import { expect, it } from "vitest";

import { says } from "./support/gateway";
import { configFor, gateway, inTheRealEditor, start } from "./support/window";

inTheRealEditor("first run", () => {
    it("leads from nothing, by the offline gateway, to a first streamed answer", async () => {
        const editor = await start();
        const panel = await editor.panel();
        await panel.getByText("One thing is missing: a key").waitFor();
        await editor.shot("first-run");

        await panel.getByRole("button", { name: "Use the Offline Gateway" }).click();
        await panel.getByText("One thing is missing: a key").waitFor({ state: "detached" });
        await editor.ask("How do I store a key?");
        await editor.answered(1);

        const text = await panel.locator("pass-transcript").innerText();
        expect(text).toContain("offline/guide");
        expect(text).toContain("config.toml");
        await editor.shot("first-answer");
    });

    it("asks for the key that a gateway refuses, and goes on with the right one", async () => {
        const work = await gateway();
        work.keys = ["right-key-0123456789"];
        work.script = says("You are in.");
        const editor = await start({ config: configFor(work) });
        const panel = await editor.panel();
        await editor.ask("Hello?");
        await panel.locator("pass-problem").waitFor();
        await editor.shot("key-refused");

        await panel.locator("pass-problem").getByRole("button").first().click();
        await editor.quickInput().fill("right-key-0123456789");
        await editor.shot("key-asked");
        await editor.page.keyboard.press("Enter");
        await editor.answered(1);

        expect(await panel.locator("pass-transcript").innerText()).toContain("You are in.");
        expect(work.chats.at(-1)?.key).toBe("right-key-0123456789");
        expect(editor.everythingWritten()).not.toContain("right-key-0123456789");
    });
});
