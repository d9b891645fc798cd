/** The keys of gateways, in the editor's own store of secrets. A value leaves it for the daemon alone, when it asks. */
import * as vscode from "vscode";

const PREFIX = "gateway:";
/** The names lie in the same store: it is shared by all windows and remotes, which the extension's memory is not. */
const NAMES = "gateways";

export class Keys implements vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<void>();
    readonly #listening: vscode.Disposable;
    #writing: Promise<unknown> = Promise.resolve();

    /** A key was stored or removed, in this window or another. */
    readonly onDidChange = this.#changed.event;

    constructor(private readonly secrets: vscode.SecretStorage) {
        // The names are written last: when they change, the values are there.
        this.#listening = secrets.onDidChange(({ key }) => {
            if (key === NAMES) this.#changed.fire();
        });
    }

    dispose(): void {
        this.#listening.dispose();
        this.#changed.dispose();
    }

    /** The names of the gateways that a key is stored for. */
    async list(): Promise<string[]> {
        return namesIn(await this.secrets.get(NAMES));
    }

    async has(gateway: string): Promise<boolean> {
        return (await this.list()).includes(gateway);
    }

    /** Stores a key, in the place of one that is there. */
    async set(gateway: string, key: string): Promise<void> {
        await this.#write(async () => {
            await this.secrets.store(PREFIX + gateway, key);
            const others = (await this.list()).filter((name) => name !== gateway);
            await this.#keep([...others, gateway]);
        });
    }

    /** Whether there was one. */
    async remove(gateway: string): Promise<boolean> {
        return this.#write(async () => {
            const names = await this.list();
            await this.secrets.delete(PREFIX + gateway);
            await this.#keep(names.filter((name) => name !== gateway));
            return names.includes(gateway);
        });
    }

    /** For the daemon's `passerelle/secret`, and nothing else. */
    async reveal(gateway: string): Promise<string | null> {
        return (await this.secrets.get(PREFIX + gateway)) ?? null;
    }

    async #keep(names: string[]): Promise<void> {
        await this.secrets.store(NAMES, JSON.stringify(names));
    }

    /** One after the other: each reads the names before it writes them. */
    #write<T>(work: () => Promise<T>): Promise<T> {
        const written = this.#writing.then(work, work);
        this.#writing = written.catch(() => undefined);
        return written;
    }
}

function namesIn(text: string | undefined): string[] {
    try {
        const names: unknown = JSON.parse(text ?? "[]");
        return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
    } catch {
        return [];
    }
}
