/** As much of the editor's API as the daemon's room asks for; vitest.config.ts puts it in the place of `vscode`. */

type Listener<T> = (event: T) => unknown;

export class Disposable {
    constructor(readonly dispose: () => void) {}
}

export class EventEmitter<T> {
    readonly #listeners = new Set<Listener<T>>();

    readonly event = (listener: Listener<T>): Disposable => {
        this.#listeners.add(listener);
        return new Disposable(() => this.#listeners.delete(listener));
    };

    fire(event: T): void {
        for (const listener of [...this.#listeners]) listener(event);
    }

    dispose(): void {
        this.#listeners.clear();
    }
}

/** What a test sets and sees. */
export const editor = {
    isTrusted: true,
    settings: {} as Record<string, unknown>,
    /** Errors that were shown, each with its buttons, answered by hand. */
    errors: [] as { message: string; press: (button: string | undefined) => void }[],
    configurationChanged: new EventEmitter<{ affectsConfiguration: (section: string) => boolean }>(),
    trustGranted: new EventEmitter<undefined>(),
};

export const l10n = {
    t: (message: string, ...values: (string | number)[]): string =>
        message.replaceAll(/\{(\d+)\}/g, (_, at: string) => String(values[Number(at)])),
};

export const workspace = {
    get isTrusted(): boolean {
        return editor.isTrusted;
    },
    workspaceFolders: [],
    getConfiguration: () => ({ get: (name: string) => editor.settings[name] }),
    onDidChangeConfiguration: editor.configurationChanged.event,
    onDidGrantWorkspaceTrust: editor.trustGranted.event,
};

export const window = {
    showErrorMessage: (message: string): Promise<string | undefined> =>
        new Promise((press) => {
            editor.errors.push({ message, press });
        }),
};

/** `context.secrets`. */
export class Secrets {
    readonly values = new Map<string, string>();
    readonly #changed = new EventEmitter<{ key: string }>();
    readonly onDidChange = this.#changed.event;

    get(key: string): Promise<string | undefined> {
        return Promise.resolve(this.values.get(key));
    }

    store(key: string, value: string): Promise<void> {
        this.values.set(key, value);
        this.#changed.fire({ key });
        return Promise.resolve();
    }

    delete(key: string): Promise<void> {
        this.values.delete(key);
        this.#changed.fire({ key });
        return Promise.resolve();
    }
}
