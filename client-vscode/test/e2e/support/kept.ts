/** What VS Code in a browser has written down for the next window. */
import type { Page } from "playwright-core";

/** Whether a text is in it by now. */
export async function isKept(page: Page, text: string): Promise<boolean> {
    return page.evaluate(async (wanted) => {
        const done = <T>(request: IDBRequest<T>): Promise<T> =>
            new Promise((resolve, reject) => {
                request.onsuccess = () => {
                    resolve(request.result);
                };
                request.onerror = () => {
                    reject(request.error ?? new Error("IndexedDB does not answer."));
                };
            });
        const values: unknown[] = [];
        for (const { name } of await indexedDB.databases()) {
            const kept = await done(indexedDB.open(name ?? ""));
            for (const table of kept.objectStoreNames) {
                values.push(await done(kept.transaction(table).objectStore(table).getAll()));
            }
            kept.close();
        }
        return JSON.stringify(values).includes(wanted);
    }, text);
}
