/** Makes nodes equal to new ones by changing as little as possible: what is selected or scrolled stays so. */
import { CodeBlock } from "./code";

/** Gives `target` the children of `source`, which is used up. */
export function morph(target: Node, source: Node): void {
    let old = target.firstChild;
    for (const fresh of [...source.childNodes]) {
        const next = old?.nextSibling ?? null;
        if (old === null) target.appendChild(fresh);
        else if (!become(old, fresh)) target.replaceChild(fresh, old);
        old = next;
    }
    while (old !== null) {
        const next: ChildNode | null = old.nextSibling;
        target.removeChild(old);
        old = next;
    }
}

/** Whether the old node could be made like the new one. */
function become(old: ChildNode, fresh: ChildNode): boolean {
    if (old instanceof Text && fresh instanceof Text) {
        if (old.data !== fresh.data) old.data = fresh.data;
        return true;
    }
    if (!(old instanceof HTMLElement) || !(fresh instanceof HTMLElement) || old.tagName !== fresh.tagName) return false;
    if (old instanceof CodeBlock && fresh instanceof CodeBlock) {
        old.become(fresh);
        return true;
    }
    syncAttributes(old, fresh);
    morph(old, fresh);
    return true;
}

function syncAttributes(old: HTMLElement, fresh: HTMLElement): void {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}
