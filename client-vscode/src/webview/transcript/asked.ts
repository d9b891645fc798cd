/** `<pass-asked>`: a question, with what went with it. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import type { Chip, PanelTurn } from "../../common/panel";
import type { FilePart, ImagePart, Message } from "../../protocol";
import { icon, PageElement } from "../app-element";
import { chipIcon } from "../composer-chips";
import { t } from "../l10n";

/** Longer questions are folded: most often, they hold something that was pasted. */
const LONG_LINES = 10;
const LONG_SIGNS = 700;

@customElement("pass-asked")
export class Asked extends PageElement {
    @property({ attribute: false }) turn: PanelTurn | null = null;
    /** While an answer is being written, no question can be changed. */
    @property({ attribute: false }) isBusy = false;
    @state() private isWhole = false;

    protected override render(): TemplateResult | typeof nothing {
        const turn = this.turn;
        if (turn === null) return nothing;
        const text = questionText(turn.messages);
        const isFolded = isLong(text) && !this.isWhole;
        return html`
            <div class="asked">
                <div class="asked-text ${isFolded ? "folded" : ""}" dir="auto">${text}</div>
                ${
                    isLong(text)
                        ? html`<button
                              type="button"
                              class="link asked-more"
                              aria-expanded=${this.isWhole ? "true" : "false"}
                              @click=${this.toggle}
                          >
                              ${this.isWhole ? t("Show less") : t("Show more")}
                          </button>`
                        : nothing
                }
                ${this.renderAttached(turn)}
                <button
                    type="button"
                    class="icon-button asked-edit"
                    title=${t("Edit and Ask Again")}
                    aria-label=${t("Edit and Ask Again")}
                    ?disabled=${this.isBusy}
                    @click=${() => {
                        this.tell("edit-turn", { turn });
                    }}
                >
                    ${icon("edit")}
                </button>
            </div>
        `;
    }

    private renderAttached(turn: PanelTurn): TemplateResult | typeof nothing {
        const parts = turn.messages.flatMap((message) => partsOf(message));
        const images = parts.filter((part): part is ImagePart => part.type === "image");
        const files = parts.filter((part): part is FilePart => part.type === "file");
        // An image is a part of the message; its chip is the same once more.
        const chips = turn.attachments.filter((chip) => chip.type !== "image" || images.length === 0);
        if (images.length + files.length + chips.length === 0) return nothing;
        return html`<ul class="asked-attached" aria-label=${t("Attached")}>
            ${images.map((part, at) => html`<li>${thumbnail(part, at)}</li>`)}
            ${files.map((part) => html`<li class="asked-file">${icon("file-pdf")}${part.name ?? part.mediaType}</li>`)}
            ${chips.map((chip) => html`<li>${this.renderChip(chip)}</li>`)}
        </ul>`;
    }

    private renderChip(chip: Chip): TemplateResult {
        return html`<button
            type="button"
            class="asked-chip"
            title=${chip.detail === chip.label ? chip.label : `${chip.label}\n${chip.detail}`}
            @click=${() => {
                this.act({ type: "openChip", chip });
            }}
        >
            ${chip.type === "image" ? thumbnail(chip.part, 0) : icon(chipIcon(chip))}
            <span class="ellipsis">${chip.label}</span>
        </button>`;
    }

    private readonly toggle = (): void => {
        this.isWhole = !this.isWhole;
    };
}

/** What a person wrote, of all that was sent. */
export function questionText(messages: Message[]): string {
    const asked = messages.filter((message) => message.role === "user");
    return asked
        .map((message) => {
            if (typeof message.content === "string") return message.content;
            return partsOf(message)
                .flatMap((part) => (part.type === "text" ? [part.text] : []))
                .join("\n");
        })
        .join("\n\n");
}

function isLong(text: string): boolean {
    return text.length > LONG_SIGNS || text.split("\n").length > LONG_LINES;
}

function partsOf(message: Message): Exclude<Extract<Message, { role: "user" }>["content"], string> {
    return message.role === "user" && typeof message.content !== "string" ? message.content : [];
}

function thumbnail(part: ImagePart, at: number): TemplateResult {
    return html`<img
        class="asked-image"
        alt=${t("Image {0}", at + 1)}
        src=${`data:${part.mediaType};base64,${part.data}`}
    />`;
}
