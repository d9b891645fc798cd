/** Paths as a person is shown them. */

/** The last part of a path, on any system. */
export function fileName(path: string): string {
    return path.split(/[\\/]/).at(-1) ?? path;
}
