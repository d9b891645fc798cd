import { expect, it } from "vitest";

import { says } from "./support/gateway";
import { configFor, gateway, inTheRealEditor, start } from "./support/window";

const BEFORE = 'def greet(name):\n    return "Hello " + name\n\n\ndef main():\n    print(greet("Ada"))\n';
const CODE = 'def greet(name: str) -> str:\n    return f"Hello, {name}!"\n';
const ANSWER = `Use an f-string:\n\n\`\`\`python\n${CODE}\`\`\`\n`;

inTheRealEditor("code", () => {
    it("applies a block to the file by a diff that is accepted, and to nothing when it is rejected", async () => {
        const work = await gateway();
        work.script = says(ANSWER);
        const editor = await start({ config: configFor(work), files: { "greet.py": BEFORE } });
        const panel = await editor.panel();
        await editor.open("greet.py");
        await editor.ask("Make greet better.");
        await editor.answered(1);

        await panel.getByRole("button", { name: "Apply to File" }).first().click();
        await editor.page.locator(".monaco-diff-editor").first().waitFor();
        await editor.focused();
        await editor.shot("apply");
        await editor.command("Passerelle: Reject the Suggestion");
        await editor.page.locator(".monaco-diff-editor").waitFor({ state: "detached" });
        expect(editor.read("greet.py")).toBe(BEFORE);

        await panel.getByRole("button", { name: "Apply to File" }).first().click();
        await editor.page.locator(".monaco-diff-editor").first().waitFor();
        await editor.focused();
        await editor.command("Passerelle: Accept the Suggestion");
        await editor.page.locator(".monaco-diff-editor").waitFor({ state: "detached" });
        await editor.page.locator('.tab.active[data-resource-name="greet.py"]').waitFor();
        await editor.focused();
        await editor.page.keyboard.press("Control+S");

        await expect.poll(() => editor.read("greet.py")).toBe(BEFORE.replace(/^def greet.*\n.*\n/, CODE));
    });

    it("asks about the selection, and inserts and copies code", async () => {
        const work = await gateway();
        work.script = says(ANSWER);
        const editor = await start({ config: configFor(work), files: { "greet.py": BEFORE, "empty.py": "" } });
        const panel = await editor.panel();
        await editor.open("greet.py");
        await editor.page.keyboard.press("Control+A");
        await editor.command("Passerelle: Ask about Selection");
        await panel.locator("pass-composer").getByText("greet.py").first().waitFor();
        await editor.ask("What is this?");
        await editor.answered(1);
        expect(JSON.stringify(work.chats.at(-1)?.body.messages)).toContain("def main():");
        await editor.shot("selection");

        await panel.getByRole("button", { name: "Copy", exact: true }).first().click();
        await expect.poll(() => editor.page.evaluate(() => navigator.clipboard.readText())).toBe(CODE.trimEnd());
        await editor.open("empty.py");
        await panel.getByRole("button", { name: "Insert at Cursor" }).first().click();
        await editor.page.locator(".view-line", { hasText: "def greet" }).waitFor();
        await editor.page.keyboard.press("Control+S");
        await expect.poll(() => editor.read("empty.py")).toContain("def greet(name: str) -> str:");
    });

    it("attaches a file by its name, and diagnostics by a command", async () => {
        const work = await gateway();
        const editor = await start({ config: configFor(work), files: { "greet.py": BEFORE, "other.py": "x = 1\n" } });
        const panel = await editor.panel();
        const box = panel.getByRole("textbox", { name: "Your question" });
        await box.click();
        await box.pressSequentially("Look at @gre");
        await panel
            .getByRole("option", { name: /greet\.py/ })
            .first()
            .waitFor();
        await editor.shot("mention");
        await box.press("Enter");
        await box.press("End");
        await box.pressSequentially(" please");
        await box.press("Enter");
        await editor.answered(1);

        expect(JSON.stringify(work.chats.at(-1)?.body.messages)).toContain("def main():");
    });
});
