import { expect, it } from "vitest";

import { says } from "./support/gateway";
import { configFor, gateway, inTheRealEditor, start } from "./support/window";

const MODEL = "anthropic/claude-haiku-4.5";
const SETTINGS = [
    `roles.chat = "${MODEL}"`,
    "conversations.titles = false",
    "spending.confirm_above_usd = 0.03",
    "[[budgets]]",
    'per = "day"',
    "usd = 0.10",
].join("\n");

/** Some 15,000 tokens. */
const LONG_QUESTION = "Review all of this, please. ".repeat(2150);

const provider = (name: string, latency: number, throughput: number, price: string): object => ({
    provider_name: name,
    context_length: 200_000,
    max_completion_tokens: 64_000,
    pricing: { prompt: price, completion: "0.000005", input_cache_read: "0.0000001" },
    status: 0,
    uptime_last_1h: 99.95,
    latency_last_1h: { p50: latency, p95: 2 * latency },
    throughput_last_1h: { p50: throughput, p95: 2 * throughput },
    supports_implicit_caching: false,
});

inTheRealEditor("money", () => {
    it("asks before it spends much, stops at a budget until one more is allowed, and tells the day's spend", async () => {
        const work = await gateway();
        work.credits = { balance: "95.50", total_used: "4.50" };
        work.endpoints = [provider("anthropic", 640, 88, "0.000001"), provider("bedrock", 910, 61, "0.0000011")];
        const editor = await start({ config: configFor(work, SETTINGS), theme: "Default Dark Modern" });
        const panel = await editor.panel();
        const bar = editor.page.locator(".statusbar-item", { hasText: "claude-haiku-4.5" });
        await bar.waitFor();

        work.script = says("All is well.", "0.099");
        const box = panel.getByRole("textbox", { name: "Your question" });
        await box.fill(LONG_QUESTION);
        await panel.getByText("you will be asked first").waitFor();
        await editor.shot("money-foreseen");
        await box.press("Enter");
        await panel.locator(".problem", { hasText: "This would cost about" }).waitFor();
        expect(work.chats).toEqual([]);
        await editor.shot("money-confirm");
        await panel.getByRole("button", { name: "Send Anyway" }).click();
        await editor.answered(1);
        expect(work.chats).toHaveLength(1);
        await bar.filter({ hasText: "$0.099" }).waitFor();

        await panel.getByRole("button", { name: "New Chat" }).click();
        work.script = says("One more.", "0.002");
        await editor.ask("And this?");
        await panel.getByRole("button", { name: "Allow One More" }).waitFor();
        expect(work.chats).toHaveLength(1);
        await editor.shot("money-budget");
        await panel.getByRole("button", { name: "Allow One More" }).click();
        await editor.answered(1);
        const used = editor.page.locator(".statusbar-item", { hasText: "Budget per day used up" });
        await used.waitFor();
        await panel.getByRole("button", { name: "Details of This Answer" }).click();
        await panel.locator("pass-route").getByText("bedrock").waitFor();
        await used.hover();
        await editor.page.locator(".monaco-hover", { hasText: "$0.10 for 2 answers" }).waitFor();
        await editor.shot("money-status");
        await editor.page.mouse.move(600, 300);

        await editor.command("Passerelle: Choose Model");
        const row = editor.rows().filter({ hasText: MODEL }).first();
        await row.hover();
        await row.getByRole("button", { name: /^Providers/ }).click();
        await editor.rows().filter({ hasText: "bedrock" }).filter({ hasText: "61 tokens/s" }).waitFor();
        await editor.shot("money-providers");
        await editor.page.keyboard.press("Escape");
        await editor.page.locator(".quick-input-title", { hasText: "Model for chat" }).waitFor();

        work.endpoints = null;
        const other = editor.rows().filter({ hasText: "openai/gpt-5-mini" }).first();
        await editor.quickInput().fill("gpt-5-mini");
        await other.hover();
        await other.getByRole("button", { name: /^Providers/ }).click();
        await editor.rows().filter({ hasText: "does not tell which providers serve a model" }).waitFor();
    });
});
