/** The providers behind a model, as the picker's details show them: one item each. Nothing is asked here. */
import type { Endpoint, Endpoints } from "../protocol";
import { seconds } from "./duration";
import type { Translate } from "./l10n";
import { priceText, tokensText } from "./money";

export interface ProviderLine {
    /** With a codicon in front. */
    label: string;
    description: string;
    detail: string;
}

export function providerLines({ endpoints }: Endpoints, t: Translate): ProviderLine[] {
    return endpoints.map((endpoint) => providerLine(endpoint, t));
}

function providerLine(endpoint: Endpoint, t: Translate): ProviderLine {
    const { provider, price, excluded, up } = endpoint;
    const icon = excluded !== undefined ? "circle-slash" : up ? "pass" : "warning";
    const facts = [
        ...(excluded === undefined ? [] : [excluded]),
        ...(up ? [] : [t("down")]),
        ...speedFacts(endpoint, t),
        ...sizeFacts(endpoint, t),
    ];
    return { label: `$(${icon}) ${provider}`, description: priceText(price, t), detail: facts.join("  ·  ") };
}

/** Of the last hour. */
function speedFacts({ latencyMs, throughputTps, uptime }: Endpoint, t: Translate): string[] {
    const up = uptime.lastHour ?? uptime.last15m ?? uptime.lastDay;
    return [
        ...(latencyMs === null ? [] : [t("first word in {0}", seconds(latencyMs.p50, t))]),
        ...(throughputTps === null ? [] : [t("{0} tokens/s", Math.round(throughputTps.p50))]),
        ...(up === null ? [] : [t("up {0}%", shortened(up))]),
    ];
}

function sizeFacts({ contextWindow, maxOutput, quantization, implicitCaching }: Endpoint, t: Translate): string[] {
    return [
        ...(contextWindow === null ? [] : [t("window {0}", tokensText(contextWindow))]),
        ...(maxOutput === null ? [] : [t("answers up to {0}", tokensText(maxOutput))]),
        ...(quantization === null ? [] : [quantization]),
        ...(implicitCaching ? [t("caches by itself")] : []),
    ];
}

/** 99.95 stays apart from 100. */
function shortened(percent: number): string {
    return String(Math.floor(percent * 100) / 100);
}
