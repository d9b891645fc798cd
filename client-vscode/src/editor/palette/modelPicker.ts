/** The list of models to choose from, searched by the daemon as one types. It chooses; nothing is written here. */
import * as vscode from "vscode";

import {
    FILTERS,
    modelLines,
    modelsQuery,
    NO_FILTER,
    rolesOf,
    starred,
    toggled,
    type ModelFilter,
    type ModelLine,
    type ModelMemory,
} from "../../common/models";
import { shortName } from "../../common/status";
import type { Capability, Model, Models } from "../../protocol";
import type { Link } from "../daemon/link";
import { showProviders } from "./providers";
import { askScope, ICONS, scopeText } from "./scopes";

const t = vscode.l10n.t;

/** What was chosen, and how the buttons stood. */
export interface PickedModel {
    model: Model;
    memory: ModelMemory;
}

interface Item extends vscode.QuickPickItem {
    model: Model | null;
}

/** Some editors have it, none of the types do. */
type ModelPick = vscode.QuickPick<Item> & { sortByLabel?: boolean };

/** Null where nothing was chosen. Throws DaemonError where there is no list. `keep` is told what the buttons change. */
export async function pickModel(
    link: Link,
    memory: ModelMemory,
    keep: (memory: ModelMemory) => void,
): Promise<PickedModel | null> {
    const picker = new ModelPicker(link, memory, keep);
    try {
        return await picker.chosen();
    } finally {
        picker.dispose();
    }
}

class ModelPicker implements vscode.Disposable {
    readonly #pick: ModelPick = vscode.window.createQuickPick<Item>();
    readonly #listening: vscode.Disposable[];
    #filter: ModelFilter = NO_FILTER;
    #asking: vscode.CancellationTokenSource | null = null;
    #found: Models | null = null;
    /** Favourites, recents and what serves, as far as the gateway has them. */
    #kept: Model[] | null = null;
    /** A question of its own is open, for which the list gave way. */
    #aside = false;
    /** The model whose providers were looked at. */
    #cameFrom: string | undefined = undefined;
    #end: ((picked: PickedModel | null) => void) | null = null;
    #fail: ((error: unknown) => void) | null = null;

    constructor(
        private readonly link: Link,
        private memory: ModelMemory,
        private readonly keep: (memory: ModelMemory) => void,
    ) {
        const pick = this.#pick;
        // The daemon has searched and sorted: the editor is to do neither again.
        pick.matchOnDescription = false;
        pick.matchOnDetail = false;
        pick.sortByLabel = false;
        pick.ignoreFocusOut = false;
        this.#listening = [
            pick.onDidChangeValue(() => void this.#search()),
            pick.onDidAccept(() => {
                this.#accept();
            }),
            pick.onDidHide(() => {
                if (!this.#aside) this.#end?.(null);
            }),
            pick.onDidTriggerButton((button) => void this.#press(button as ModelButton)),
            pick.onDidTriggerItemButton(({ item, button }) => {
                const { model } = item;
                if (model === null) return;
                if (button === PROVIDERS) void this.#stepAside(() => this.#showProviders(model));
                else this.#star(model.id);
            }),
        ];
    }

    dispose(): void {
        this.#asking?.cancel();
        this.#asking?.dispose();
        for (const one of this.#listening) one.dispose();
        this.#pick.dispose();
    }

    async chosen(): Promise<PickedModel | null> {
        const ended = new Promise<PickedModel | null>((resolve, reject) => {
            this.#end = resolve;
            this.#fail = reject;
        });
        this.#dress();
        this.#pick.show();
        void this.#search();
        return ended;
    }

    /** The newest search wins; those before it are called off. */
    async #search(): Promise<void> {
        this.#asking?.cancel();
        this.#asking?.dispose();
        const asking = new vscode.CancellationTokenSource();
        this.#asking = asking;
        this.#pick.busy = true;
        try {
            const query = modelsQuery(this.#pick.value, this.#filter);
            const found = await this.link.request("passerelle/models", query, asking.token);
            this.#kept ??= await this.#findKept(found, asking.token);
            if (asking.token.isCancellationRequested) return;
            this.#found = found;
            this.#pick.busy = false;
            this.#fill();
        } catch (error) {
            if (!asking.token.isCancellationRequested) this.#fail?.(error);
        }
    }

    async #findKept(found: Models, token: vscode.CancellationToken): Promise<Model[]> {
        const serving = Object.values(found.roles).map((role) => role.model);
        const ids = [...new Set([...this.memory.favourites, ...this.memory.recents, ...serving])];
        const here = new Map(found.models.map((model) => [model.id, model]));
        const models = await Promise.all(ids.map(async (id) => here.get(id) ?? this.#find(id, token)));
        return models.filter((model) => model !== null);
    }

    async #find(id: string, token: vscode.CancellationToken): Promise<Model | null> {
        const { models } = await this.link.request("passerelle/models", { query: id, limit: 10 }, token);
        return models.find((model) => model.id === id) ?? null;
    }

    #fill(): void {
        if (this.#found === null) return;
        const lines = modelLines(this.#found, this.#kept ?? [], this.memory, this.#pick.value, this.#filter, t);
        this.#pick.items = lines.map(itemOf);
        const serving = this.#found.roles[this.memory.role]?.model;
        const current = this.#pick.items.find((item) => item.model !== null && item.model.id === serving);
        // What is searched or sorted for stands first; else what serves now is where one begins.
        const isSought = this.#pick.value.trim() !== "" || this.#filter.byPrice;
        if (!isSought && current !== undefined) this.#pick.activeItems = [current];
        this.#dress();
    }

    #accept(): void {
        const model = this.#pick.selectedItems[0]?.model ?? null;
        if (model !== null) this.#end?.({ model, memory: this.memory });
    }

    #star(id: string): void {
        const model = this.#found?.models.find((known) => known.id === id);
        if (model !== undefined && this.#kept?.every((known) => known.id !== id)) this.#kept.push(model);
        this.#remember(starred(this.memory, id));
        this.#fillAt(this.#pick.activeItems[0]?.model?.id);
    }

    async #showProviders(model: Model): Promise<void> {
        await showProviders(this.link, model, this.memory.role);
        this.#cameFrom = model.id;
    }

    /** Filled anew, one stays at the model where one was. */
    #fillAt(id: string | undefined): void {
        this.#fill();
        const again = this.#pick.items.find((item) => item.model !== null && item.model.id === id);
        if (again !== undefined) this.#pick.activeItems = [again];
    }

    async #press({ press }: ModelButton): Promise<void> {
        if (press === "role" || press === "scope") {
            await this.#stepAside(() => (press === "role" ? this.#askRole() : this.#askScope()));
            return;
        }
        if (press === "price") this.#filter = { ...this.#filter, byPrice: !this.#filter.byPrice };
        else this.#filter = toggled(this.#filter, press);
        this.#dress();
        await this.#search();
    }

