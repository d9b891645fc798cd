import { expect, test } from "vitest";

import { editorLayer } from "../../src/common/settings";

test("without stored keys the setting is the layer", () => {
    const setting = { gateway: "work", gateways: { work: { url: "https://llm.example.com/v1", key: "env:WORK" } } };

    expect(editorLayer(setting, [])).toEqual(setting);
});

test("a stored key is named by its gateway, and nothing else is touched", () => {
    const setting = {
        roles: { chat: "a/b" },
        gateways: { work: { url: "https://llm.example.com/v1", key: "env:WORK" }, other: { key: "env:OTHER" } },
    };

    expect(editorLayer(setting, ["work", "vercel"])).toEqual({
        roles: { chat: "a/b" },
        gateways: {
            work: { url: "https://llm.example.com/v1", key: "editor:work" },
            other: { key: "env:OTHER" },
            vercel: { key: "editor:vercel" },
        },
    });
    expect(setting.gateways.work.key).toBe("env:WORK");
});

test.each([undefined, null, "gateway", [1]])("a setting that is no table (%j) is an empty one", (setting) => {
    expect(editorLayer(setting, [])).toEqual({});
    expect(editorLayer(setting, ["a"])).toEqual({ gateways: { a: { key: "editor:a" } } });
});

test("a gateway may have the name of something that every object has", () => {
    expect(JSON.stringify(editorLayer({}, ["constructor", "__proto__"]))).toBe(
        '{"gateways":{"constructor":{"key":"editor:constructor"},"__proto__":{"key":"editor:__proto__"}}}',
    );
});
