// Draws the real page in a real browser, in every theme and width, with a host that is played: `node test/webview/gallery.mjs OUT [SCENE…]`.
// It fails on what the page's policy forbids and on every error that the page throws; how it looks is for an eye to judge.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

import { SCENES } from "./gallery-states.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ORIGIN = "http://gallery.test";
const THEMES = ["dark", "light", "hc-dark", "hc-light"];
const WIDTHS = [260, 420, 800];
const HEIGHT = 720;
const NONCE = "gallery";
const POLICY = [
    "default-src 'none'",
    `style-src ${ORIGIN}`,
    `font-src ${ORIGIN}`,
    `img-src data: blob: ${ORIGIN}`,
    `script-src 'nonce-${NONCE}'`,
].join("; ");

/** What VS Code gives a page, and what a host would answer. */
const FAKE_EDITOR = `
globalThis.gallery = {
    actions: [],
    tell: (event) => window.postMessage(event, "*"),
    asked: async (type) => {
        while (!gallery.actions.some((action) => action.type === type)) await new Promise(requestAnimationFrame);
    },
    suggest: (suggestions) => {
        const { request } = gallery.actions.findLast((action) => action.type === "suggest");
        gallery.tell({ type: "suggestions", request, suggestions });
    },
};
globalThis.acquireVsCodeApi = () => ({
    postMessage: (action) => gallery.actions.push(action),
    getState: () => undefined,
    setState: () => undefined,
});
`;

/** Puts a page together; `files` are what a browser would ask for. */
export async function pageFiles(entry = "src/webview/main.ts") {
    const built = await build({
        absWorkingDir: ROOT,
        entryPoints: { webview: entry },
        bundle: true,
        minify: true,
        write: false,
        outdir: "out",
        format: "esm",
        target: "es2022",
        logLevel: "warning",
    });
    const file = (end) => built.outputFiles.find(({ path }) => path.endsWith(end))?.contents ?? new Uint8Array();
    const module = (path) => readFileSync(join(ROOT, "node_modules", path));
    return {
        "/webview.js": [file("webview.js"), "text/javascript"],
        "/webview.css": [file("webview.css"), "text/css"],
        "/codicon.css": [module("@vscode/codicons/dist/codicon.css"), "text/css"],
        "/codicon.ttf": [module("@vscode/codicons/dist/codicon.ttf"), "font/ttf"],
        "/editor.js": [Buffer.from(FAKE_EDITOR), "text/javascript"],
        "/default.css": [readFileSync(new URL("themes/webview.css", import.meta.url)), "text/css"],
    };
}

export function loadTheme(name) {
    return JSON.parse(readFileSync(new URL(`themes/${name}.json`, import.meta.url), "utf8"));
}

/** The page, as src/editor/panel/html.ts writes it. */
function html(theme) {
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="stylesheet" href="/default.css">
<link rel="stylesheet" href="/theme.css">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="/codicon.css">
<link rel="stylesheet" href="/webview.css">
<title>Passerelle</title>
</head>
<body class="${theme.class}" data-vscode-theme-kind="${theme.kind}">
<script nonce="${NONCE}" src="/editor.js"></script>
<script nonce="${NONCE}" type="module" src="/webview.js"></script>
</body>
</html>`;
}

/** The variables, and what the page lies on. */
function themeSheet(theme, ground) {
    const variables = Object.entries(theme.variables).map(([name, value]) => `${name}: ${value};`);
    return `:root { ${variables.join("\n")} }\nhtml { background: var(--vscode-${ground}-background); }`;
}

/** A page that shows a theme, with the list of what went wrong in it. */
export async function openPage(browser, theme, files, width, ground = "sideBar") {
    const page = await browser.newPage({ viewport: { width, height: HEIGHT }, reducedMotion: "reduce" });
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
    });
    await page.route("**/*", async (route) => {
        const path = new URL(route.request().url()).pathname;
        const [body, contentType] =
            path === "/"
                ? [html(theme), "text/html"]
                : path === "/theme.css"
                  ? [themeSheet(theme, ground), "text/css"]
                  : (files[path] ?? [null, ""]);
        if (body === null) await route.fulfill({ status: 404 });
        else await route.fulfill({ body: Buffer.from(body), contentType });
    });
    await page.goto(`${ORIGIN}/`);
    await page.evaluate(() => globalThis.gallery.asked("ready"));
    return { page, faults };
}

/** Shows a scene in a page that was just opened. */
export async function show(page, scene) {
    await page.evaluate((state) => {
        globalThis.gallery.tell({ type: "state", state });
    }, scene.state);
    await page.waitForFunction(
        (state) => document.querySelector("pass-app").state.draft.text === state.draft.text,
        scene.state,
    );
    await page.evaluate(() => document.fonts.ready);
    await scene.act?.(page);
    await drawn(page);
}

/** Two frames: one in which everything is drawn, one in which it was. */
export async function drawn(page) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** What a program can find of what keeps people out. The colours are the theme's, not ours. */
export async function audit(page) {
    await page.evaluate(readFileSync(join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8"));
    return page.evaluate(async () => {
        // The keyboard gets into whatever scrolls by itself, in every Chromium that the editor has had.
        const rules = { "color-contrast": { enabled: false }, "scrollable-region-focusable": { enabled: false } };
        const { violations } = await globalThis.axe.run(document, { rules });
        return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html }) => `${id}: ${html.replace(/\s+/g, " ").slice(0, 200)}`),
        );
    });
}

export function findBrowser() {
    const names = ["chromium", "chromium-browser", "google-chrome"];
    const paths = (process.env.PATH ?? "").split(delimiter);
    const found = paths.flatMap((path) => names.map((name) => join(path, name))).find((path) => existsSync(path));
    return process.env.CHROMIUM ?? found ?? null;
}

async function draw(out, wanted) {
    const executablePath = findBrowser();
    if (executablePath === null) throw new Error("No Chromium was found: set CHROMIUM to one.");
    mkdirSync(out, { recursive: true });
    const files = await pageFiles();
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--force-color-profile=srgb"] });
    const all = new Set();
    try {
        for (const name of THEMES) {
            for (const scene of SCENES.filter((one) => wanted.length === 0 || wanted.includes(one.name))) {
                const faults = await drawScene(browser, { name, files, scene, out });
                for (const fault of faults) all.add(`${scene.name}: ${fault}`);
            }
        }
    } finally {
        await browser.close();
    }
    return [...all];
}

/** One scene in one theme, in every width. */
async function drawScene(browser, { name, files, scene, out }) {
    const { page, faults } = await openPage(browser, loadTheme(name), files, WIDTHS[0]);
    await show(page, scene);
    for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: HEIGHT });
        await drawn(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        if (wide) faults.push(`the page is wider than a panel of ${width}`);
        await page.screenshot({ path: join(out, `${scene.name}-${name}-${width}.png`) });
        if (width === WIDTHS[0]) faults.push(...(await audit(page)));
    }
    await page.close();
    return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [out, ...wanted] = process.argv.slice(2);
    if (out === undefined) throw new Error("usage: node test/webview/gallery.mjs OUT [SCENE…]");
    const faults = await draw(out, wanted);
    for (const fault of faults) process.stderr.write(`${fault}\n`);
    process.exitCode = faults.length === 0 ? 0 : 1;
}
