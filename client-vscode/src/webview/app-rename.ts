/** A title, to be written anew in place. Enter and leaving it take the new one, Escape the old one. */
import "@vscode-elements/elements/dist/vscode-textfield/index.js";

import type { VscodeTextfield } from "@vscode-elements/elements/dist/vscode-textfield/vscode-textfield.js";
import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";

import { PageElement } from "./app-element";
import { t } from "./l10n";

/** Tells `renamed` with a title that is another and not empty, else `given-up`. */
@customElement("pass-rename")
export class Rename extends PageElement {
    @property() was = "";
    private isOver = false;

    protected override render(): TemplateResult {
        return html`<vscode-textfield .label=${t("Title")} .value=${this.was} @keydown=${this.onKey} @blur=${this.take}
            ><span slot="content-after" class="field-end"></span
        ></vscode-textfield>`;
    }

    protected override firstUpdated(): void {
        const field = this.field;
        void field?.updateComplete.then(() => {
            field.focus();
            field.wrappedElement.select();
        });
    }

    private readonly onKey = (event: KeyboardEvent): void => {
        if (event.isComposing) return;
        // Its keys are its own: Enter opens no conversation, Escape closes no list, Delete deletes a letter.
        event.stopPropagation();
        if (event.key === "Enter") this.take();
        if (event.key === "Escape") this.end("given-up");
    };

    private readonly take = (): void => {
        const title = this.field?.value.trim() ?? "";
        if (title === "" || title === this.was) this.end("given-up");
        else this.end("renamed", title);
    };

    /** Once: removing the field from the page blurs it too. */
    private end(name: string, title?: string): void {
        if (this.isOver) return;
        this.isOver = true;
        this.tell(name, title);
    }

    private get field(): VscodeTextfield | null {
        return this.querySelector("vscode-textfield");
    }
}
