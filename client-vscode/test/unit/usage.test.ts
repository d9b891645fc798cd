import { expect, test } from "vitest";

import { decodeUsageAction, decodeWish } from "../../src/common/usage";

const WISH = { span: "7days", from: "", to: "", group: "role" };

test.each([
    [{ type: "ready" }],
    [{ type: "refresh" }],
    [{ type: "mend" }],
    [{ type: "newChat" }],
    [{ type: "wish", wish: WISH }],
    [{ type: "export", format: "csv" }],
    [{ type: "openBudget", key: "budgets.0" }],
])("%o is an action, and what is too much is dropped", (action) => {
    expect(decodeUsageAction({ ...action, path: "/etc/passwd" })).toEqual(action);
});

test.each([
    [null],
    ["ready"],
    [{}],
    [{ type: "toString" }],
    [{ type: "wish" }],
    [{ type: "wish", wish: { ...WISH, group: "conversation" } }],
    [{ type: "export", format: "exe" }],
    [{ type: "openBudget", key: 1 }],
])("%o is none", (action) => {
    expect(decodeUsageAction(action)).toBeNull();
});

test.each([
    [{ ...WISH, span: "custom", from: "2026-11-01", to: "2026-11-20" }, true],
    [{ ...WISH, span: "custom" }, false],
    [{ ...WISH, span: "custom", from: "2026-11-01", to: "2026-13-20" }, false],
    [{ ...WISH, span: "custom", from: "0202-11-01", to: "2026-11-20" }, false],
    [{ ...WISH, span: "forever" }, false],
    [{ ...WISH, from: 1 }, false],
    [undefined, false],
])("whether %o can be wished: %s", (wish, can) => {
    expect(decodeWish(wish)).toEqual(can ? wish : null);
});
