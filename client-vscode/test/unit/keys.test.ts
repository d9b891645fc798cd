import { expect, test } from "vitest";

import { Keys } from "../../src/editor/daemon/keys";
import { Secrets } from "./support/vscode";

const KEY = "sk-made-up-0000";

test("a key is stored under the name of its gateway, and told to nobody but who asks for it", async () => {
    const keys = new Keys(new Secrets());
    await keys.set("work", KEY);

    expect(await keys.list()).toEqual(["work"]);
    expect(await keys.has("work")).toBe(true);
    expect(await keys.has("other")).toBe(false);
    expect(await keys.reveal("work")).toBe(KEY);
    expect(await keys.reveal("other")).toBeNull();
    expect(JSON.stringify(await keys.list())).not.toContain(KEY);
});

test("a key that is stored again takes the other's place", async () => {
    const keys = new Keys(new Secrets());
    await keys.set("work", "old");
    await keys.set("work", KEY);

    expect(await keys.list()).toEqual(["work"]);
    expect(await keys.reveal("work")).toBe(KEY);
});

test("keys that are stored at the same time are all there", async () => {
    const keys = new Keys(new Secrets());
    await Promise.all(["a", "b", "c"].map((name) => keys.set(name, KEY)));

    expect(await keys.list()).toEqual(["a", "b", "c"]);
});

test("a key that is removed is gone", async () => {
    const secrets = new Secrets();
    const keys = new Keys(secrets);
    await keys.set("work", KEY);

    expect(await keys.remove("work")).toBe(true);
    expect(await keys.remove("work")).toBe(false);
    expect(await keys.list()).toEqual([]);
    expect([...secrets.values.values()].join()).not.toContain(KEY);
});

test("another window's key is heard of once, when its value is there", async () => {
    const shared = new Secrets();
    const here = new Keys(shared);
    const seen: (string | null)[] = [];
    const revealed: Promise<unknown>[] = [];
    here.onDidChange(() => revealed.push(here.reveal("work").then((value) => seen.push(value))));

    await new Keys(shared).set("work", KEY);
    await Promise.all(revealed);

    expect(seen).toEqual([KEY]);
});

test.each(["", "not json", "{}", '["work", 3]'])("names that were spoilt (%j) break nothing", async (text) => {
    const secrets = new Secrets();
    secrets.values.set("gateways", text);
    const keys = new Keys(secrets);
    await keys.set("new", KEY);

    expect(await keys.list()).toContain("new");
});
