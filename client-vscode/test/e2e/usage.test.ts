/** "Show Usage" on a real ledger: what was asked is there, in every theme and width, and stays over a reload. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { FrameLocator } from "playwright-core";
import { expect, it } from "vitest";

import { isKept } from "./support/kept";
import { CLIENT } from "./support/places";
import { configFor, gateway, inTheRealEditor, start, THEMES } from "./support/window";

const AXE = readFileSync(path.join(CLIENT, "node_modules/axe-core/axe.min.js"), "utf8");
const BUDGET = '[[budgets]]\nper = "day"\nusd = 0.001\naction = "warn"\n';

/** What a program can find of what keeps people out. The colours are the theme's, not ours. */
async function faultsOf(usage: FrameLocator): Promise<string[]> {
    return usage.locator("main").evaluate(async (main, source) => {
        (0, eval)(source);
        const { axe } = globalThis as unknown as {
            axe: { run(at: Document, options: object): Promise<{ violations: { id: string }[] }> };
        };
        const rules = { "color-contrast": { enabled: false } };
        const { violations } = await axe.run(main.ownerDocument, { rules });
        return violations.map(({ id }) => id);
    }, AXE);
}

inTheRealEditor("the usage page", () => {
    it("shows what was asked, in every theme, narrow and wide, and hears of each answer", async () => {
        const work = await gateway();
        const editor = await start({ config: configFor(work) + BUDGET });
        await editor.panel();
        await editor.command("Passerelle: Show Usage");
        const usage = await editor.usage();
        await usage.getByText("Nothing was asked yet").waitFor();
        await editor.shot("usage-empty");

        await editor.ask("Hello?");
        await editor.answered(1);
        // The answer, and the title of the conversation.
        await usage.locator(".figure.today .value", { hasText: "$0.00084" }).waitFor();
        await editor.ask("And now?");
        await editor.answered(2);
        await usage.locator(".figure.today .value", { hasText: "$0.0013" }).waitFor();
        expect(await usage.locator(".budget.near").count()).toBe(1);
        expect(await usage.locator("usage-chart").count()).toBe(3);
        for (const theme of THEMES) {
            await editor.useTheme(theme, usage);
            for (const width of [900, 1600]) {
                await editor.page.setViewportSize({ width, height: 1000 });
                await editor.shot(`usage-${theme.toLowerCase().replaceAll(" ", "-")}-${width}`);
                const beyond = await usage.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
                expect(beyond).toBe(0);
            }
        }
        expect(await faultsOf(usage)).toEqual([]);
    });

    it("is there after a reload, as it was left, and writes the ledger into a file", async () => {
        const work = await gateway();
        const editor = await start({ config: configFor(work) });
        await editor.ask("Hello?");
        await editor.answered(1);
        await editor.command("Passerelle: Show Usage");
        const before = await editor.usage();
        await before.getByRole("radio", { name: "12 Months" }).check();
        await before.getByRole("radio", { name: "Workspace" }).check();
        await before.locator(".groups tbody", { hasText: "ws" }).waitFor();

        // VS Code writes it down every few seconds.
        await expect.poll(() => isKept(editor.page, "12months"), { timeout: 60_000 }).toBe(true);
        await editor.reload();
        const usage = await editor.usage();
        await usage.locator(".groups tbody", { hasText: "ws" }).waitFor();
        expect(await usage.getByRole("radio", { name: "12 Months" }).isChecked()).toBe(true);

        await usage.getByRole("button", { name: "Export CSV…" }).click();
        await expect.poll(() => editor.quickInput().inputValue(), { timeout: 60_000 }).toContain(".csv");
        await editor.page.keyboard.press("Enter");
        await editor.notification("Rows that were written").waitFor();
        const file = readdirSync(path.join(editor.folder, "ws")).find((name) => name.endsWith(".csv"))!;
        expect(editor.read(file).trim().split("\n")).toHaveLength(3);
        expect(editor.read(file)).not.toContain("Hello?");
    });
});
