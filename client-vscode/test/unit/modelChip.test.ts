import { beforeEach, expect, test } from "vitest";

import { DaemonError } from "../../src/editor/daemon/link";
import { ModelOfChat } from "../../src/editor/panel/model";
import { Screen } from "../../src/editor/panel/screen";
import type { Surroundings } from "../../src/editor/panel/surroundings";
import type { Capability, Model, Models, Price, Status } from "../../src/protocol";
import { FakeLink, settled } from "./support/fakeLink";

let link: FakeLink;
let screen: Screen;
let chip: ModelOfChat;

beforeEach(() => {
    link = new FakeLink();
    screen = new Screen();
    chip = new ModelOfChat(screen, { link, activeFolder: () => null } as unknown as Surroundings);
});

test.each<[string, Capability[], boolean]>([
    ["sees", ["tools", "vision"], true],
    ["does not see", ["tools"], false],
])("the model of chat, which %s", async (_, capabilities, vision) => {
    link.tellStatus(status("some/model"));
    await told(0, { id: "some/model-2" }, { id: "some/model", capabilities });

    expect(screen.state.model).toEqual({ id: "some/model", name: "Named", vision, wanted: null, confirm: null });
    expect(screen.state.status?.roles.chat?.model).toBe("some/model");
});

test("a model that the list lacks goes by its id, and may be shown images", async () => {
    link.tellStatus(status("new/model", "old/model"));
    await told(5);
    expect(screen.state.model).toEqual({
        id: "new/model",
        name: "new/model",
        vision: true,
        wanted: "old/model",
        confirm: null,
    });
});

test("without a list the model is shown all the same", async () => {
    link.tellStatus(status("some/model"));
    await link.last("passerelle/models").fail(gone());
    await link.last("passerelle/config").fail(gone());
    expect(screen.state.model?.name).toBe("some/model");
});

test("where dear questions have to be confirmed, the chip knows what one costs", async () => {
    link.tellStatus(status("some/model"));
    const price = { input: 3, output: 10, cacheRead: null, cacheWrite: null };
    await told(0.25, { id: "some/model", price, maxOutput: 1000 });
    expect(screen.state.model?.confirm).toEqual({ aboveUsd: 0.25, inputUsd: 0.000003, answerUsd: 0.01 });
});

test("of two changes the later is shown, in whatever order the answers come", async () => {
    link.tellStatus(status("a/a"));
    const first = [link.last("passerelle/models"), link.last("passerelle/config")] as const;
    link.tellStatus(status("b/b"));
    await told(0, { id: "b/b" });
    await first[0].answer(models({ id: "a/a" }));
    await first[1].answer({ values: [], problems: [] });
    expect(screen.state.model?.id).toBe("b/b");
});

test("a change of the list or of what has to be confirmed looks again; what was spent does not", async () => {
    link.tellStatus(status("some/model"));
    link.say("passerelle/didChangeModels", { added: [], removed: [], total: 1 });
    link.say("passerelle/didChangeConfig", { keys: ["spending.confirm_above_usd"], problems: [] });
    link.say("passerelle/didChangeConfig", { keys: ["routing.sort"], problems: [] });
    link.tellStatus({ ...status("some/model"), spent: { requests: 1, costUsd: 1, estimatedUsd: 0, unknown: 0 } });
    await settled();
    expect(link.count("passerelle/models")).toBe(3);
});

test("what is left at the gateway is asked when the panel is opened, and for a page when there is a gateway", () => {
    chip.askCredits();
    expect(link.count("passerelle/credits")).toBe(0);

    screen.attach(() => undefined);
    link.tellStatus({ ...status("some/model"), state: "needsKey" });
    expect(link.count("passerelle/credits")).toBe(0);

    link.tellStatus(status("some/model"));
    chip.askCredits();
    expect(link.count("passerelle/credits")).toBe(2);
});

async function told(confirmAbove: number, ...some: Partial<Model>[]): Promise<void> {
    await link.last("passerelle/models").answer(models(...some));
    const value = { key: "spending.confirm_above_usd", value: confirmAbove, source: "user" } as const;
    await link.last("passerelle/config").answer({ values: [value], problems: [] });
}

function gone(): DaemonError {
    return new DaemonError("gone", -32097, null);
}

function status(model: string, wanted?: string): Status {
    const chat = { model, source: "user", ...(wanted === undefined ? {} : { wanted }) };
    return { state: "ready", message: "", gateway: { name: "work" }, roles: { chat } } as unknown as Status;
}

function models(...some: Partial<Model>[]): Models {
    return {
        models: some.map((model) => ({ name: "Named", capabilities: [], price: NO_PRICE, ...model })),
    } as unknown as Models;
}

const NO_PRICE: Price = { input: null, output: null, cacheRead: null, cacheWrite: null };
