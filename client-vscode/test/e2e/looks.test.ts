/** Pictures to be looked at: the four kinds of theme, French. */
import type { FrameLocator } from "playwright-core";
import { expect, it } from "vitest";

import { says } from "./support/gateway";
import { configFor, gateway, inTheRealEditor, start, THEMES } from "./support/window";

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

/** The colours of a page's text and of a string in its code. */
async function colours(panel: FrameLocator): Promise<string> {
    return panel.locator("pass-app").evaluate((app) => {
        const string = getComputedStyle(document.documentElement).getPropertyValue("--pass-token-string");
        return `${getComputedStyle(app).color} ${string}`;
    });
}

inTheRealEditor("looks", () => {
    it("follows the theme", async () => {
        const work = await gateway();
        work.script = async (reply, body) => {
            reply.reasoning("They want to know about strings. I should show an f-string.");
            await says(ANSWER)(reply, body);
        };
        const file = 'def greet(name):\n    return "Hello " + name\n';
        const editor = await start({ config: configFor(work), files: { "greet.py": file } });
        const panel = await editor.panel();
        await editor.open("greet.py");
        await editor.page.keyboard.press("Control+A");
        await editor.command("Passerelle: Ask about Selection");
        await editor.ask("How would you write this?");
        await editor.answered(1);
        await panel.getByText("See also").waitFor();
        const seen = new Set<string>();
        for (const [at, theme] of THEMES.entries()) {
            await editor.useTheme(theme, panel);
            // The host reads the theme's file, and then tells the page.
            await expect.poll(async () => seen.add(await colours(panel)).size).toBe(at + 1);
            await editor.shot(`theme-${theme.toLowerCase().replaceAll(" ", "-")}`);
        }
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
