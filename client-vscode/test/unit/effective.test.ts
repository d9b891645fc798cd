import { describe, expect, it } from "vitest";

import { effectivePage } from "../../src/common/effective";
import { translator } from "../../src/common/l10n";

const t = translator(undefined);
const problem = { path: "/p/passerelle.toml", line: 3, column: 1, key: "roles.chta", message: "Unknown role." };

describe("effectivePage", () => {
    const value = { key: "gateway", value: "vercel", source: "default" as const };
    const path = "/p/passerelle.toml";

    it("has what is wrong before what is set, errors first", () => {
        const problems = [
            { ...problem, severity: "warning" as const },
            { ...problem, line: 9, message: "No\nTOML.", severity: "error" as const },
        ];
        const rows = effectivePage({ values: [value], problems }, t).text.split("\n");

        expect(rows.slice(3, 7)).toEqual([
            "# Error: roles.chta: No TOML.  passerelle.toml:9",
            "# Warning: roles.chta: Unknown role.  passerelle.toml:3",
            "",
            'gateway = "vercel"  # built in',
        ]);
    });

    it("tells of each value where it was set, in one column", () => {
        const values = [
            value,
            { key: "conversations.private", value: true, source: "workspace" as const, path, line: 4 },
        ];
        const rows = effectivePage({ values, problems: [] }, t).text.split("\n");

        expect(rows.slice(3, 7)).toEqual([
            "# No problems.",
            "",
            'gateway = "vercel"            # built in',
            "conversations.private = true  # this workspace, passerelle.toml:4",
        ]);
    });

    it("knows which words lead to which line of which file", () => {
        const values = [value, { key: "a", value: path, source: "user" as const, path, line: 4 }];
        const page = effectivePage({ values, problems: [] }, t);
        const [place] = page.places;

        expect(page.places).toHaveLength(1);
        expect(page.text.split("\n")[place!.row]?.slice(place!.start, place!.end)).toBe("passerelle.toml:4");
        expect([place!.path, place!.line]).toEqual([path, 4]);
    });
});
