/** As much of `vscode` as the rooms need that are tested here without an editor: for `vi.mock("vscode", …)`. */
import { translator } from "../../../src/common/l10n";

class EventEmitter<T> {
    private readonly listeners = new Set<(value: T) => void>();
    readonly event = (listener: (value: T) => void) => {
        this.listeners.add(listener);
        return { dispose: () => this.listeners.delete(listener) };
    };
    fire(value: T): void {
        for (const listener of this.listeners) listener(value);
    }
    dispose(): void {
        this.listeners.clear();
    }
}

class LanguageModelError extends Error {
    code = "Unknown";
    static of(code: string, message: string): LanguageModelError {
        return Object.assign(new LanguageModelError(message), { code });
    }
    static readonly NotFound = (message: string) => LanguageModelError.of("NotFound", message);
    static readonly NoPermissions = (message: string) => LanguageModelError.of("NoPermissions", message);
    static readonly Blocked = (message: string) => LanguageModelError.of("Blocked", message);
}

class CancellationError extends Error {}

class LanguageModelTextPart {
    constructor(readonly value: string) {}
}

class LanguageModelThinkingPart {
    constructor(readonly value: string) {}
}

class LanguageModelToolCallPart {
    constructor(
        readonly callId: string,
        readonly name: string,
        readonly input: object,
    ) {}
}

/** The window is or is not in focus any more. */
export const windowState = new EventEmitter<{ focused: boolean }>();

export const fakeVscode = {
    EventEmitter,
    window: { onDidChangeWindowState: windowState.event },
    CancellationError,
    LanguageModelError,
    LanguageModelTextPart,
    LanguageModelThinkingPart,
    LanguageModelToolCallPart,
    LanguageModelChatToolMode: { Auto: 1, Required: 2 },
    l10n: { t: translator(undefined) },
};
