/**
 * What answers with tool calls must be sent back with, and the editor's API has no place for: signatures of reasoning.
 *
 * Kept for as many answers as are likely to go on; an answer that is not here any more is sent back without.
 */

const MOST = 200;

export class ReasoningMemory {
    /** By the id of each call; a Map keeps the order in which they came. */
    readonly #details = new Map<string, object[]>();

    keep(callIds: string[], details: object[]): void {
        for (const id of callIds) {
            this.#details.delete(id);
            this.#details.set(id, details);
        }
        const surplus = this.#details.size - MOST;
        for (const id of [...this.#details.keys()].slice(0, Math.max(0, surplus))) this.#details.delete(id);
    }

    of(callId: string): object[] | undefined {
        return this.#details.get(callId);
    }
}
