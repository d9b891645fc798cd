// The usage page in a real browser, as gallery.mjs does it for the panel: `node test/webview/gallery-usage.mjs OUT [SCENE…]`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

import { audit, drawn, findBrowser, loadTheme, openPage, pageFiles } from "./gallery.mjs";

const THEMES = ["dark", "light", "hc-dark", "hc-light"];
const WIDTHS = [420, 1180];
const TODAY = "2026-11-20";

const MODELS = [
    ["anthropic/claude-sonnet-4.5", 0.42, 0.62],
    ["openai/gpt-5", 0.3, 0.35],
    ["google/gemini-2.5-pro", 0.17, 0.2],
    ["mistral/codestral", 0.1, 0],
    ["deepseek/deepseek-v3.2", 0.07, 0.5],
    ["anthropic/claude-haiku-4.5", 0.05, 0.7],
    ["openai/gpt-5-mini", 0.03, 0.4],
    ["xai/grok-4-fast", 0.02, 0.1],
    ["zai/glm-4.6", 0.01, 0],
];

/** The same numbers in every run, without a pattern that the eye sees. */
const noise = (seed) => {
    const x = Math.sin(seed * 12.9898) * 43758.5453;
    return x - Math.floor(x);
};

const sum = (usd, hit, estimated = 0) => ({
    requests: Math.round(usd * 30),
    attempts: Math.round(usd * 31),
    errors: 1,
    inputTokens: Math.round(usd * 210_000),
    outputTokens: Math.round(usd * 14_000),
    cachedTokens: Math.round(usd * 210_000 * hit),
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costUsd: usd,
    estimatedUsd: estimated,
    savedUsd: usd * hit * 0.8,
    unknown: 0,
    firstDeltaMs: { p50: 500 + 400 * noise(usd * 7), p95: 1500 + 2500 * noise(usd * 11) },
    totalMs: { p50: 4100, p95: 15200 },
});

const days = (count) =>
    Array.from({ length: count }, (_, at) =>
        new Date(Date.parse(TODAY) - (count - 1 - at) * 86_400_000).toISOString().slice(0, 10),
    );
const quiet = (day) => [0, 6].includes(new Date(day).getUTCDay());

const report = (rows, total, suggestions = { shown: 0, accepted: 0, costUsd: 0 }) => ({
    rows,
    total,
    since: null,
    until: null,
    suggestions,
});

function timed(keys) {
    const spend = keys.flatMap((key, at) =>
        quiet(key)
            ? []
            : MODELS.flatMap(([split, share, hit], model) => {
                  const usd = share * 2.4 * noise(at * 17 + model);
                  return usd < 0.01 ? [] : [{ ...sum(usd, hit, model % 3 === 1 ? usd * 0.3 : 0), key, split }];
              }),
    );
    const time = keys
        .filter((key) => spend.some((row) => row.key === key))
        .map((key, at) => ({ ...sum(1 + noise(at), 0.4 + 0.3 * noise(at + 3)), key }));
    return { spend: report(spend, sum(34.8, 0.55, 1.2)), time: report(time, sum(34.8, 0.55, 1.2)) };
}

const budget = (key, more) => ({
    key,
    per: "day",
    usd: 5,
    action: "stop",
    roles: [],
    models: [],
    spentUsd: 1.2,
    inFlightUsd: 0,
    state: "ok",
    resetsAt: "2026-11-20T23:00:00Z",
    source: "user",
    path: "/home/ada/.config/passerelle/config.toml",
    line: 12,
    ...more,
});

const BUDGETS = [
    budget("budgets.0", { spentUsd: 1.2, inFlightUsd: 0.4 }),
    budget("budgets.1", { per: "month", usd: 40, spentUsd: 34.8, state: "near", action: "warn", line: 18 }),
    budget("budgets.2", {
        ...{ per: "week", usd: 2, spentUsd: 2.1, state: "reached", models: ["openai/*"], roles: ["chat"] },
    }),
];

