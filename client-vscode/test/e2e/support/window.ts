/** `describe` for a real editor: skipped, and said so, where there is none; an error in CI. Closes what a test opened. */
import { afterAll, afterEach, describe } from "vitest";

import { Editor, type Wishes } from "./editor";
import { Gateway } from "./gateway";

/** One of each kind. */
export const THEMES = ["Dark Modern", "Light Modern", "Default High Contrast", "Default High Contrast Light"];

const opened: { close(): Promise<void> }[] = [];
const closed: Editor[] = [];

/** Tests that need the real editor. */
export function inTheRealEditor(name: string, tests: () => void): void {
    describe.skipIf(process.env.PASSERELLE_NO_EDITOR !== undefined)(name, () => {
        tests();
        afterEach(async ({ task }) => {
            const things = opened.splice(0).reverse();
            const editor = things.find((thing) => thing instanceof Editor);
            if (task.result?.state === "fail")
                await editor?.shot(`failed-${task.name.replaceAll(/\W+/g, "-").slice(0, 60)}`);
            for (const thing of things) await thing.close();
            closed.push(...things.filter((thing) => thing instanceof Editor));
        });
        afterAll(async () => {
            for (const editor of closed.splice(0)) await editor.gone();
        });
    });
}

/** A window that is closed after the test. */
export async function start(wishes: Wishes = {}): Promise<Editor> {
    const editor = await Editor.start(wishes);
    opened.push(editor);
    return editor;
}

/** A gateway that is closed after the test. */
export async function gateway(): Promise<Gateway> {
    const made = await Gateway.start();
    opened.push(made);
    return made;
}

/** A config.toml that names it. */
export function configFor(gateway: Gateway, more = ""): string {
    return `gateway = "work"\n${more}\n[gateways.work]\nurl = "${gateway.url}"\n`;
}
