import { expect, test } from "vitest";

import { providerLines } from "../../src/common/endpoints";
import { translator } from "../../src/common/l10n";
import type { Endpoint } from "../../src/protocol";

const t = translator(undefined);
const BEDROCK: Endpoint = {
    provider: "bedrock",
    price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    contextWindow: 200_000,
    maxOutput: 64_000,
    quantization: "fp8",
    up: true,
    latencyMs: { p50: 840, p95: 2100 },
    throughputTps: { p50: 61.4, p95: 90 },
    uptime: { last15m: 100, lastHour: 99.957, lastDay: 99.8 },
    implicitCaching: true,
};
const BARE: Endpoint = {
    provider: "azure",
    price: { input: null, output: null, cacheRead: null, cacheWrite: null },
    contextWindow: null,
    maxOutput: null,
    quantization: null,
    up: true,
    latencyMs: null,
    throughputTps: null,
    uptime: { last15m: null, lastHour: null, lastDay: null },
    implicitCaching: false,
};

const line = (endpoint: Endpoint) => providerLines({ model: "a/b", endpoints: [endpoint], at: "" }, t)[0];

test("a provider has its price, its speed, its uptime and its size", () => {
    expect(line(BEDROCK)).toEqual({
        label: "$(pass) bedrock",
        description: "$3 → $15 /M, cached $0.30",
        detail: [
            "first word in 0.8 s",
            "61 tokens/s",
            "up 99.95%",
            "window 200k",
            "answers up to 64k",
            "fp8",
            "caches by itself",
        ].join("  ·  "),
    });
});

test("what the gateway does not say is not there", () => {
    expect(line(BARE)).toEqual({ label: "$(pass) azure", description: "price unknown", detail: "" });
});

test("of one that the routing leaves out, the reason stands first", () => {
    const excluded = "routing.only names others.";
    expect(line({ ...BARE, excluded, up: false })).toMatchObject({
        label: "$(circle-slash) azure",
        detail: `${excluded}  ·  down`,
    });
    expect(line({ ...BARE, up: false })?.label).toBe("$(warning) azure");
});
