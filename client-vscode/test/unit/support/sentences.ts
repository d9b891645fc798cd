/** The sentences of the sources: every literal that is given to `t`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export interface Sentences {
    literals: Set<string>;
    /** "file:line" of calls whose sentence is no literal, so that nobody can translate it. */
    computed: string[];
}

export function sentencesIn(folder: string): Sentences {
    const found: Sentences = { literals: new Set(), computed: [] };
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (name.endsWith(".ts")) collect(join(folder, name), found);
    }
    return found;
}

function collect(path: string, found: Sentences): void {
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
    const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && isTranslate(node.expression)) take(node);
        ts.forEachChild(node, visit);
    };
    const take = (call: ts.CallExpression): void => {
        const [sentence] = call.arguments;
        if (sentence !== undefined && ts.isStringLiteralLike(sentence)) found.literals.add(sentence.text);
        // What only passes a sentence on has it from a call that is seen here.
        else if (sentence === undefined || !(ts.isIdentifier(sentence) && sentence.text === "message")) {
            const { line } = source.getLineAndCharacterOfPosition(call.getStart());
            found.computed.push(`${path}:${line + 1}`);
        }
    };
    visit(source);
}

/** `t(…)`, `vscode.l10n.t(…)`, `around.t(…)`. */
function isTranslate(callee: ts.Expression): boolean {
    return (
        (ts.isIdentifier(callee) ? callee : ts.isPropertyAccessExpression(callee) ? callee.name : null)?.text === "t"
    );
}
