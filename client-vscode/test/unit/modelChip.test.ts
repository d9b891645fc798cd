import { beforeEach, expect, test } from "vitest";

import { DaemonError } from "../../src/editor/daemon/link";
import { ModelOfChat } from "../../src/editor/panel/model";
import { Screen } from "../../src/editor/panel/screen";
import type { Surroundings } from "../../src/editor/panel/surroundings";
import type { Capability, Model, Models, Status } from "../../src/protocol";
import { FakeLink, settled } from "./support/fakeLink";

let link: FakeLink;
let screen: Screen;

beforeEach(() => {
    link = new FakeLink();
    screen = new Screen();
    new ModelOfChat(screen, { link } as unknown as Surroundings);
});

test.each<[string, Capability[], boolean]>([
    ["sees", ["tools", "vision"], true],
    ["does not see", ["tools"], false],
])("the model of chat, which %s", async (_, capabilities, vision) => {
    link.tellStatus(status("some/model"));
    await link.last("passerelle/models").answer(models({ id: "some/model-2" }, { id: "some/model", capabilities }));

    expect(screen.state.model).toEqual({ id: "some/model", name: "Named", vision, wanted: null });
    expect(screen.state.status?.roles.chat?.model).toBe("some/model");
});

test("a model that the list lacks goes by its id, and may be shown images", async () => {
    link.tellStatus(status("new/model", "old/model"));
    await link.last("passerelle/models").answer(models());
    expect(screen.state.model).toEqual({ id: "new/model", name: "new/model", vision: true, wanted: "old/model" });
});

test("without a list the model is shown all the same", async () => {
    link.tellStatus(status("some/model"));
    await link.last("passerelle/models").fail(new DaemonError("gone", -32097, null));
    expect(screen.state.model?.name).toBe("some/model");
});

test("of two changes the later is shown, in whatever order the answers come", async () => {
    link.tellStatus(status("a/a"));
    const first = link.last("passerelle/models");
    link.tellStatus(status("b/b"));
    await link.last("passerelle/models").answer(models({ id: "b/b" }));
    await first.answer(models({ id: "a/a" }));
    expect(screen.state.model?.id).toBe("b/b");
});

test("a change of the list or of the settings looks again", async () => {
    link.tellStatus(status("some/model"));
    link.say("passerelle/didChangeModels", { added: [], removed: [], total: 1 });
    link.say("passerelle/didChangeConfig", { keys: [], problems: [] });
    await settled();
    expect(link.count("passerelle/models")).toBe(3);
});

function status(model: string, wanted?: string): Status {
    const chat = { model, source: "user", ...(wanted === undefined ? {} : { wanted }) };
    return { state: "ready", message: "", roles: { chat } } as unknown as Status;
}

function models(...some: Partial<Model>[]): Models {
    return { models: some.map((model) => ({ name: "Named", capabilities: [], ...model })) } as unknown as Models;
}
