/** Where the question is written: its text, what goes with it, the model, and Send or Stop. */
import "./app-menu";
import "./app-model";
import "./composer-chips";
import "./composer-question";

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";

import { foreseenUsd } from "../common/forecast";
import { dollars } from "../common/money";
import { type Chip, type Draft, EMPTY_DRAFT, type ModelChip, type PanelEvent } from "../common/panel";
import { isBlank } from "../common/revise";
import { icon, PageElement } from "./app-element";
import type { MenuItem } from "./app-menu";
import type { Chips } from "./composer-chips";
import { imagesIn, readImage, urisIn } from "./composer-images";
import type { Picked, Question } from "./composer-question";
import { t } from "./l10n";

/** A sentence above the question, which goes with the next letter that is written. */
interface Notice {
    text: string;
    offersModels: boolean;
}

/** Tells `revise` with null when the editing of an earlier question is given up, `revise-last` to begin with the last. */
@customElement("pass-composer")
export class Composer extends PageElement {
    @property({ attribute: false }) draft: Draft = EMPTY_DRAFT;
    @property({ attribute: false }) model: ModelChip | null = null;
    /** What the conversation fills of the model's window: it is sent again with each question. */
    @property({ type: Number }) usedTokens = 0;
    @property({ type: Boolean }) isRunning = false;
    /** Whether the daemon, and so the model, is still to come. */
    @property({ type: Boolean }) isStarting = false;
    /** The host's last answer to `suggest`. */
    @property({ attribute: false }) suggested: Extract<PanelEvent, { type: "suggestions" }> | null = null;
    @state() private notice: Notice | null = null;
    @query("pass-question") private readonly question!: Question;
    @query("pass-chips") private readonly chips!: Chips;
    @query("input[type=file]") private readonly fileInput!: HTMLInputElement;

    override focus(): void {
        void this.updateComplete.then(() => {
            this.question.focus();
        });
    }

    get caret(): number {
        return this.hasUpdated ? this.question.caret : 0;
    }

    /** Puts the caret there, once the text is. */
    async putCaret(at: number): Promise<void> {
        await this.updateComplete;
        await this.question.putCaret(at);
    }

    /** What was dropped anywhere on the page, or pasted into the question. Returns whether anything was of use. */
    take(transfer: DataTransfer | null): boolean {
        const uris = urisIn(transfer);
        const images = imagesIn(transfer);
        if (uris.length > 0) this.act({ type: "dropped", uris });
        else if (images.length > 0) void this.attachImages(images);
        else if ((transfer?.files.length ?? 0) > 0) {
            this.say(t("Only images can come from outside the editor. Attach other files with +."));
        } else return false;
        return true;
    }

    protected override willUpdate(changed: PropertyValues<this>): void {
        const before = changed.get("draft");
        if (before !== undefined && before.replaces !== this.draft.replaces) this.notice = null;
    }

    protected override updated(changed: PropertyValues<this>): void {
        const before = changed.get("draft");
        // A question that was taken up, or given by the editor: one goes on writing at its end.
        if (before !== undefined && this.draft.text !== "" && before.replaces !== this.draft.replaces) {
            this.focus();
            void this.putCaret(this.draft.text.length);
        }
    }

