/** The chip with the model that answers: the role's, from the daemon's status, and what the list knows of it. */
import type { ModelChip } from "../../common/panel";
import type { Model, RoleModel } from "../../protocol";
import type { Screen } from "./screen";
import type { Owned, Surroundings } from "./surroundings";

export class ModelOfChat {
    private readonly listeners: Owned[];
    private wish = 0;

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
                renew();
            }),
            link.onNotification("passerelle/didChangeModels", renew),
            link.onNotification("passerelle/didChangeConfig", renew),
        ];
        if (link.status !== null) {
            this.screen.note({ type: "status", status: link.status });
            renew();
        }
    }

    dispose(): void {
        for (const listener of this.listeners) listener.dispose();
    }

    private async renew(): Promise<void> {
        const wish = ++this.wish;
        const chip = await this.chip();
        if (wish === this.wish) this.screen.tell({ type: "model", model: chip });
    }

    private async chip(): Promise<ModelChip | null> {
        const role = this.around.link.status?.roles.chat;
        if (role === undefined) return null;
        try {
            const { models } = await this.around.link.request("passerelle/models", { query: role.model, limit: 20 });
            return chipOf(role, models.find(({ id }) => id === role.model) ?? null);
        } catch {
            // Without the list the id is name enough; the state of the daemon tells the rest.
            return chipOf(role, null);
        }
    }
}

/** Of a model that the list lacks nobody knows what it sees: the person may try, and the gateway has the last word. */
function chipOf(role: RoleModel, model: Model | null): ModelChip {
    return {
        id: role.model,
        name: model?.name ?? role.model,
        vision: model?.capabilities.includes("vision") ?? true,
        // Nobody chose the built-in default: what stands in for it is no news.
        wanted: role.source === "default" ? null : (role.wanted ?? null),
    };
}
