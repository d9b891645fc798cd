-- nvim --headless --clean -n -l session.lua README.LUA, in a project: what a person does, with the README's own lines.
local function wait(what, done)
  assert(vim.wait(20000, done, 10), "waited in vain for " .. what)
end

local notes = {}
vim.notify = function(note) table.insert(notes, note) end

dofile(arg[1])
vim.cmd.edit("main.py")
vim.bo.filetype = "python"

local function passerelle() return vim.lsp.get_clients({ name = "passerelle" })[1] end
wait("the client", function() return passerelle() and passerelle().initialized end)
local client = passerelle()
assert(client.root_dir == vim.uv.cwd(), client.root_dir)

local function ask(method, params)
  local answer = assert(client:request_sync(method, params, 20000))
  return assert(answer.result, vim.inspect(answer.err))
end
assert(ask("passerelle/status", vim.empty_dict()).gateway.name == "offline")
local ids = vim.tbl_map(function(model) return model.id end, ask("passerelle/models", { refresh = true }).models)
assert(vim.tbl_contains(ids, "offline/guide"), vim.inspect(ids))

-- A chat about two lines, one of them not saved: it is shown piece by piece, and the answer's end is told.
vim.api.nvim_buf_set_lines(0, 1, 2, true, { "    return a + b" })
vim.cmd("1,2Passerelle How do I store a key?")
local split, shown = vim.api.nvim_get_current_buf(), {}
vim.api.nvim_buf_attach(split, false, { on_lines = function() table.insert(shown, vim.api.nvim_buf_line_count(split)) end })
wait("the end of the answer", function() return #notes > 0 end)
local text = table.concat(vim.api.nvim_buf_get_lines(split, 0, -1, true), "\n")
assert(notes[1]:match("^Answered by offline/"), notes[1])
assert(#shown > 1 and text:match("guide"), text)
vim.cmd.bwipeout()

-- A mistake in the project's settings is shown, and cleared when it is mended.
vim.cmd.edit("passerelle.toml")
vim.bo.filetype = "toml"
wait("the diagnostic", function() return #vim.diagnostic.get(0) == 1 end)
assert(vim.diagnostic.get(0)[1].message:match("caching"), vim.diagnostic.get(0)[1].message)
vim.api.nvim_buf_set_lines(0, 0, 1, true, { "[caching]" })
vim.cmd.write()
wait("the diagnostic to go", function() return #vim.diagnostic.get(0) == 0 end)

client:stop()
wait("the daemon to end", function() return client:is_stopped() end)
print("session complete")
