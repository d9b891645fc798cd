/** Reads the theme that the editor shows, for the page's code blocks. Which scope has which colour: src/common/theme.ts. */
import * as vscode from "vscode";

import { customised, findTheme, includeOf, parseTheme, tokenColours } from "../../common/theme";

/** How deep themes may be laid over one another. */
const MOST_LAYERS = 10;

interface Contributed {
    id?: unknown;
    label?: unknown;
    path?: unknown;
    uiTheme?: unknown;
}

/** Empty where the theme cannot be read: the page has colours of its own. */
export async function coloursOfTheme(): Promise<Record<string, string>> {
    for (const name of candidates()) {
        for (const extension of vscode.extensions.all) {
            const theme = findTheme(name, themesOf(extension));
            if (theme === null || typeof theme.path !== "string" || !isShown(theme)) continue;
            const file = vscode.Uri.joinPath(extension.extensionUri, theme.path);
            const layers = await read(file);
            const own: unknown = vscode.workspace.getConfiguration("editor").get("tokenColorCustomizations");
            return tokenColours([...layers, customised(own, name)]);
        }
    }
    return {};
}

/** Calls back when the colours may be others. */
export function onDidChangeColours(changed: () => void): vscode.Disposable {
    return vscode.Disposable.from(
        vscode.window.onDidChangeActiveColorTheme(changed),
        vscode.workspace.onDidChangeConfiguration((event) => {
            if (event.affectsConfiguration("editor.tokenColorCustomizations")) changed();
        }),
    );
}

/** The settings that may name the theme; which one does depends on the system, and is seen by its kind. */
function candidates(): string[] {
    const { kind } = vscode.window.activeColorTheme;
    const workbench = vscode.workspace.getConfiguration("workbench");
    const window = vscode.workspace.getConfiguration("window");
    const preferred = window.get("autoDetectColorScheme") === true ? [PREFERRED[kind]] : [];
    const contrast = window.get("autoDetectHighContrast") === true ? [PREFERRED[kind]] : [];
    const settings = [...preferred, "colorTheme", ...contrast];
    return settings.flatMap((setting) => {
        const name: unknown = workbench.get(setting);
        return typeof name === "string" ? [name] : [];
    });
}

const PREFERRED: Record<vscode.ColorThemeKind, string> = {
    [vscode.ColorThemeKind.Light]: "preferredLightColorTheme",
    [vscode.ColorThemeKind.Dark]: "preferredDarkColorTheme",
    [vscode.ColorThemeKind.HighContrast]: "preferredHighContrastColorTheme",
    [vscode.ColorThemeKind.HighContrastLight]: "preferredHighContrastLightColorTheme",
};

const BASE: Record<vscode.ColorThemeKind, string> = {
    [vscode.ColorThemeKind.Light]: "vs",
    [vscode.ColorThemeKind.Dark]: "vs-dark",
    [vscode.ColorThemeKind.HighContrast]: "hc-black",
    [vscode.ColorThemeKind.HighContrastLight]: "hc-light",
};

function isShown(theme: Contributed): boolean {
    return theme.uiTheme === BASE[vscode.window.activeColorTheme.kind];
}

function themesOf(extension: vscode.Extension<unknown>): Contributed[] {
    const manifest = extension.packageJSON as { contributes?: { themes?: unknown } };
    const themes = manifest.contributes?.themes;
    return Array.isArray(themes) ? (themes as Contributed[]) : [];
}

/** The theme and what it is laid over, the lowest first. */
async function read(file: vscode.Uri): Promise<unknown[]> {
    const layers: unknown[] = [];
    for (let next: vscode.Uri | null = file; next !== null && layers.length < MOST_LAYERS;) {
        const theme = parseTheme(new TextDecoder().decode(await vscode.workspace.fs.readFile(next)));
        layers.unshift(theme);
        const include = includeOf(theme);
        next = include === null ? null : vscode.Uri.joinPath(next, "..", include);
    }
    return layers;
}
