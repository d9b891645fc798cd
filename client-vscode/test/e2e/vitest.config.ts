import { defineConfig } from "vitest/config";

/** A real VS Code each: one after another, with time for a loaded machine. */
export default defineConfig({
    test: {
        root: import.meta.dirname,
        include: ["*.test.ts"],
        globalSetup: "support/setup.ts",
        fileParallelism: false,
        testTimeout: 180_000,
        hookTimeout: 180_000,
        reporters: ["verbose"],
    },
});
