// Draws turns of every kind in a real browser, in every theme and width: `node test/webview/gallery-transcript.mjs OUT [SCENE…]`.
// How it looks is for an eye to judge; it fails on errors of the page alone.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

import { findBrowser, loadTheme, openPage, pageFiles, show } from "./gallery.mjs";
import { SCENES as MONEY } from "./gallery-money.mjs";
import { SCENES as TURNS } from "./gallery-turns.mjs";

const THEMES = ["dark", "light", "hc-dark", "hc-light"];
const WIDTHS = [320, 420, 800];
const HEIGHT = 1100;

async function drawScene(browser, files, scene, name, out) {
    const { page, faults } = await openPage(browser, loadTheme(name), files, WIDTHS[0]);
    for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: scene.height ?? HEIGHT });
        await show(page, { name: scene.name, state: scene.state });
        await page.evaluate((top) => {
            const scroller = document.querySelector(".transcript-scroll");
            if (scroller !== null && top) scroller.scrollTop = 0;
        }, scene.top ?? false);
        await scene.act?.(page);
        await page.waitForTimeout(200);
        const wide = await page.evaluate(() => {
            const scroller = document.querySelector(".transcript-scroll");
            return scroller !== null && scroller.scrollWidth > scroller.clientWidth;
        });
        if (wide) faults.push(`${scene.name}: wider than ${width}`);
        await page.screenshot({ path: join(out, `${scene.name}-${name}-${width}.png`) });
    }
    await page.close();
    return faults;
}

const [out, ...wanted] = process.argv.slice(2);
if (out === undefined) throw new Error("usage: node test/webview/gallery-transcript.mjs OUT [SCENE…]");
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ["--no-sandbox", "--force-color-profile=srgb"],
});
try {
    const files = await pageFiles();
    for (const scene of [...TURNS, ...MONEY].filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
        for (const name of THEMES) {
            for (const fault of await drawScene(browser, files, scene, name, out)) {
                process.stderr.write(`${name}: ${fault}\n`);
                process.exitCode = 1;
            }
        }
    }
} finally {
    await browser.close();
}
