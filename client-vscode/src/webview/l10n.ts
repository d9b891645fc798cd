/** The page's sentences, in the language that the editor has; the host puts the bundle into the page. */
import { translator, type Translate } from "../common/l10n";

const bundle = document.body.dataset.l10n;

export const t: Translate = translator(
    bundle === undefined ? undefined : (JSON.parse(bundle) as Record<string, string>),
);
