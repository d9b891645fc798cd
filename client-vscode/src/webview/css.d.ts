/** Stylesheets that the page imports: esbuild puts them into dist/webview.css. */
declare module "*.css";
