import { expect, test } from "vitest";

import { fitted, isFit, LARGEST_BYTES, LONGEST_SIDE } from "../../src/common/picture";

test.each([
    [
        { width: 3136, height: 1000 },
        { width: 1568, height: 500 },
    ],
    [
        { width: 1000, height: 3136 },
        { width: 500, height: 1568 },
    ],
    [
        { width: 100, height: 50 },
        { width: 100, height: 50 },
    ],
    [
        { width: 100_000, height: 1 },
        { width: 1568, height: 1 },
    ],
])("%j is sent as %j", (size, sent) => {
    expect(fitted(size)).toEqual(sent);
});

test("a small image of a known type goes as it is", () => {
    expect(isFit({ width: LONGEST_SIDE, height: 10 }, LARGEST_BYTES, "image/gif")).toBe(true);
});

test.each([
    ["too long", { width: LONGEST_SIDE + 1, height: 10 }, 10, "image/png"],
    ["too heavy", { width: 10, height: 10 }, LARGEST_BYTES + 1, "image/png"],
    ["of a type that models do not read", { width: 10, height: 10 }, 10, "image/bmp"],
])("an image that is %s is made anew", (_why, size, bytes, type) => {
    expect(isFit(size, bytes, type)).toBe(false);
});