    protected override render(): TemplateResult {
        return html`
            <form class="composer" aria-label=${t("Question")} @submit=${this.onSubmit}>
                ${this.renderNotice()} ${this.draft.replaces === null ? nothing : this.renderEditing()}
                <div class="composer-box" @click=${this.onBoxClick}>
                    <pass-chips
                        .chips=${this.draft.chips}
                        @remove=${this.onRemove}
                        @leave=${this.comeBack}
                    ></pass-chips>
                    <pass-question
                        .text=${this.draft.text}
                        .attached=${this.draft.chips}
                        .suggested=${this.suggested}
                        .keyed=${this.keyed}
                        @written=${this.onWritten}
                        @picked=${this.onPicked}
                        @paste=${this.onPaste}
                    ></pass-question>
                    <div class="composer-tools">
                        <pass-menu
                            up
                            start
                            icon="add"
                            .label=${t("Attach")}
                            .items=${ATTACH}
                            @choose=${this.onAttach}
                        ></pass-menu>
                        ${
                            this.model === null && this.isStarting
                                ? html`<span class="model-to-come">${t("Starting…")}</span>`
                                : html`<pass-model .model=${this.model}></pass-model>`
                        }
                        <span class="spacer"></span>
                        ${this.isRunning ? this.renderStop() : this.renderSend()}
                    </div>
                    <input
                        type="file"
                        accept="image/png,image/jpeg,image/webp,image/gif"
                        multiple
                        hidden
                        @change=${this.onFiles}
                    />
                </div>
            </form>
        `;
    }

    private renderSend(): TemplateResult {
        return html`<button
            type="submit"
            class="send"
            ?disabled=${isBlank(this.draft)}
            title=${t("Send (Enter)")}
            aria-label=${t("Send")}
        >
            ${icon("send")}
        </button>`;
    }

    private renderStop(): TemplateResult {
        return html`<button
            type="button"
            class="send stop"
            title=${t("Stop (Escape)")}
            aria-label=${t("Stop")}
            @click=${(event: MouseEvent) => {
                // The second click of a double click on Send, in whose place this button has come.
                if (event.detail < 2) this.stop();
            }}
        >
            ${icon("stop-circle")}
        </button>`;
    }

    private renderEditing(): TemplateResult {
        return html`
            <div class="strip editing">
                <span class="strip-text"
                    >${icon("edit")}${t("Editing an earlier question — the answers after it are set aside")}</span
                >
                <button type="button" class="link" @click=${this.giveUpEditing}>${t("Cancel")}</button>
            </div>
        `;
    }

    private renderNotice(): TemplateResult | typeof nothing {
        const notice = this.notice ?? this.blindness ?? this.dearness;
        if (notice === null) return nothing;
        return html`
            <div class="strip notice" role="status">
                <span class="strip-text">${icon("info")}${notice.text}</span>
                ${
                    notice.offersModels
                        ? html`<button type="button" class="link" @click=${this.chooseModel}>
                              ${t("Choose another")}
                          </button>`
                        : nothing
                }
            </div>
        `;
    }

    /** That the draft has images which the model would not see. */
    private get blindness(): Notice | null {
        const hasImages = this.draft.chips.some((chip) => chip.type === "image");
        if (!hasImages || this.model === null || this.model.vision) return null;
        return { text: t("{0} cannot see images.", this.model.name), offersModels: true };
    }

    /** That the question is likely to be held back for what it costs. */
    private get dearness(): Notice | null {
        const usd = foreseenUsd(this.draft, this.usedTokens, this.model?.confirm ?? null);
        if (usd === null || isBlank(this.draft)) return null;
        return { text: t("This may cost about {0}: you will be asked first.", dollars(usd)), offersModels: true };
    }

    private readonly onWritten = (event: CustomEvent<string>): void => {
        event.stopPropagation();
        this.notice = null;
        this.write({ ...this.draft, text: event.detail });
    };

    private readonly onPicked = (event: CustomEvent<Picked>): void => {
        event.stopPropagation();
        const { text, chip } = event.detail;
        this.write({ ...this.draft, text, chips: [...this.draft.chips, chip] });
    };

    /** What a key does in the question that is not writing. */
    private readonly keyed = (event: KeyboardEvent): boolean => {
        switch (event.key) {
            case "Enter":
                if (event.shiftKey || event.altKey) return false;
                this.send();
                return true;
            case "Escape":
                // A running answer is stopped by who hears the key next.
                if (this.draft.replaces === null || this.isRunning) return false;
                event.stopPropagation();
                this.giveUpEditing();
                return true;
            case "ArrowUp":
                if (!isBlank(this.draft) || this.draft.replaces !== null) return false;
                this.tell("revise-last");
                return true;
            case "Backspace":
            case "ArrowLeft":
                if (!this.question.isCaretAtStart || this.draft.chips.length === 0) return false;
                this.chips.focusLast();
                return true;
            default:
                return false;
        }
    };

