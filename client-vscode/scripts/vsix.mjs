// Packs passerelle-TARGET.vsix for the system that this runs on: dist/ and bundled/ have been made before.
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const target = targetOfThisMachine();
const file = `passerelle-${version}-${target}.vsix`;

const vsce = ["node_modules/@vscode/vsce/vsce", "package", "--no-dependencies", "--allow-missing-repository"];
for (const old of readdirSync(".").filter((name) => name.endsWith(".vsix"))) rmSync(old);
copyFileSync("../LICENSE", "LICENSE"); // vsce looks for it here; the repository has one.
try {
    execFileSync(process.execPath, [...vsce, "--target", target, "--out", file], {
        stdio: ["ignore", "ignore", "inherit"],
        // The same files make the same package: all are dated 2026-01-01.
        env: { ...process.env, SOURCE_DATE_EPOCH: "1767225600" },
    });
} finally {
    rmSync("LICENSE");
}
console.log(`client-vscode/${file} (${(statSync(file).size / 1e6).toFixed(1)} MB)`);

/** As the marketplace names systems. */
function targetOfThisMachine() {
    const { platform, arch } = process;
    const isMusl = platform === "linux" && process.report.getReport().header.glibcVersionRuntime === undefined;
    return `${isMusl ? "alpine" : platform}-${arch === "arm" ? "armhf" : arch}`;
}
