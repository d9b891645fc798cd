import { drawn, Actions, click, find, mounted, press, texts, transferOf, type } from "./support/page";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { EMPTY_DRAFT, type PanelAction } from "../../src/common/panel";
import { Composer } from "../../src/webview/composer";
import { fileChip, imageChip, MODEL } from "./support/values";

let actions: Actions;
let composer: Composer;
const BLIND = { ...MODEL, name: "Devstral", vision: false };

beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    actions = new Actions();
    composer = new Composer();
    composer.model = MODEL;
    await mounted(composer);
});

afterEach(() => {
    actions.stop();
    vi.useRealTimers();
});

async function suggest(...names: string[]): Promise<void> {
    vi.advanceTimersByTime(100);
    const asked = actions.take("suggest").at(-1);
    if (asked?.type !== "suggest") throw new Error("nothing was asked for");
    const suggestions = names.map((name) => ({ label: name, detail: name, chip: fileChip(name) }));
    composer.suggested = { type: "suggestions", request: asked.request, suggestions };
    await drawn();
}

function sent(): PanelAction[] {
    return actions.take("send");
}

test("a question that is likely to be held back for its cost says so before it is sent", async () => {
    composer.model = { ...MODEL, confirm: { aboveUsd: 0.5, inputUsd: 0.00001, answerUsd: 0.06 } };
    composer.usedTokens = 60_000;
    await drawn();
    expect(texts(".notice")).toEqual([]);
    await type("Why?");
    expect(texts(".notice .strip-text")).toEqual(["This may cost about $0.66: you will be asked first."]);
    await press("Enter");
    expect(sent()).toHaveLength(1);
});

test("Enter sends what is written", async () => {
    await type("Why?");
    expect(await press("Enter")).toBe(true);
    expect(sent()).toEqual([{ type: "send", draft: { text: "Why?", chips: [], replaces: null } }]);
});

test("Shift+Enter is a new line, and the Enter that ends a composition is the input method's", async () => {
    await type("Why?");
    expect(await press("Enter", { shiftKey: true })).toBe(false);
    expect(await press("Enter", { isComposing: true })).toBe(false);
    expect(sent()).toEqual([]);
});

test("nothing is sent where nothing is written, but attachments alone are", async () => {
    await type("  ");
    await press("Enter");
    expect(sent()).toEqual([]);
    composer.draft = { ...EMPTY_DRAFT, chips: [fileChip("a.py")] };
    await drawn();
    await press("Enter");
    expect(sent()).toHaveLength(1);
});

test("each letter is told to the host as the draft", async () => {
    await type("W");
    await type("hy");
    expect(actions.take("draft").at(-1)).toEqual({ type: "draft", draft: { text: "Why", chips: [], replaces: null } });
});

test("while an answer runs, Stop has the place of Send, and Enter says why it does not send", async () => {
    composer.isRunning = true;
    await type("Why?");
    await press("Enter");
    expect(sent()).toEqual([]);
    expect(texts(".notice")[0]).toContain("An answer is being written");
    await click(".stop");
    expect(actions.take("stop")).toHaveLength(1);
});

test("the second click of a double click on Send does not stop what was just asked", async () => {
    composer.isRunning = true;
    await drawn();
    find(".stop").dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 2 }));
    expect(actions.take("stop")).toEqual([]);
});

test("ArrowUp in an empty composer takes up the last question, in a written one it moves", async () => {
    const heard = vi.fn();
    composer.addEventListener("revise-last", heard);
    find("textarea").focus();
    expect(await press("ArrowUp")).toBe(true);
    await type("a");
    expect(await press("ArrowUp")).toBe(false);
    expect(heard).toHaveBeenCalledTimes(1);
});

test("editing an earlier question says so, and Escape or Cancel gives it up", async () => {
    const heard = vi.fn();
    composer.addEventListener("revise", heard);
    composer.draft = { text: "old", chips: [], replaces: "t1" };
    await drawn();
    expect(texts(".editing")[0]).toContain("the answers after it are set aside");
    await click(".editing .link");
    await press("Escape", {}, find("textarea"));
    expect(heard.mock.calls.map(([event]) => (event as CustomEvent).detail as unknown)).toEqual([null, null]);
});

test("@ asks for files, arrows choose and Enter attaches one in place of what was typed", async () => {
    await type("look at @ss");
    await suggest("sse.py", "test_sse.py");
    expect(texts(".suggestion-label")).toEqual(["sse.py", "test_sse.py"]);
    await press("ArrowDown");
    const textarea = find("textarea");
    const active = textarea.getAttribute("aria-activedescendant");
    expect(document.getElementById(active ?? "")?.getAttribute("aria-selected")).toBe("true");
    expect(document.getElementById(active ?? "")?.textContent).toContain("test_sse.py");
    expect(textarea.getAttribute("aria-controls")).toBe(find("[role=listbox]").id);
    await press("Enter");
    expect(sent()).toEqual([]);
    expect(composer.draft).toMatchObject({ text: "look at ", chips: [{ label: "test_sse.py" }] });
    expect(texts(".suggestion")).toEqual([]);
});

