import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { LEFT_OUT } from "../../scripts/features.mjs";

const HERE = new URL("../../", import.meta.url);

test("nothing that the daemon announces is left out of the bundle, but its commands, which the palette has", () => {
    const capabilities = readFileSync(new URL("../server/passerelle/rpc/capabilities.py", HERE), "utf8");
    const announced = [...capabilities.matchAll(/"(\w+)Provider"/g)].map((match) => match[1]!);

    expect(announced).toContain("executeCommand");
    expect(announced.filter((feature) => LEFT_OUT.includes(feature))).toEqual(["executeCommand"]);
});

test("what is left out is there to be left out", () => {
    const modules = readdirSync(new URL("node_modules/vscode-languageclient/lib/common", HERE));

    expect(LEFT_OUT.filter((feature) => !modules.includes(`${feature}.js`))).toEqual([]);
});
