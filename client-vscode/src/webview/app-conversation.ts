/** What the header and a row of the list have in common: a conversation that can be renamed, deleted and exported in place. */
import { type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";

import type { ConversationSummary } from "../protocol";
import { PageElement } from "./app-element";

export class ConversationElement extends PageElement {
    @property({ attribute: false }) conversation: ConversationSummary | null = null;
    @state() protected doing: "nothing" | "renaming" | "deleting" = "nothing";

    protected override willUpdate(changed: PropertyValues<this>): void {
        const before = changed.get("conversation");
        if (before !== undefined && before?.id !== this.conversation?.id) this.doing = "nothing";
    }

    protected readonly rename = (): void => {
        this.doing = "renaming";
    };

    protected readonly onRenamed = (event: CustomEvent<string>): void => {
        event.stopPropagation();
        if (this.conversation !== null) {
            this.act({ type: "rename", conversation: this.conversation.id, title: event.detail });
        }
        this.stopDoing();
    };

    protected readonly askToDelete = (): void => {
        this.doing = "deleting";
        void this.updateComplete.then(() => this.querySelector<HTMLElement>(".delete-for-good")?.focus());
    };

    protected readonly delete = (): void => {
        if (this.conversation !== null) this.act({ type: "delete", conversation: this.conversation.id });
        this.doing = "nothing";
    };

    protected export(format: "markdown" | "json"): void {
        if (this.conversation !== null) this.act({ type: "export", conversation: this.conversation.id, format });
    }

    protected readonly stopDoing = (): void => {
        this.doing = "nothing";
        void this.updateComplete.then(() => {
            this.cameBack();
        });
    };

    /** Nothing is being done any more. */
    protected cameBack(): void {
        // Who wants the focus takes it.
    }
}
