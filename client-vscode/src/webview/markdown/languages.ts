/** The languages that code is coloured in; all others stay plain. */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import less from "highlight.js/lib/languages/less";
import lua from "highlight.js/lib/languages/lua";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import php from "highlight.js/lib/languages/php";
import powershell from "highlight.js/lib/languages/powershell";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import scss from "highlight.js/lib/languages/scss";
import shell from "highlight.js/lib/languages/shell";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const LANGUAGES = {
    ...{ bash, c, cpp, csharp, css, diff, dockerfile, go, ini, java, javascript, json, kotlin, less, lua, makefile },
    ...{ markdown, php, powershell, python, ruby, rust, scss, shell, sql, swift, typescript, xml, yaml },
};

for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(["vue", "svelte", "astro"], { languageName: "xml" });
hljs.registerAliases(["jsonc", "json5", "ipynb"], { languageName: "json" });
hljs.registerAliases(["conf", "properties", "dotenv", "env"], { languageName: "ini" });

export const highlighter = hljs;

export interface Language {
    /** As the fence says it: "py". */
    id: string;
    /** For a person: "Python"; as the fence says it if it is not known. */
    name: string;
    isKnown: boolean;
}

/** The names of some languages say more than one. */
const NAMES: Record<string, string> = {
    xml: "HTML",
    ini: "INI",
    toml: "TOML",
    tsx: "TSX",
    jsx: "JSX",
    html: "HTML",
    svg: "SVG",
    vue: "Vue",
    zsh: "Zsh",
    sh: "Shell",
    console: "Console",
    text: "Text",
    txt: "Text",
    plaintext: "Text",
    patch: "Patch",
    jsonc: "JSON with comments",
    env: "Environment",
};

/** What the first line of a fence says: `ts title=x`, `python:src/a.py`, `{.rust}`. */
export function languageOf(info: string): Language {
    const id = /^[\s{.]*([\w+#.-]+)/.exec(info)?.[1]?.toLowerCase() ?? "";
    const known = hljs.getLanguage(id);
    return { id, name: NAMES[id] ?? known?.name ?? id, isKnown: known !== undefined };
}