    private readonly comeBack = (event: Event): void => {
        event.stopPropagation();
        this.focus();
    };

    private readonly onSubmit = (event: Event): void => {
        event.preventDefault();
        this.send();
    };

    private send(): void {
        const draft = { ...this.draft, text: this.question.shownText };
        if (isBlank(draft)) return;
        if (this.isRunning) {
            this.say(t("An answer is being written. Stop it with Escape to ask something else."));
            return;
        }
        if (this.blindness !== null) {
            this.say(this.blindness.text, true);
            return;
        }
        this.notice = null;
        this.act({ type: "send", draft });
        this.focus();
    }

    private stop(): void {
        this.act({ type: "stop" });
        this.focus();
    }

    private readonly giveUpEditing = (): void => {
        this.tell("revise", null);
        this.focus();
    };

    private readonly onAttach = (event: CustomEvent<string>): void => {
        event.stopPropagation();
        const what = event.detail;
        if (what === "image") this.fileInput.click();
        else if (isAttachable(what)) this.act({ type: "attach", what });
    };

    private readonly onFiles = (): void => {
        const files = [...(this.fileInput.files ?? [])];
        this.fileInput.value = "";
        void this.attachImages(files);
    };

    private readonly onPaste = (event: ClipboardEvent): void => {
        // Copied from a page or a document, text often comes with a picture of itself: the text is meant.
        const hasText = (event.clipboardData?.getData("text/plain") ?? "") !== "";
        if (hasText || imagesIn(event.clipboardData).length === 0) return;
        event.preventDefault();
        this.take(event.clipboardData);
    };

    private async attachImages(files: File[]): Promise<void> {
        if (this.model?.vision === false) {
            this.say(t("{0} cannot see images.", this.model.name), true);
            return;
        }
        const read = await Promise.all(files.map(readImage));
        const known = new Set(this.draft.chips.map((chip) => chip.key));
        const chips = read.flatMap((image): Chip[] =>
            "chip" in image && !known.has(image.chip.key) ? [image.chip] : [],
        );
        const refusals = read.flatMap((image) => ("refusal" in image ? [image.refusal] : []));
        if (chips.length > 0) this.write({ ...this.draft, chips: [...this.draft.chips, ...chips] });
        if (refusals.length > 0) this.say(refusals.join(" "));
        this.focus();
    }

    private readonly onRemove = (event: CustomEvent<string>): void => {
        event.stopPropagation();
        this.write({ ...this.draft, chips: this.draft.chips.filter((chip) => chip.key !== event.detail) });
    };

    private readonly onBoxClick = (event: Event): void => {
        if (event.target === event.currentTarget) this.focus();
    };

    private readonly chooseModel = (): void => {
        this.act({ type: "chooseModel" });
    };

    private say(text: string, offersModels = false): void {
        this.notice = { text, offersModels };
    }

    private write(draft: Draft): void {
        this.draft = draft;
        this.act({ type: "draft", draft });
    }
}

const ATTACH: MenuItem[] = [
    { id: "selection", label: t("Selection"), icon: "list-selection" },
    { id: "openFiles", label: t("Open Files"), icon: "files" },
    { id: "file", label: t("File…"), icon: "file" },
    { id: "diagnostics", label: t("Problems"), icon: "warning" },
    { id: "image", label: t("Image…"), icon: "file-media" },
];

type Attachable = "selection" | "openFiles" | "file" | "diagnostics";

function isAttachable(what: string): what is Attachable {
    return ["selection", "openFiles", "file", "diagnostics"].includes(what);
}
