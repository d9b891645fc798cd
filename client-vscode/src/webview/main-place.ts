/** Where in the conversation the reader is, so that a page that was taken away comes back at the same words. */

/** The turn at the top of the window, and how far above it begins; null at the end, where one stays at the end. */
export interface Place {
    turn: string;
    above: number;
}

const NEAR_END_PX = 40;

export function currentPlace(): Place | null {
    const scroller = findScroller();
    if (scroller === null) return null;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    if (scrollHeight - scrollTop - clientHeight <= NEAR_END_PX) return null;
    const top = scroller.getBoundingClientRect().top;
    const first = turnsIn(scroller).find((turn) => turn.getBoundingClientRect().bottom > top);
    if (first?.dataset.key === undefined) return null;
    return { turn: first.dataset.key, above: top - first.getBoundingClientRect().top };
}

/** Goes back there, as far as the turn is still shown. Those above it may not be drawn yet: the turn is what counts. */
export function returnTo(place: Place): void {
    const scroller = findScroller();
    const turn = scroller === null ? undefined : turnsIn(scroller).find((one) => one.dataset.key === place.turn);
    if (scroller === null || turn === undefined) return;
    scroller.scrollTop += turn.getBoundingClientRect().top - scroller.getBoundingClientRect().top + place.above;
}

function findScroller(): HTMLElement | null {
    return document.querySelector(".transcript-scroll");
}

function turnsIn(scroller: HTMLElement): HTMLElement[] {
    return [...scroller.querySelectorAll<HTMLElement>("pass-turn")];
}