test("Escape closes the list for this @, and Enter then sends", async () => {
    await type("@a");
    await suggest("a.py");
    expect(await press("Escape")).toBe(true);
    expect(texts(".suggestion")).toEqual([]);
    await type("b");
    vi.advanceTimersByTime(100);
    expect(actions.take("suggest")).toEqual([]);
    await press("Enter");
    expect(sent()).toHaveLength(1);
});

test("an answer to an earlier query is not shown", async () => {
    await type("@a");
    await suggest("a.py");
    await type("b");
    vi.advanceTimersByTime(100);
    await drawn();
    composer.suggested = { type: "suggestions", request: 1, suggestions: [] };
    await drawn();
    expect(texts(".suggestions")).toEqual([]);
});

test("where no file has the name, the list says so and Enter sends", async () => {
    await type("@nothing");
    await suggest();
    expect(texts(".suggestions")).toEqual(["No file has this name."]);
    await press("Enter");
    expect(sent()).toHaveLength(1);
});

test("what is attached already is not suggested", async () => {
    composer.draft = { ...EMPTY_DRAFT, chips: [fileChip("a.py")] };
    await drawn();
    await type("@");
    await suggest("a.py", "b.py");
    expect(texts(".suggestion-label")).toEqual(["b.py"]);
});

test("chips are taken off by mouse, and by key with the focus going on to the next", async () => {
    composer.draft = { ...EMPTY_DRAFT, chips: ["a.py", "b.py", "c.py"].map(fileChip) };
    await drawn();
    await click(".chip-remove");
    expect(composer.draft.chips.map((chip) => chip.label)).toEqual(["b.py", "c.py"]);
    find("textarea").focus();
    await press("Backspace");
    expect(document.activeElement?.textContent).toContain("c.py");
    await press("Delete");
    expect(document.activeElement?.textContent).toContain("b.py");
    await press("Delete");
    expect(composer.draft.chips).toEqual([]);
    expect(document.activeElement).toBe(find("textarea"));
});

test("an image for a model that cannot see is refused with a way on", async () => {
    composer.model = BLIND;
    const image = new File(["x"], "a.png", { type: "image/png" });
    expect(composer.take(transferOf({}, [image]))).toBe(true);
    await drawn();
    expect(texts(".notice")[0]).toContain("Devstral cannot see images.");
    await click(".notice .link");
    expect(actions.take().map((action) => action.type)).toEqual(["chooseModel"]);
});

test("images in the draft are not sent to a model that cannot see them", async () => {
    composer.model = BLIND;
    composer.draft = { text: "What is this?", chips: [imageChip("a.png")], replaces: null };
    await drawn();
    expect(texts(".notice")[0]).toContain("cannot see images");
    find("textarea").focus();
    await press("Enter");
    expect(sent()).toEqual([]);
});

test("what is dropped from the explorer goes to the host by its URIs", () => {
    expect(composer.take(transferOf({ "text/uri-list": "# a comment\r\nfile:///a.py\r\nfile:///b.py" }))).toBe(true);
    expect(actions.take()).toEqual([{ type: "dropped", uris: ["file:///a.py", "file:///b.py"] }]);
});

test("another file from outside the editor is refused in a sentence, and plain text is no attachment", async () => {
    expect(composer.take(transferOf({}, [new File(["x"], "a.pdf", { type: "application/pdf" })]))).toBe(true);
    await drawn();
    expect(texts(".notice")[0]).toContain("Only images");
    expect(composer.take(transferOf({ "text/plain": "hello" }))).toBe(false);
});

test("pasted text stays text, also where a picture of it comes along", async () => {
    const paste = (transfer: DataTransfer): boolean => {
        const event = new Event("paste", { bubbles: true, cancelable: true });
        Object.assign(event, { clipboardData: transfer });
        find("textarea").dispatchEvent(event);
        return event.defaultPrevented;
    };
    const image = new File(["x"], "image.png", { type: "image/png" });
    expect(paste(transferOf({ "text/plain": "hello" }, [image]))).toBe(false);
    expect(paste(transferOf({}, [image]))).toBe(true);
    await drawn();
});

test("a file that is no image in spite of its name is refused in a sentence", async () => {
    vi.stubGlobal("createImageBitmap", () => Promise.reject(new Error("no image")));
    composer.take(transferOf({}, [new File(["x"], "broken.png", { type: "image/png" })]));
    await vi.waitFor(() => {
        expect(texts(".notice")[0]).toContain("“broken.png” is no image that can be read.");
    });
    vi.unstubAllGlobals();
});

test("the attach menu asks the host, and is used by keys alone", async () => {
    find(".composer pass-menu .icon-button").focus();
    await press("ArrowDown");
    expect(texts("[role=menuitem]")).toEqual(["Selection", "Open Files", "File…", "Problems", "Image…"]);
    await press("p");
    (document.activeElement as HTMLElement).click();
    expect(actions.take()).toEqual([{ type: "attach", what: "diagnostics" }]);
});
