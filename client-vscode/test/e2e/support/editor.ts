/** A real VS Code window with the extension installed, driven as a person would: keys, clicks, and eyes. */
import { spawn, type ChildProcess } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { chromium as browser, type BrowserContext, type FrameLocator, type Locator, type Page } from "playwright-core";
import { vi } from "vitest";

import { editor } from "../editor/setup.mjs";
import { chromium, EXTENSIONS, SHOTS } from "./places";

export interface Wishes {
    /** Files of the workspace, by name. */
    files?: Record<string, string>;
    /** Files below PASSERELLE_HOME, by name: as Passerelle left them some other day. */
    passerelle?: Record<string, string>;
    /** The person's config.toml; without it Passerelle has never been used. */
    config?: string;
    /** VS Code's settings. */
    settings?: Record<string, unknown>;
    /** Whether the workspace is trusted from the beginning; else VS Code asks. */
    trusted?: boolean;
    theme?: string;
    /** The display language; VS Code's own words stay English, for its language packs come from elsewhere. */
    locale?: string;
    env?: Record<string, string>;
    width?: number;
}

const LIMIT_MS = 60_000;

export class Editor {
    private constructor(
        readonly page: Page,
        /** All files of this person: home, settings, workspace. */
        readonly folder: string,
        private readonly context: BrowserContext,
        private readonly server: ChildProcess,
    ) {}

    /** Starts the editor on a workspace of its own. */
    static async start(wishes: Wishes = {}): Promise<Editor> {
        const folder = mkdtempSync(path.join(tmpdir(), "passerelle-vscode-"));
        prepare(folder, wishes);
        const { server, url } = await serve(folder, wishes);
        const context = await browser.launchPersistentContext(path.join(folder, "browser"), {
            executablePath: chromium() ?? "",
            headless: true,
            viewport: { width: wishes.width ?? 1280, height: 800 },
            permissions: ["clipboard-read", "clipboard-write"],
            args: BROWSER_ARGS,
        });
        const page = context.pages()[0] ?? (await context.newPage());
        page.setDefaultTimeout(LIMIT_MS);
        if (wishes.locale !== undefined) {
            await context.addCookies([{ name: "vscode.nls.locale", value: wishes.locale, url }]);
        }
        await page.goto(`${url}/?folder=${encodeURIComponent(path.join(folder, "ws"))}`);
        await page.locator(".activitybar").waitFor();
        return new Editor(page, folder, context, server);
    }

    /** Closes the window, and asks the server to end; `gone` waits for the rest. */
    async close(): Promise<void> {
        await this.context.close();
        this.server.kill();
    }

    /** The extension host, and the daemon with it, end by themselves when the server has gone: nobody kills them. */
    async gone(): Promise<void> {
        await vi.waitUntil(() => this.processes().length === 0, { timeout: 60_000, interval: 100 });
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }

    /** The side panel's page, opened if it is not. */
    async panel(): Promise<FrameLocator> {
        // Only where there is a tab beside it, it has to be told apart; hidden and shown again, its frame says less of itself.
        const isAlone = (await this.page.locator("iframe.webview.ready").count()) < 2;
        const inner = this.framed(isAlone ? "" : '[src*="purpose=webviewView"]');
        await this.page.locator('.activitybar a[aria-label^="Passerelle"]').waitFor();
        // The command does no harm to what is shown already; a click on the item would close it.
        if (!(await inner.locator("pass-app").isVisible())) await this.command("Passerelle: Focus on");
        await inner.locator("pass-app").waitFor();
        return inner;
    }

    /** The page of the editor tab "Usage", which is shown. */
    async usage(): Promise<FrameLocator> {
        const inner = this.framed(':not([src*="purpose=webviewView"])');
        await inner.locator("main.usage").waitFor();
        return inner;
    }

    /** What is in a webview whose frame a selector tells from the others. */
    private framed(selector: string): FrameLocator {
        return this.page.frameLocator(`iframe.webview.ready${selector}`).frameLocator("#active-frame");
    }

