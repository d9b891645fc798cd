import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { generated } from "../../scripts/protocol.mjs";

function text(path: string): string {
    return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

test("protocol.ts is what protocol.md says; `npm run protocol` writes it anew", async () => {
    expect(text("src/protocol.ts")).toBe(await generated(text("../protocol.md")));
});

test("a request of protocol.md whose types are not named is refused by its name", async () => {
    const markdown = "### `passerelle/new`\n\nclient → daemon, request. Since 1.\n\n## Errors\n\n## End\n";

    await expect(generated(markdown)).rejects.toThrow("say which types passerelle/new has");
});
