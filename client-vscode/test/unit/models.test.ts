import { describe, expect, it } from "vitest";

import { translator } from "../../src/common/l10n";
import {
    capabilityIcons,
    FIRST_MEMORY,
    memoryFrom,
    modelLines,
    modelsQuery,
    NO_FILTER,
    remembered,
    rolesOf,
    starred,
    toggled,
    type ModelLine,
} from "../../src/common/models";
import type { Model, Models } from "../../src/protocol";

const t = translator(undefined);

function model(id: string, more: Partial<Model> = {}): Model {
    return {
        id,
        name: id.split("/")[1] ?? id,
        creator: id.split("/")[0] ?? "",
        description: "",
        releasedAt: null,
        contextWindow: 200_000,
        maxOutput: 64_000,
        capabilities: ["vision", "tools"],
        price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: null },
        ...more,
    };
}

function found(models: Model[], more: Partial<Models> = {}): Models {
    const roles = { chat: { model: "a/one", source: "user" } } as const;
    return { models, total: models.length, fetchedAt: null, source: "live", roles, ...more };
}

const list = [model("a/one"), model("b/two"), model("c/three", { capabilities: [] })];

function lines(
    more: { typed?: string; memory?: object; filter?: object; found?: Models; kept?: Model[] } = {},
): ModelLine[] {
    const memory = { ...FIRST_MEMORY, ...more.memory };
    return modelLines(
        more.found ?? found(list),
        more.kept ?? [],
        memory,
        more.typed ?? "",
        { ...NO_FILTER, ...more.filter },
        t,
    );
}

function shown(all: ModelLine[]): string[] {
    return all.map((line) => (line.type === "model" ? line.model.id : `${line.type}: ${line.label}`));
}

describe("a line of the list", () => {
    it("tells name, id, what the model can do, its window, its prices and what it is for", () => {
        const told = lines({ found: found([model("a/one", { description: "For\n coding." })]) })[0];

        expect(told).toMatchObject({
            label: "$(check) one",
            description: "a/one · serves chat",
            detail: "$(eye) $(tools)  ·  200k  ·  $3 → $15 /M, cached $0.30  ·  For coding.",
        });
    });

    it("leaves out what nobody knows, and says that the price is unknown", () => {
        const price = { input: null, output: null, cacheRead: null, cacheWrite: null };
        const bare = model("d/four", { contextWindow: null, capabilities: [], price });

        expect(lines({ found: found([bare]) })[0]).toMatchObject({ label: "four", detail: "price unknown" });
    });

    it("shows icons of ours only, and no page-long description", () => {
        const loud = model("e/five", { name: "$(flame) five", description: "x".repeat(300) });
        const told = lines({ found: found([loud]) })[0];

        expect(told?.label).toBe("$\u200b(flame) five");
        expect(told?.type === "model" && told.detail.endsWith(`${"x".repeat(119)}…`)).toBe(true);
    });

    it("marks the model of the chosen role, not of another", () => {
        expect(lines({ memory: { role: "inline" } })[0]).toMatchObject({ label: "one" });
    });
});

describe("the order of the lines", () => {
    const memory = { favourites: ["c/three"], recents: ["b/two", "c/three", "gone/gone"] };

    it("is the gateway's, without headings, where nothing is known of a person's choices", () => {
        expect(shown(lines())).toEqual(["a/one", "b/two", "c/three"]);
    });

    it("begins with what serves now", () => {
        expect(shown(lines({ kept: [list[0]!], found: found([list[1]!, list[0]!]) }))).toEqual([
            "heading: in use and recent",
            "a/one",
            "heading: all models",
            "b/two",
        ]);
    });

    it("puts favourites and recents first, each once, and leaves out what the gateway lacks", () => {
        expect(shown(lines({ memory, kept: list }))).toEqual([
            "heading: favourites",
            "c/three",
            "heading: in use and recent",
            "a/one",
            "b/two",
        ]);
    });

    it("holds favourites to the filter, too", () => {
        const filter = { needs: ["vision"] };
        const few = found([list[0]!, list[1]!]);

        expect(shown(lines({ memory, kept: list, filter, found: few }))).toEqual([
            "heading: in use and recent",
            "a/one",
            "b/two",
        ]);
    });

    it("is the daemon's alone as soon as something is typed, or by price", () => {
        expect(shown(lines({ memory, kept: list, typed: "o" }))).toEqual(["a/one", "b/two", "c/three"]);
        expect(shown(lines({ memory, kept: list, filter: { byPrice: true } }))).toEqual(["a/one", "b/two", "c/three"]);
    });

    it("says how many more there are", () => {
        expect(shown(lines({ found: found(list, { total: 9800 }) })).at(-1)).toBe(
            "note: 9797 more: type to narrow the list",
        );
    });

    it("says why there is none", () => {
        const none = found([]);

        expect(shown(lines({ found: none }))).toEqual(["note: The gateway lists no models."]);
        expect(shown(lines({ found: none, typed: "xyz " }))).toEqual(["note: No model fits “xyz”."]);
        expect(shown(lines({ found: none, filter: { needs: ["vision"] } }))).toEqual([
            "note: No model fits. Press the buttons above to ask for less.",
        ]);
    });
});

describe("what the daemon is asked", () => {
    it("is what was typed and what the buttons say", () => {
        expect(modelsQuery("  ", NO_FILTER)).toEqual({ limit: 200 });
        expect(modelsQuery(" son 4", { needs: ["tools"], byPrice: true })).toEqual({
            query: "son 4",
            needs: ["tools"],
            sort: "price",
            limit: 200,
        });
    });
});

describe("the memory", () => {
    it("has the last five choices, the latest first", () => {
        const memory = ["a", "b", "c", "d", "e", "f", "b"].reduce(remembered, FIRST_MEMORY);

        expect(memory.recents).toEqual(["b", "f", "e", "d", "c"]);
    });

    it("takes a star, and takes it back", () => {
        const once = starred(FIRST_MEMORY, "a/one");

        expect(once.favourites).toEqual(["a/one"]);
        expect(starred(once, "a/one").favourites).toEqual([]);
    });

    it("is read back as it was, and holds against what is no memory", () => {
        const memory = { recents: ["a"], favourites: ["b"], role: "inline", scope: "workspace" } as const;

        expect(memoryFrom(structuredClone(memory))).toEqual(memory);
        expect(memoryFrom(undefined)).toEqual(FIRST_MEMORY);
        expect(memoryFrom({ recents: [1, "a"], scope: "moon", role: 3 })).toEqual({ ...FIRST_MEMORY, recents: ["a"] });
    });
});

describe("buttons and roles", () => {
    it("toggles what a model must be able to do", () => {
        const on = toggled(NO_FILTER, "vision");

        expect(on.needs).toEqual(["vision"]);
        expect(toggled(on, "vision").needs).toEqual([]);
    });

    it("offers the usual roles first, then those of the configuration", () => {
        const role = { model: "a/one", source: "user" } as const;

        expect(rolesOf({ review: role, chat: role })).toEqual(["chat", "inline", "edit", "title", "commit", "review"]);
    });

    it("has an icon for each capability, always in the same order", () => {
        expect(capabilityIcons(["reasoning", "vision"])).toBe("$(eye) $(lightbulb)");
        expect(capabilityIcons([])).toBe("");
    });
});