    async #askRole(): Promise<void> {
        const roles = this.#found?.roles ?? {};
        const items = rolesOf(roles).map((role) => ({
            label: role,
            description: roles[role]?.model ?? t("as chat"),
            detail: roleDetail(role),
        }));
        const chosen = await vscode.window.showQuickPick(items, { title: t("Which role is the model for?") });
        if (chosen !== undefined) this.#remember({ ...this.memory, role: chosen.label });
    }

    async #askScope(): Promise<void> {
        const scope = await askScope(t("Model for {0}", this.memory.role), this.memory.scope);
        if (scope !== undefined) this.#remember({ ...this.memory, scope });
    }

    /** One question at a time: another one hides the list, and afterwards it comes back as it was. */
    async #stepAside(ask: () => Promise<void>): Promise<void> {
        this.#aside = true;
        await ask();
        this.#aside = false;
        this.#pick.show();
        this.#fillAt(this.#cameFrom);
        this.#cameFrom = undefined;
    }

    #remember(memory: ModelMemory): void {
        this.memory = memory;
        this.keep(memory);
    }

    /** The title and its buttons say how the choice stands. */
    #dress(): void {
        const { role, scope } = this.memory;
        const facts = [
            t("Model for {0}", role),
            t("Kept in: {0}", scopeText(scope)),
            ...this.#filter.needs.map((need) => FILTER_WORDS[need]?.() ?? need),
            ...(this.#filter.byPrice ? [t("cheapest first")] : []),
        ];
        this.#pick.title = facts.join(" · ");
        const serving = this.#found?.roles[role]?.model;
        const now = serving === undefined ? "" : t("now {0}", shortName(serving));
        this.#pick.placeholder = [t("Search by name, creator or id"), now].filter((part) => part !== "").join("; ");
        this.#pick.buttons = buttons(this.#filter, this.memory);
    }
}

interface ModelButton extends vscode.QuickInputButton {
    press: Capability | "price" | "role" | "scope";
}

const FILTER_ICONS: Partial<Record<Capability, string>> = { vision: "eye", tools: "tools", reasoning: "lightbulb" };
const FILTER_WORDS: Partial<Record<Capability, () => string>> = {
    vision: () => t("sees images"),
    tools: () => t("uses tools"),
    reasoning: () => t("reasons"),
};

function buttons(filter: ModelFilter, memory: ModelMemory): ModelButton[] {
    const filters = FILTERS.map((need): ModelButton => {
        const on = filter.needs.includes(need);
        const word = FILTER_WORDS[need]?.() ?? need;
        return button(
            need,
            on ? "pass-filled" : (FILTER_ICONS[need] ?? "filter"),
            on ? t("Also others than: {0}", word) : t("Only: {0}", word),
        );
    });
    return [
        ...filters,
        button(
            "price",
            filter.byPrice ? "pass-filled" : "credit-card",
            filter.byPrice ? t("Best fitting first") : t("Cheapest first"),
        ),
        button("role", "layers", t("Role: {0}", memory.role)),
        button("scope", ICONS[memory.scope], t("Kept in: {0}", scopeText(memory.scope))),
    ];
}

function button(press: ModelButton["press"], icon: string, tooltip: string): ModelButton {
    return { press, iconPath: new vscode.ThemeIcon(icon), tooltip };
}

function roleDetail(role: string): string {
    const details: Partial<Record<string, () => string>> = {
        chat: () => t("answers in the panel"),
        inline: () => t("suggests code while you type"),
        edit: () => t("applies code to files"),
        title: () => t("names conversations; a cheap one will do"),
        commit: () => t("writes commit messages"),
    };
    const detail = Object.hasOwn(details, role) ? details[role] : undefined;
    return detail?.() ?? t("a role of your configuration");
}

const PROVIDERS: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("server-environment"),
    tooltip: t("Providers: Price, Speed, Uptime"),
};

function itemOf(line: ModelLine): Item {
    if (line.type === "heading") {
        return { label: line.label, kind: vscode.QuickPickItemKind.Separator, model: null };
    }
    if (line.type === "note") return { label: `$(ellipsis) ${line.label}`, alwaysShow: true, model: null };
    const star: vscode.QuickInputButton = {
        iconPath: new vscode.ThemeIcon(line.favourite ? "star-full" : "star-empty"),
        tooltip: line.favourite ? t("Remove from favourites") : t("Add to favourites"),
    };
    const { label, description, detail, model } = line;
    return { label, description, detail, model, alwaysShow: true, buttons: [PROVIDERS, star] };
}
