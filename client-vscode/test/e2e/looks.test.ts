/** Pictures to be looked at: the four kinds of theme, French, a narrow window, a long conversation. */
import { expect, it } from "vitest";

import { says } from "./support/gateway";
import { configFor, gateway, inTheRealEditor, start } from "./support/window";

const ANSWER = [
    "`greet` joins two strings. An *f-string* reads better:",
    "",
    "```python",
    "def greet(name: str) -> str:",
    '    """Say hello to one person."""',
    '    return f"Hello, {name}!"  # 1 place',
    "```",
    "",
    "1. It is **shorter**.",
    "2. It converts what is no string.",
    "",
    "> See also `str.format`.",
].join("\n");

const THEMES = ["Default Dark Modern", "Default Light Modern", "Default High Contrast", "Default High Contrast Light"];

inTheRealEditor("looks", () => {
    it.each(THEMES)("in %s", async (theme) => {
        const work = await gateway();
        work.script = async (reply, body) => {
            reply.reasoning("They want to know about strings. I should show an f-string.");
            await says(ANSWER)(reply, body);
        };
        const file = 'def greet(name):\n    return "Hello " + name\n';
        const editor = await start({ config: configFor(work), files: { "greet.py": file }, theme });
        const panel = await editor.panel();
        await editor.open("greet.py");
        await editor.page.keyboard.press("Control+A");
        await editor.command("Passerelle: Ask about Selection");
        await editor.ask("How would you write this?");
        await editor.answered(1);
        await panel.getByText("See also").waitFor();
        await editor.shot(`theme-${theme.toLowerCase().replaceAll(" ", "-")}`);

        expect(await panel.locator("pass-transcript pre").count()).toBeGreaterThan(0);
    });

    it("in French", async () => {
        const editor = await start({ locale: "fr" });
        const panel = await editor.panel();
        await panel.getByText("Posez une question sur votre code").or(panel.getByText("clé")).first().waitFor();
        await editor.shot("french");

        expect(await panel.locator("pass-app").innerText()).not.toContain("One thing is missing");
    });
});
