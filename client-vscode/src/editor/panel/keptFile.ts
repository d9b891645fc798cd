/**
 * A few values of one workspace, in a file that is written at once. VS Code's own store writes later, and in a browser
 * a window that is loaded anew may lose its last seconds.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

export class KeptFile {
    private readonly values: Record<string, unknown>;
    private writing: Promise<void> | null = null;
    private isDue = false;
    private isFlushed = false;

    constructor(private readonly file: string) {
        this.values = read(file);
    }

    get(key: string): unknown {
        return Object.hasOwn(this.values, key) ? this.values[key] : undefined;
    }

    /** One write at a time; what comes meanwhile is in the next. Rejects as the file system does. */
    async update(key: string, value: unknown): Promise<void> {
        this.values[key] = value;
        this.isDue = true;
        this.writing ??= this.write().finally(() => {
            this.writing = null;
        });
        await this.writing;
    }

    /** Writes what is due now: nothing runs after this. Throws as the file system does. */
    flush(): void {
        if (!this.isDue && this.writing === null) return;
        this.isDue = false;
        this.isFlushed = true;
        mkdirSync(path.dirname(this.file), { recursive: true });
        writeFileSync(`${this.file}.last`, JSON.stringify(this.values), { mode: 0o600 });
        renameSync(`${this.file}.last`, this.file);
    }

    private async write(): Promise<void> {
        await mkdir(path.dirname(this.file), { recursive: true });
        while (this.isDue) {
            this.isDue = false;
            await writeFile(`${this.file}.next`, JSON.stringify(this.values), { mode: 0o600 });
            // What was written by `flush` meanwhile is newer.
            if (!this.isFlushed) await rename(`${this.file}.next`, this.file);
        }
    }
}

/** What cannot be read is nothing: it was a convenience. */
function read(file: string): Record<string, unknown> {
    try {
        const values: unknown = JSON.parse(readFileSync(file, "utf8"));
        return typeof values === "object" && values !== null ? { ...values } : {};
    } catch {
        return {};
    }
}
