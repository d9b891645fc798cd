// What another extension sees of our models, written to consumer-NAME.json in the workspace for the test to read.
const vscode = require("vscode");

const commands = { list, ask, cancel, tool, fail };

exports.activate = (context) => {
    for (const [name, run] of Object.entries(commands)) {
        context.subscriptions.push(
            vscode.commands.registerCommand(`consumer.${name}`, async () => {
                const seen = await run().catch((error) => ({ failed: describe(error) }));
                const folder = vscode.workspace.workspaceFolders[0].uri;
                const file = vscode.Uri.joinPath(folder, `consumer-${name}.json`);
                await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(seen)));
            }),
        );
    }
    context.subscriptions.push(vscode.commands.registerCommand("consumer.theme", useTheme));
};

/** A person would go through a list; a file of settings that is changed from outside is not always noticed. */
async function useTheme() {
    const theme = await vscode.window.showInputBox({ prompt: "The id of a theme", ignoreFocusOut: true });
    const settings = vscode.workspace.getConfiguration("workbench");
    await settings.update("colorTheme", theme, vscode.ConfigurationTarget.Global);
}

async function list() {
    const models = await vscode.lm.selectChatModels({ vendor: "passerelle" });
    return models.map(({ id, name, family, maxInputTokens }) => ({ id, name, family, maxInputTokens }));
}

async function ask() {
    const model = await theModel();
    const tokens = await model.countTokens("How many tokens are these?");
    return { text: await answer(model, {}), tokens };
}

async function cancel() {
    const model = await theModel();
    const source = new vscode.CancellationTokenSource();
    const response = await model.sendRequest(
        [vscode.LanguageModelChatMessage.User("Go on for ever.")],
        {},
        source.token,
    );
    let text = "";
    try {
        for await (const piece of response.text) {
            text += piece;
            source.cancel();
        }
    } catch (error) {
        return { text, failed: describe(error) };
    }
    return { text };
}

async function tool() {
    const model = await theModel();
    const schema = { type: "object", properties: { path: { type: "string" } } };
    const tools = [{ name: "read_file", description: "Reads a file.", inputSchema: schema }];
    const messages = [vscode.LanguageModelChatMessage.User("Read a.py.")];
    const response = await model.sendRequest(messages, { tools }, new vscode.CancellationTokenSource().token);
    const calls = [];
    for await (const part of response.stream) {
        if (part instanceof vscode.LanguageModelToolCallPart) calls.push({ name: part.name, input: part.input });
    }
    return { calls };
}

async function fail() {
    return { text: await answer(await theModel(), {}) };
}

async function theModel() {
    const [model] = await vscode.lm.selectChatModels({ vendor: "passerelle", id: "anthropic/claude-sonnet-4.5" });
    return model;
}

async function answer(model, options) {
    const messages = [vscode.LanguageModelChatMessage.User("Hello?")];
    const response = await model.sendRequest(messages, options, new vscode.CancellationTokenSource().token);
    let text = "";
    for await (const piece of response.text) text += piece;
    return text;
}

function describe(error) {
    return { name: error.name, code: error.code, message: error.message };
}
