/** Features of the language client, by the names of their modules. */
export const LEFT_OUT: readonly string[];