    /** Changes the theme by its setting, and waits until a page has its colours. */
    async useTheme(theme: string, page: FrameLocator): Promise<void> {
        await this.command("Consumer: Use Theme");
        await this.page.locator(".quick-input-widget", { hasText: "The id of a theme" }).waitFor();
        await this.quickInput().fill(theme);
        await this.page.keyboard.press("Enter");
        await page.locator(`body[data-vscode-theme-id="${theme}"]`).waitFor({ state: "attached" });
    }

    /** Writes a question in the panel and sends it. */
    async ask(question: string): Promise<void> {
        const panel = await this.panel();
        const box = panel.getByRole("textbox", { name: "Your question" });
        await box.click();
        await box.fill(question);
        await box.press("Enter");
    }

    /** Waits until so many answers stand there, whole. */
    async answered(count: number): Promise<void> {
        const panel = await this.panel();
        await panel
            .getByRole("button", { name: "Copy Answer" })
            .nth(count - 1)
            .waitFor({ state: "attached" });
        await panel.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
    }

    /** Runs a command by its title in the palette. */
    async command(title: string): Promise<void> {
        await this.palette(`>${title}`);
        await this.rows().filter({ hasText: title }).first().waitFor();
        await this.page.keyboard.press("Enter");
    }

    /** In the picker of models: where the choice is kept. */
    async keepIn(place: "this session" | "this workspace" | "your configuration"): Promise<void> {
        await this.page.locator('.quick-input-widget [aria-label^="Kept in:"]').click();
        await this.rows().filter({ hasText: place }).first().click();
        await this.page.locator(".quick-input-title", { hasText: `Kept in: ${place}` }).waitFor();
    }

    /** Opens the palette with something typed. */
    async palette(text: string): Promise<void> {
        await this.page.keyboard.press("F1");
        const input = this.quickInput();
        await input.waitFor();
        await input.fill(text);
    }

    quickInput(): Locator {
        return this.page.locator(".quick-input-widget input.input");
    }

    rows(): Locator {
        return this.page.locator(".quick-input-list .monaco-list-row");
    }

    notification(text: string): Locator {
        return this.page.locator(".notification-list-item", { hasText: text });
    }

    async open(file: string): Promise<void> {
        await this.page.keyboard.press("Control+P");
        await this.quickInput().waitFor();
        await this.page.keyboard.insertText(file);
        await this.rows().filter({ hasText: file }).first().waitFor();
        await this.page.keyboard.press("Enter");
        await this.page.locator(`.tab.active[data-resource-name="${file}"]`).waitFor();
        await this.focused();
    }

    /** The ids of the daemon's process, as the system has them; empty when it is gone. */
    daemons(): number[] {
        return this.processes().filter((id) => saysOf(id, "cmdline").includes("\0lsp"));
    }

    /** All that runs for this person, but the browser. */
    private processes(): number[] {
        const home = `PASSERELLE_HOME=${path.join(this.folder, "passerelle")}`;
        return readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name))
            .map(Number)
            .filter((id) => saysOf(id, "environ").split("\0").includes(home));
    }

    /** Waits until a text editor has the focus: an editor that opens takes it, and closes a palette that was too quick. */
    async focused(): Promise<void> {
        await this.page.locator(".editor-group-container.active .monaco-editor.focused").first().waitFor();
    }

    /** A file of the workspace as it is on disk. */
    read(file: string): string {
        return readFileSync(path.join(this.folder, "ws", file), "utf8");
    }

    /** The same; null while there is none. */
    reads(file: string): string | null {
        return existsSync(path.join(this.folder, "ws", file)) ? this.read(file) : null;
    }

    write(file: string, text: string): void {
        writeFileSync(path.join(this.folder, "ws", file), text);
    }

    /** All that was written to this person's files, logs and journals too, but for the browser's own and VS Code's secrets. */
    everythingWritten(): string {
        const folders = ["home", "passerelle", "ws", "data/logs", "data/User/settings.json"];
        return folders.map((name) => textsIn(path.join(this.folder, name))).join("\n");
    }

    /** Loads the window anew, as "Developer: Reload Window" does. */
    async reload(): Promise<void> {
        await this.page.reload();
        await this.page.locator(".activitybar").waitFor();
    }

    /** A picture of the whole window, for people to look at. */
    async shot(name: string): Promise<void> {
        await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
    }
}

function placed(file: string, text: string): void {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
}

