/**
 * A button with a menu.
 *
 * The component library's context menu has no roles, does not open at a button and is a tab stop while it is closed; this
 * one follows the ARIA pattern "menu button" and looks like the editor's own menus.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

import { icon, PageElement } from "./app-element";

export interface MenuItem {
    id: string;
    label: string;
    icon?: string;
    /** For a choice that is on or off. */
    checked?: boolean;
    disabled?: boolean;
    /** A line above it. */
    separated?: boolean;
}

/** `choose` is told with the item's id. */
@customElement("pass-menu")
export class Menu extends PageElement {
    @property() label = "";
    @property() icon = "ellipsis";
    @property({ attribute: false }) items: MenuItem[] = [];
    /** Opens above the button. */
    @property({ type: Boolean }) up = false;
    /** Its left side is the button's, instead of the right. */
    @property({ type: Boolean }) start = false;
    @state() private isOpen = false;
    private typed = "";
    private typedAt = 0;

    override disconnectedCallback(): void {
        super.disconnectedCallback();
        this.forgetOutside();
    }

    override focus(): void {
        this.button?.focus();
    }

    protected override render(): TemplateResult {
        return html`
            <button
                type="button"
                class="icon-button"
                title=${this.label}
                aria-label=${this.label}
                aria-haspopup="menu"
                aria-expanded=${this.isOpen ? "true" : "false"}
                @click=${this.toggle}
                @keydown=${this.onButtonKey}
            >
                ${icon(this.icon)}
            </button>
            ${this.isOpen ? this.renderMenu() : nothing}
        `;
    }

    private renderMenu(): TemplateResult {
        return html`
            <div
                class="menu ${this.up ? "menu-up" : ""} ${this.start ? "menu-start" : ""}"
                role="menu"
                aria-label=${this.label}
                @keydown=${this.onMenuKey}
            >
                ${this.items.map((item) => this.renderItem(item))}
            </div>
        `;
    }

    private renderItem(item: MenuItem): TemplateResult {
        const isChoice = item.checked !== undefined;
        return html`
            ${item.separated === true ? html`<div class="menu-separator" role="separator"></div>` : nothing}
            <button
                type="button"
                class="menu-item"
                role=${isChoice ? "menuitemcheckbox" : "menuitem"}
                aria-checked=${isChoice ? String(item.checked) : nothing}
                ?disabled=${item.disabled === true}
                tabindex="-1"
                @click=${() => {
                    this.choose(item.id);
                }}
                @pointermove=${(event: PointerEvent) => {
                    (event.currentTarget as HTMLElement).focus();
                }}
            >
                ${icon(item.checked === true ? "check" : (item.icon ?? "blank"))}
                <span>${item.label}</span>
            </button>
        `;
    }

    private readonly toggle = (): void => {
        if (this.isOpen) this.close(true);
        else void this.open(0);
    };

    private async open(at: number): Promise<void> {
        this.isOpen = true;
        document.addEventListener("pointerdown", this.onOutside, true);
        window.addEventListener("blur", this.onOutside);
        await this.updateComplete;
        this.entries.at(at)?.focus();
    }

    private close(returnFocus: boolean): void {
        this.isOpen = false;
        this.forgetOutside();
        if (returnFocus) this.button?.focus();
    }

    private choose(id: string): void {
        this.close(true);
        this.tell("choose", id);
    }

    private readonly onOutside = (event: Event): void => {
        if (event.target instanceof Node && this.contains(event.target)) return;
        this.close(false);
    };

    private forgetOutside(): void {
        document.removeEventListener("pointerdown", this.onOutside, true);
        window.removeEventListener("blur", this.onOutside);
    }

    private readonly onButtonKey = (event: KeyboardEvent): void => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        void this.open(event.key === "ArrowDown" ? 0 : -1);
    };

    private readonly onMenuKey = (event: KeyboardEvent): void => {
        const to = this.target(event.key);
        if (event.key === "Tab") {
            this.close(true);
            return;
        }
        // The menu is the innermost thing that Escape leaves: an answer that is being written goes on.
        event.stopPropagation();
        if (event.key === "Escape") this.close(true);
        else if (to !== null) to.focus();
        else return;
        event.preventDefault();
    };

    private target(key: string): HTMLElement | null {
        const entries = this.entries;
        const at = entries.findIndex((entry) => entry === document.activeElement);
        switch (key) {
            case "ArrowDown":
                return entries[(at + 1) % entries.length] ?? null;
            case "ArrowUp":
                return entries.at(at <= 0 ? -1 : at - 1) ?? null;
            case "Home":
                return entries[0] ?? null;
            case "End":
                return entries.at(-1) ?? null;
            default:
                return key.length === 1 && key !== " " ? this.byLetters(key, entries) : null;
        }
    }

    private byLetters(key: string, entries: HTMLElement[]): HTMLElement | null {
        const now = Date.now();
        this.typed = now - this.typedAt < 700 ? this.typed + key : key;
        this.typedAt = now;
        const wanted = this.typed.toLocaleLowerCase();
        return entries.find((entry) => entry.textContent.trim().toLocaleLowerCase().startsWith(wanted)) ?? null;
    }

    private get button(): HTMLElement | null {
        return this.querySelector(".icon-button");
    }

    private get entries(): HTMLElement[] {
        return [...this.querySelectorAll<HTMLElement>(".menu-item:not(:disabled)")];
    }
}
