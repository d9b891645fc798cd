/** Where the end-to-end tests keep what they need: the ignored work folder of the checkout. */
import { accessSync, constants } from "node:fs";
import path from "node:path";

export const CLIENT = path.resolve(import.meta.dirname, "../../..");
export const ROOT = path.resolve(import.meta.dirname, "../../../..");
export const WORK = path.join(ROOT, ".work", "vscode");
export const EXTENSIONS = path.join(WORK, "extensions");
/** Screenshots of every run, to be looked at. */
export const SHOTS = path.join(WORK, "shots");

/** The browser's executable; null if there is none. */
export function chromium(): string | null {
    const named = process.env.CHROMIUM;
    if (named !== undefined) return named;
    const folders = (process.env.PATH ?? "").split(path.delimiter);
    const found = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .flatMap((name) => folders.map((folder) => path.join(folder, name)))
        .find(isExecutable);
    return found ?? null;
}

function isExecutable(file: string): boolean {
    try {
        accessSync(file, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}
