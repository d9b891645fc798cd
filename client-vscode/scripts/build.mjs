// Bundles the extension host's half and the pages' half into dist/. `--watch` builds again on each save;
// `--production` leaves the source maps out, which the .vsix has no use for.
import { build, context } from "esbuild";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { LEFT_OUT } from "./features.mjs";

const ABSENT = "module.exports = new Proxy({}, { get: () => class Absent {} });";
// The editor's version is checked by the editor itself, against `engines`.
const VERSION_CHECK = "module.exports = () => ({ prerelease: [] });";

const leaveOut = {
    name: "leave out what the daemon never announces",
    setup({ onLoad }) {
        const features = new RegExp(`vscode-languageclient/lib/common/(${LEFT_OUT.join("|")})\\.js$`);
        onLoad({ filter: slashes(features) }, () => ({ contents: ABSENT }));
        onLoad({ filter: slashes(/semver\/functions\/(parse|satisfies)\.js$/) }, () => ({ contents: VERSION_CHECK }));
    },
};

/** The same pattern, for Windows' paths too. */
function slashes(pattern) {
    return new RegExp(pattern.source.replaceAll(/\\?\//g, "[\\\\/]"));
}

const production = process.argv.includes("--production");
const common = { bundle: true, minify: true, sourcemap: !production, logLevel: "warning" };
const host = {
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["vscode"],
    plugins: [leaveOut],
};
const pages = {
    ...common,
    entryPoints: { webview: "src/webview/main.ts", usage: "src/webview/usage/main.ts" },
    outdir: "dist",
    platform: "browser",
    target: "es2022",
    format: "esm",
    loader: { ".ttf": "file", ".css": "css" },
};

if (production) rmSync("dist", { recursive: true, force: true });
mkdirSync("dist", { recursive: true });
cpSync("node_modules/@vscode/codicons/dist/codicon.css", "dist/codicon.css");
cpSync("node_modules/@vscode/codicons/dist/codicon.ttf", "dist/codicon.ttf");
if (process.argv.includes("--watch")) {
    for (const options of [host, pages]) await (await context(options)).watch();
} else {
    await Promise.all([host, pages].map((options) => build(options)));
}
