// What each window loads before anything can be done stays small.
import { statSync } from "node:fs";

const LIMIT = 500_000;
const { size } = statSync("dist/extension.js");
if (size >= LIMIT) {
    console.error(`dist/extension.js has ${size} bytes, and ${LIMIT} is the limit.`);
    process.exit(1);
}
