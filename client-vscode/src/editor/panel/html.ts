/** The documents of our pages: no inline script, nothing from elsewhere, and what a model writes stays text. */
import * as vscode from "vscode";

/** `dist` is the only folder that the page may read; `name` is what its bundle there is called. */
export function pageOf(
    webview: vscode.Webview,
    dist: vscode.Uri,
    nonce: string,
    name: "webview" | "usage" = "webview",
): string {
    const at = (file: string): string => escaped(webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString());
    const source = webview.cspSource;
    // The page makes no request at all; images are those that a person pastes. Styles set by script need no leave.
    const policy = [
        "default-src 'none'",
        `script-src 'nonce-${nonce}'`,
        `style-src ${source}`,
        `font-src ${source}`,
        `img-src ${source} data: blob:`,
    ].join("; ");
    return `<!DOCTYPE html>
<html lang="${escaped(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${at("codicon.css")}" id="vscode-codicon-stylesheet" nonce="${nonce}">
<link rel="stylesheet" href="${at(`${name}.css`)}">
<title>Passerelle</title>
</head>
<body data-l10n="${escaped(JSON.stringify(vscode.l10n.bundle ?? {}))}">
<script type="module" nonce="${nonce}" src="${at(`${name}.js`)}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
    return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
