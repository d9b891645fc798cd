/** The editor's layer of settings, as the daemon is given it: always the whole tree. */

type Tree = Record<string, unknown>;

/**
 * The setting `passerelle.settings`, and for each gateway that a key is stored for the reference to that key.
 * The stored key was a person's last word, so it takes the place of a reference in the setting. Other gateways are left
 * as they are.
 */
export function editorLayer(setting: unknown, stored: readonly string[]): Tree {
    const tree = isTree(setting) ? setting : {};
    if (stored.length === 0) return tree;
    const gateways = isTree(tree.gateways) ? tree.gateways : {};
    const keyed = stored.map((name): [string, Tree] => {
        const gateway = Object.hasOwn(gateways, name) ? gateways[name] : {};
        return [name, { ...(isTree(gateway) ? gateway : {}), key: `editor:${name}` }];
    });
    return { ...tree, gateways: Object.fromEntries([...Object.entries(gateways), ...keyed]) };
}

function isTree(value: unknown): value is Tree {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