function saysOf(id: number, what: "cmdline" | "environ"): string {
    try {
        return readFileSync(`/proc/${id}/${what}`, "utf8");
    } catch {
        return ""; // It has ended, or is another person's.
    }
}

function textsIn(place: string): string {
    if (!existsSync(place)) return "";
    if (!statSync(place).isDirectory()) return readFileSync(place, "utf8");
    return readdirSync(place)
        .map((name) => textsIn(path.join(place, name)))
        .join("\n");
}

const BROWSER_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

const SETTINGS = {
    "workbench.startupEditor": "none",
    "telemetry.telemetryLevel": "off",
    "extensions.autoUpdate": false,
    "extensions.autoCheckUpdates": false,
    "workbench.enableExperiments": false,
    "workbench.tips.enabled": false,
    "chat.disableAIFeatures": true,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "git.enabled": false,
    "typescript.disableAutomaticTypeAcquisition": true,
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
};

function prepare(folder: string, wishes: Wishes): void {
    for (const name of ["home", "data/User", "ws", "passerelle"])
        mkdirSync(path.join(folder, name), { recursive: true });
    for (const [name, text] of Object.entries(wishes.files ?? {})) placed(path.join(folder, "ws", name), text);
    for (const [name, text] of Object.entries(wishes.passerelle ?? {}))
        placed(path.join(folder, "passerelle", name), text);
    if (wishes.config !== undefined) writeFileSync(path.join(folder, "passerelle", "config.toml"), wishes.config);
    const theme = wishes.theme === undefined ? {} : { "workbench.colorTheme": wishes.theme };
    writeFileSync(
        path.join(folder, "data/User/settings.json"),
        JSON.stringify({ ...SETTINGS, ...theme, ...wishes.settings }),
    );
    if (wishes.locale !== undefined) speak(folder, wishes.locale);
}

/** A language pack that translates nothing of VS Code's own: with it, the language is there for extensions. */
function speak(folder: string, locale: string): void {
    const empty = path.join(folder, "pack.json");
    writeFileSync(empty, JSON.stringify({ "": [], version: "1.0.0", contents: {} }));
    const extension = { extensionIdentifier: { id: `tests.${locale}`, uuid: "0" }, version: "1.0.0" };
    const pack = { hash: "0", label: locale, extensions: [extension], translations: { vscode: empty } };
    writeFileSync(path.join(folder, "data/languagepacks.json"), JSON.stringify({ [locale]: pack }));
}

async function serve(folder: string, wishes: Wishes): Promise<{ server: ChildProcess; url: string }> {
    const args = ["--auth", "none", "--bind-addr", "127.0.0.1:0", "--user-data-dir", path.join(folder, "data")];
    args.push("--extensions-dir", EXTENSIONS, "--disable-telemetry", "--disable-update-check");
    args.push("--disable-getting-started-override");
    if (wishes.trusted !== false) args.push("--disable-workspace-trust");
    if (wishes.locale !== undefined) args.push("--locale", wishes.locale);
    const server = spawn(editor.node, [editor.entry, ...args], {
        env: environment(folder, wishes),
        stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const url = await new Promise<string>((resolve, reject) => {
        const hear = (data: Buffer): void => {
            said += data.toString();
            const match = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(said);
            if (match?.[1] !== undefined) resolve(match[1]);
        };
        server.stdout.on("data", hear);
        server.stderr.on("data", hear);
        server.once("exit", () => {
            reject(new Error(`code-server ended:\n${said}`));
        });
    });
    return { server, url };
}

function environment(folder: string, wishes: Wishes): NodeJS.ProcessEnv {
    const home = path.join(folder, "home");
    return {
        PATH: `${path.dirname(editor.node)}:${process.env.PATH ?? ""}`,
        LANG: "C.UTF-8",
        HOME: home,
        XDG_CONFIG_HOME: path.join(home, ".config"),
        XDG_DATA_HOME: path.join(home, ".local/share"),
        XDG_CACHE_HOME: path.join(home, ".cache"),
        XDG_STATE_HOME: path.join(home, ".local/state"),
        EXTENSIONS_GALLERY: "{}",
        PASSERELLE_HOME: path.join(folder, "passerelle"),
        ...wishes.env,
    };
}
