/** What a workspace's passerelle.toml begins with: all of it commented out, so that it changes nothing until somebody wants it to. */
import type { Translate } from "./l10n";

export function workspaceTemplate(t: Translate): string {
    return [
        t("Passerelle's settings for this folder, in every editor."),
        t("They are in force as soon as this file is saved, and go before your own configuration."),
        t("Gateways, keys and addresses are never read from here."),
        "",
        t("Which model serves what:"),
        ...table("roles", ['chat = "anthropic/claude-sonnet-4"', 'edit = "openai/gpt-5-mini"']),
        "",
        t("Options of models, by id or pattern; the most specific one wins:"),
        ...table('models."anthropic/*"', ["temperature = 0.2", "max_tokens = 4096", 'reasoning = "low"']),
        "",
        t("How the gateway routes requests:"),
        ...table("routing", ['order = ["bedrock"]', "zero_data_retention = true"]),
        "",
        t("Whether conversations about this folder stay in memory, so that nothing of them is written to disk:"),
        ...table("conversations", ["private = true"]),
    ]
        .map((line) => (line === "" ? "" : `# ${line}`))
        .join("\n")
        .concat("\n");
}

function table(name: string, lines: string[]): string[] {
    return [`[${name}]`, ...lines];
}