const GROUPS = report(
    MODELS.map(([key, share, hit], at) => ({ ...sum(34.8 * share, hit, at === 1 ? 1.2 : 0), key })),
    { ...sum(34.8, 0.55, 1.2), unknown: 3 },
);
const MONTH = report(
    [{ ...sum(1.24, 0.5), key: TODAY }],
    { ...sum(21.3, 0.5, 0.4), unknown: 3 },
    { shown: 420, accepted: 130, costUsd: 0.31 },
);

const wish = (more) => ({ span: "30days", from: "", to: "", group: "model", ...more });

function data(more) {
    return {
        today: TODAY,
        wish: wish({}),
        ...timed(days(30)),
        groups: GROUPS,
        month: MONTH,
        budgets: BUDGETS,
        credits: { balanceUsd: 95.5, usedUsd: 4.5, at: "2026-11-20T10:00:00Z" },
        ...more,
    };
}

const state = (more) => ({ wish: wish({}), data: data({}), isAsking: false, problem: null, ...more });
const nothing = sum(0, 0);
const few = ["2026-11-20"];
const own = wish({ span: "custom", from: "2026-11-20", to: "2026-11-20", group: "workspace" });
const empty = { spend: report([], nothing), time: report([], nothing), groups: report([], nothing) };

export const SCENES = {
    full: { state: state({}) },
    hover: {
        state: state({}),
        act: async (page) => {
            const box = await page.locator(".picture").first().boundingBox();
            await page.mouse.move(box.x + box.width * 0.55, box.y + box.height / 2);
        },
    },
    table: {
        state: state({}),
        act: (page) => page.locator(".numbers summary").nth(1).click(),
    },
    days: {
        state: state({
            wish: own,
            data: data({
                ...{ wish: own, budgets: [], credits: "No key is to be had." },
                ...timed(few.flatMap((day) => ["09", "10", "14", "15"].map((hour) => `${day}T${hour}`))),
                groups: report(
                    ["file:///home/ada/projet%20%C3%A9t%C3%A9", "file:///home/ada/parser", ""].map((key, at) => ({
                        ...sum(1 / (at + 1), 0.4),
                        key,
                    })),
                    sum(1.83, 0.4),
                ),
            }),
        }),
    },
    first: { state: state({ data: data({ ...empty, month: report([], nothing), budgets: [], credits: null }) }) },
    quiet: {
        state: state({ wish: wish({ span: "7days" }), data: data({ ...empty, wish: wish({ span: "7days" }) }) }),
    },
    fault: {
        state: state({
            data: null,
            problem: {
                kind: "misconfigured",
                message: "The ledger cannot be read: the disk that holds the state folder is full. Make room there.",
                remedy: { do: "openConfiguration" },
            },
        }),
    },
};

async function draw(out, wanted) {
    mkdirSync(out, { recursive: true });
    const files = await pageFiles("src/webview/usage/main.ts");
    const args = ["--no-sandbox", "--force-color-profile=srgb"];
    const browser = await chromium.launch({ executablePath: findBrowser(), args });
    const all = new Set();
    for (const name of THEMES) {
        for (const [scene, { state: shown, act }] of Object.entries(SCENES)) {
            if (wanted.length > 0 && !wanted.includes(scene)) continue;
            const { page, faults } = await openPage(browser, loadTheme(name), files, WIDTHS[0], "editor");
            await page.evaluate((message) => globalThis.gallery.tell(message), shown);
            await page.locator("main.usage").waitFor();
            for (const width of WIDTHS) {
                await page.setViewportSize({ width, height: 900 });
                await drawn(page);
                await page.waitForTimeout(100);
                await act?.(page);
                const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
                if (wide) faults.push(`the page is wider than a tab of ${width}`);
                await page.screenshot({ path: join(out, `usage-${scene}-${name}-${width}.png`), fullPage: true });
            }
            faults.push(...(await audit(page)));
            for (const fault of faults) all.add(`${scene} in ${name}: ${fault}`);
            await page.close();
        }
    }
    await browser.close();
    return [...all];
}

const [out, ...wanted] = process.argv.slice(2);
if (out === undefined) throw new Error("usage: node test/webview/gallery-usage.mjs OUT [SCENE…]");
const faults = await draw(out, wanted);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
