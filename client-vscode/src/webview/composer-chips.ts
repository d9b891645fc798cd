/** The chips above the question: what goes with it, each of which can be looked at and taken off. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import type { Chip } from "../common/panel";
import { icon, PageElement } from "./app-element";
import { t } from "./l10n";

/** `remove` is told with a chip's key, `leave` when the keyboard goes past the last one. */
@customElement("pass-chips")
export class Chips extends PageElement {
    @property({ attribute: false }) chips: Chip[] = [];
    /** Where a chip has just been taken off. */
    private gapAt: number | null = null;

    protected override render(): TemplateResult | typeof nothing {
        if (this.chips.length === 0) return nothing;
        return html`
            <ul class="chips" aria-label=${t("Attached")}>
                ${repeat(
                    this.chips,
                    (chip) => chip.key,
                    (chip) => this.renderChip(chip),
                )}
            </ul>
        `;
    }

    /** For Backspace at the start of the question. */
    focusLast(): void {
        this.buttons.at(-1)?.focus();
    }

    private renderChip(chip: Chip): TemplateResult {
        return html`
            <li class="chip">
                <button
                    type="button"
                    class="chip-open"
                    title=${chip.detail === chip.label ? chip.label : `${chip.label}\n${chip.detail}`}
                    aria-keyshortcuts="Delete"
                    @click=${() => {
                        this.act({ type: "openChip", chip });
                    }}
                    @keydown=${(event: KeyboardEvent) => {
                        this.onKey(event, chip);
                    }}
                >
                    ${picture(chip)}<span class="ellipsis">${chip.label}</span>
                </button>
                <button
                    type="button"
                    class="chip-remove"
                    tabindex="-1"
                    title=${t("Remove")}
                    aria-label=${t("Remove {0}", chip.label)}
                    @click=${() => {
                        this.takeOff(chip.key);
                    }}
                >
                    ${icon("close")}
                </button>
            </li>
        `;
    }

    private onKey(event: KeyboardEvent, chip: Chip): void {
        const buttons = this.buttons;
        const at = buttons.findIndex((button) => button === event.target);
        if (event.key === "Delete" || event.key === "Backspace") this.takeOff(chip.key);
        else if (event.key === "ArrowLeft") buttons[at - 1]?.focus();
        else if (event.key === "ArrowRight" && at < buttons.length - 1) buttons[at + 1]?.focus();
        else if (event.key === "ArrowRight" || event.key === "ArrowDown") this.tell("leave");
        else return;
        event.preventDefault();
    }

    private takeOff(key: string): void {
        this.gapAt = this.chips.findIndex((chip) => chip.key === key);
        this.tell("remove", key);
    }

    /** The focus goes to the chip that takes the place of the one taken off, and with the last one back to the question. */
    protected override updated(): void {
        if (this.gapAt === null) return;
        const next = this.buttons[Math.min(this.gapAt, this.buttons.length - 1)];
        this.gapAt = null;
        if (next === undefined) this.tell("leave");
        else next.focus();
    }

    private get buttons(): HTMLElement[] {
        return [...this.querySelectorAll<HTMLElement>(".chip-open")];
    }
}

/** An image shows itself; the policy of the page allows `data:` for images only. */
function picture(chip: Chip): TemplateResult {
    if (chip.type === "image") {
        return html`<img class="chip-image" alt="" src=${`data:${chip.part.mediaType};base64,${chip.part.data}`} />`;
    }
    return icon(chipIcon(chip));
}

export function chipIcon(chip: Chip): string {
    if (chip.type === "image") return "file-media";
    if (chip.attachment.kind === "diagnostics") return "warning";
    return chip.attachment.range === undefined ? "file" : "list-selection";
}
