// Sets up a real VS Code (code-server, in its own Node) for the end-to-end tests, in the ignored work folder: about 40 s
// and 540 MB, once. No install script runs and nothing is compiled.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import path from "node:path";

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(here, "../../../../.work/editor");
const modules = path.join(folder, "node_modules");

/** Where the editor is, once it is set up: `entry` is run by `node`. */
export const editor = {
    node: path.join(modules, `node-${process.platform}-${process.arch}`, "bin", "node"),
    entry: path.join(modules, "code-server", "out", "node", "entry.js"),
};

/** Sets it up, unless that was done with the same lock. */
export function setUp() {
    const stamp = path.join(folder, ".made");
    const wanted = createHash("sha256")
        .update(readFileSync(path.join(here, "package-lock.json")))
        .digest("hex");
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of ["package.json", "package-lock.json"]) cpSync(path.join(here, name), path.join(folder, name));
    npm(folder, "ci");
    const vscode = path.join(modules, "code-server", "lib", "vscode");
    npm(vscode, "install", "--omit=dev"); // `npm ci` refuses the shrinkwrap that is shipped.
    npm(path.join(vscode, "extensions"), "install", "--omit=dev");
    replaceNativeParts(path.join(vscode, "node_modules"));
    writeFileSync(stamp, wanted);
}

function npm(cwd, ...args) {
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--no-update-notifier"];
    const done = spawnSync("npm", [...args, ...quiet], { cwd, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${done.stdout}${done.stderr}`);
}

/** Two modules would have to be compiled: the logger that writes files, and the watchdog that ends with its parent. */
function replaceNativeParts(nodeModules) {
    writeFileSync(path.join(nodeModules, "@vscode/spdlog/index.js"), LOGGER);
    writeFileSync(path.join(nodeModules, "@vscode/native-watchdog/index.js"), WATCHDOG);
}

const LOGGER = `
const fs = require("fs"), path = require("path");
const LEVELS = ["trace", "debug", "info", "warn", "error", "critical"];
class Logger {
  constructor(file) { this.file = file; this.level = 2; fs.mkdirSync(path.dirname(file), { recursive: true }); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {} clearFormatters() { this.raw = true; } flush() {} drop() {}
}
LEVELS.forEach((name, level) => {
  Logger.prototype[name] = function (message) {
    if (level < this.level) return;
    fs.appendFileSync(this.file, this.raw ? message : new Date().toISOString() + " [" + name + "] " + message + "\\n");
  };
});
const make = async (name, file) => new Logger(file);
exports.version = 0; exports.setLevel = () => {}; exports.setFlushOn = () => {}; exports.Logger = Logger;
exports.createRotatingLogger = make; exports.createAsyncRotatingLogger = make;
`;

const WATCHDOG = `
exports.start = (pid) => {
  setInterval(() => { try { process.kill(pid, 0); } catch { process.exit(87); } }, 1000).unref();
};
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
