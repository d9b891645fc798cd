/** The chip with the model that answers: the role's, from the daemon's status, and what the list knows of it. */
import { confirmOf } from "../../common/forecast";
import type { ModelChip } from "../../common/panel";
import type { Model, RoleModel, Status } from "../../protocol";
import type { Screen } from "./screen";
import type { Owned, Surroundings } from "./surroundings";

export class ModelOfChat {
    private readonly listeners: Owned[];
    private wish = 0;
    /** What the chip depends on, as the status told it last: it also tells what was spent, after each answer. */
    private known = "";

    constructor(
        private readonly screen: Screen,
        private readonly around: Surroundings,
    ) {
        const { link } = around;
        const renew = (): void => {
            void this.renew();
        };
        this.listeners = [
            link.onDidChangeStatus((status) => {
                this.screen.tell({ type: "status", status });
                this.follow(status);
            }),
            link.onNotification("passerelle/didChangeModels", renew),
            link.onNotification("passerelle/didChangeConfig", ({ keys }) => {
                if (keys.includes(CONFIRM)) renew();
            }),
        ];
        if (link.status !== null) {
            this.screen.note({ type: "status", status: link.status });
            this.follow(link.status);
        }
    }

    /** The panel is looked at: what is left at the gateway may be another by now. The status will tell it. */
    askCredits(): void {
        const { status } = this.around.link;
        if (status === null || status.state === "needsKey") return;
        // Asked in passing: a gateway that does not tell is no fault, and what else is wrong the status says.
        this.around.link.request("passerelle/credits", {}).catch(() => undefined);
    }

    dispose(): void {
        for (const listener of this.listeners) listener.dispose();
    }

    private follow({ gateway, roles, state }: Status): void {
        const known = JSON.stringify([gateway.name, roles.chat, state === "needsKey"]);
        if (known === this.known) return;
        this.known = known;
        void this.renew();
        if (this.screen.isShown) this.askCredits();
    }

    private async renew(): Promise<void> {
        const wish = ++this.wish;
        const chip = await this.chip();
        if (wish === this.wish) this.screen.tell({ type: "model", model: chip });
    }

    private async chip(): Promise<ModelChip | null> {
        const role = this.around.link.status?.roles.chat;
        if (role === undefined) return null;
        // Without the list the id is name enough; the state of the daemon tells the rest.
        const [model, confirmAbove] = await Promise.all([
            this.find(role.model).catch(() => null),
            this.confirmAbove().catch(() => null),
        ]);
        return chipOf(role, model, confirmAbove);
    }

    /** Throws DaemonError. */
    private async find(id: string): Promise<Model | null> {
        const { models } = await this.around.link.request("passerelle/models", { query: id, limit: 20 });
        return models.find((model) => model.id === id) ?? null;
    }

    /** Throws DaemonError. */
    private async confirmAbove(): Promise<unknown> {
        const folder = this.around.activeFolder();
        const params = folder === null ? {} : { workspaceFolder: folder };
        const { values } = await this.around.link.request("passerelle/config", params);
        return values.find(({ key }) => key === CONFIRM)?.value;
    }
}

const CONFIRM = "spending.confirm_above_usd";

/** Of a model that the list lacks nobody knows what it sees: the person may try, and the gateway has the last word. */
function chipOf(role: RoleModel, model: Model | null, confirmAbove: unknown): ModelChip {
    return {
        id: role.model,
        name: model?.name ?? role.model,
        vision: model?.capabilities.includes("vision") ?? true,
        // Nobody chose the built-in default: what stands in for it is no news.
        wanted: role.source === "default" ? null : (role.wanted ?? null),
        confirm: confirmOf(confirmAbove, model),
    };
}
