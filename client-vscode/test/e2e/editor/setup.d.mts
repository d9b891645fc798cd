export const editor: { node: string; entry: string };
export function setUp(): void;
