/** The whole text of protocol.ts. */
export function generated(markdown: string): Promise<string>;
