// Writes src/protocol.ts from the TypeScript blocks and the headings of protocol.md; a test holds it to them.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const root = new URL("../../", import.meta.url);
const target = fileURLToPath(new URL("../src/protocol.ts", import.meta.url));

/** The whole text of protocol.ts. */
export async function generated(markdown) {
    const config = await resolveConfig(target, { editorconfig: true });
    return format(written(markdown), { ...config, parser: "typescript" });
}

function written(markdown) {
    const blocks = [...markdown.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1].trim());
    const exported = blocks.join("\n\n").replace(/^(interface|type) /gm, "export $1 ");
    const requests = entries(markdown, "client → daemon, request");
    const notifications = entries(markdown, "daemon → client, notification");
    return `// Written by scripts/protocol.mjs from protocol.md; do not edit.

${exported}

/** What a client may ask, and what it is answered: \`[params, result]\`. */
export interface Requests {
${requests}
}

/** What the daemon tells. */
export interface Notifications {
${notifications}
}

/** \`error.data.kind\`. */
export type ErrorKind =
${kinds(markdown)};
`;
}

/** One line for each method of this kind: the names of its types are those of its first and last interface. */
function entries(markdown, kind) {
    const lines = [];
    for (const [, name, body] of markdown.matchAll(/^### `(passerelle\/[^`]+)`\n(.*?)(?=^##)/gms)) {
        if (!body.trimStart().startsWith(kind)) continue;
        lines.push(`  "${name}": ${types(name, kind)};`);
    }
    return lines.join("\n");
}

function types(name, kind) {
    const [params, result] = TYPES[name] ?? [];
    if (params === undefined) throw new Error(`scripts/protocol.mjs: say which types ${name} has`);
    return kind.endsWith("notification") ? params : `[${params}, ${result}]`;
}

const TYPES = {
    "passerelle/status": ["Nothing", "Status"],
    "passerelle/models": ["ModelsParams", "Models"],
    "passerelle/selectModel": ["SelectModelParams", "Status"],
    "passerelle/gateways": ["Nothing", "GatewayChoices"],
    "passerelle/selectGateway": ["SelectGatewayParams", "Status"],
    "passerelle/chat": ["ChatParams", "ChatResult"],
    "passerelle/conversations": ["ConversationsParams", "Conversations"],
    "passerelle/conversation": ["ConversationParams", "Conversation"],
    "passerelle/conversation/rename": ["RenameConversationParams", "ConversationSummary"],
    "passerelle/conversation/delete": ["ConversationParams", "Nothing"],
    "passerelle/conversation/branch": ["BranchConversationParams", "Conversation"],
    "passerelle/conversation/edit": ["EditTurnParams", "Conversation"],
    "passerelle/conversation/export": ["ExportConversationParams", "ExportedConversation"],
    "passerelle/apply": ["ApplyParams", "ApplyResult"],
    "passerelle/credits": ["Nothing", "Credits"],
    "passerelle/usage": ["UsageParams", "UsageReport"],
    "passerelle/usage/export": ["ExportUsageParams", "ExportedUsage"],
    "passerelle/budgets": ["BudgetsParams", "Budgets"],
    "passerelle/budgets/allowOnce": ["AllowOnceParams", "Budgets"],
    "passerelle/endpoints": ["EndpointsParams", "Endpoints"],
    "passerelle/config": ["ConfigParams", "EffectiveConfig"],
    "passerelle/chat/delta": ["ChatDelta"],
    "passerelle/didChangeStatus": ["Status"],
    "passerelle/didChangeModels": ["DidChangeModels"],
    "passerelle/didChangeConfig": ["DidChangeConfig"],
    "passerelle/didChangeConversations": ["DidChangeConversations"],
};

function kinds(markdown) {
    const section = /^## Errors\n(.*?)(?=^## )/ms.exec(markdown)[1];
    return [...section.matchAll(/^\| `(\w+)` \|/gm)].map((match) => `  | "${match[1]}"`).join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    writeFileSync(target, await generated(readFileSync(new URL("protocol.md", root), "utf8")));
}
