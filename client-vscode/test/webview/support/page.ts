/** What jsdom lacks of a browser, and the hands of a person: clicking, typing, pressing keys. Imported before the elements. */
import { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/vscode-textfield.js";
import type { LitElement } from "lit";

import type { PanelAction } from "../../../src/common/panel";

// The component library's fields and buttons take part in forms; jsdom does not know that of elements that are one's own.
HTMLElement.prototype.attachInternals = () =>
    ({ form: null, setFormValue: () => undefined, setValidity: () => undefined }) as unknown as ElementInternals;
// Nor that the focus goes on to what is inside an element.
VscodeTextfield.prototype.focus = function (this: VscodeTextfield): void {
    this.wrappedElement.focus();
};
Element.prototype.scrollIntoView = () => undefined;

/** Puts an element into the page, and draws it. */
export async function mounted<T extends LitElement>(element: T): Promise<T> {
    document.body.replaceChildren(element);
    await drawn();
    return element;
}

/** Every element has drawn what it had to. Elements inside others take a round more each. */
export async function drawn(): Promise<void> {
    for (let round = 0; round < 12; round += 1) await Promise.resolve();
    const elements = [...document.querySelectorAll<LitElement>("*")].filter((element) => "updateComplete" in element);
    await Promise.all(elements.map((element) => element.updateComplete));
}

/** What the page has asked the host for since the last look. */
export class Actions {
    private readonly heard: PanelAction[] = [];

    constructor() {
        document.addEventListener("panel-action", this.hear);
    }

    stop(): void {
        document.removeEventListener("panel-action", this.hear);
    }

    /** Of one type, or all. */
    take(type?: PanelAction["type"]): PanelAction[] {
        const taken = this.heard.splice(0);
        return type === undefined ? taken : taken.filter((action) => action.type === type);
    }

    private readonly hear = ((event: CustomEvent<PanelAction>): void => {
        this.heard.push(event.detail);
    }) as EventListener;
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as querySelector itself: the caller knows.
export function find<T extends HTMLElement = HTMLElement>(selector: string): T {
    const found = document.querySelector<T>(selector);
    if (found === null) throw new Error(`nothing is ${selector}`);
    return found;
}

export function texts(selector: string): string[] {
    return [...document.querySelectorAll(selector)].map((element) => element.textContent.trim().replace(/\s+/g, " "));
}

export async function click(selector: string): Promise<void> {
    find(selector).click();
    await drawn();
}

/** Writes into a textarea as a person does: at the end. */
export async function type(text: string): Promise<void> {
    const textarea = find<HTMLTextAreaElement>("textarea");
    textarea.focus();
    textarea.value += text;
    textarea.setSelectionRange(textarea.value.length, textarea.value.length);
    textarea.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await drawn();
}

/** Presses a key where the focus is, or elsewhere. Returns whether the page has taken it for itself. */
export async function press(key: string, more: KeyboardEventInit = {}, at?: Element): Promise<boolean> {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more });
    (at ?? document.activeElement ?? document.body).dispatchEvent(event);
    await drawn();
    return event.defaultPrevented;
}

/** What was copied elsewhere, or is dragged. */
export function transferOf(data: Record<string, string>, files: File[] = []): DataTransfer {
    return { files, getData: (kind: string) => data[kind] ?? "" } as unknown as DataTransfer;
}
