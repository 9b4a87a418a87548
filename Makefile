# Each target does its own set-up in .venv; nothing else is installed by hand.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/python -m piptools compile --quiet --upgrade --generate-hashes \
	--allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	--build-deps-for editable
NPM := tests/search/npm
# More for the command behind a target, as in: make fetch ARGS="--days 7"
ARGS ?=
# How many test processes run at once.
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help site serve fetch test check bench screenshots strings install lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

site: install ## Build the archive in this folder into site/
	$(BIN)/broadsheet build $(ARGS)

serve: install ## Show the archive in a browser, and rebuild it on every change
	$(BIN)/broadsheet serve $(ARGS)

fetch: install ## Ask the sources for new papers, into content/
	$(BIN)/broadsheet fetch $(ARGS)

test: $(VENV)/dev.stamp $(NPM)/node_modules ## Run every test; finds a Chromium, or installs one
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile $(ARGS)

check: $(VENV)/dev.stamp ## Check style, types, layers and workflows
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/zizmor --offline --quiet --persona pedantic .github generator/starter/update.yml

screenshots: site $(VENV)/dev.stamp ## Take pictures of every kind of page, into screenshots/
	$(BIN)/python -m tests.browser
	$(BIN)/python -m tests.screenshots site screenshots

strings: $(VENV)/dev.stamp ## List every string of the interface for translators, in theme/default/languages/messages.pot
	$(BIN)/python -m tests.strings

bench: $(VENV)/dev.stamp ## Build synthetic papers in five states and say where the time goes; ARGS="10000 --against main~9"
	$(BIN)/python -m benchmarks.build $(ARGS)

install: $(VENV)/site.stamp ## Set up .venv with the broadsheet command

lock: $(VENV)/dev.stamp ## Pin the newest release of every dependency
	$(COMPILE) --output-file requirements/runtime.txt pyproject.toml
	$(COMPILE) --output-file requirements/dev.txt --extra dev --constraint requirements/runtime.txt pyproject.toml

clean: ## Remove the built site and the memories of tools; keep content, .venv and fetched answers
	rm -rf site screenshots dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	PYTHON="$(PYTHON)" sh requirements/make_venv.sh $(VENV)

$(VENV)/site.stamp: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes --requirement requirements/runtime.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

# What tests compare the search with; without npm they are skipped, and say so.
$(NPM)/node_modules: $(NPM)/package-lock.json
	if command -v npm >/dev/null; then npm ci --prefix $(NPM) --no-audit --no-fund --loglevel error && touch $@; fi

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/site.stamp
	$(PIP) --require-hashes --requirement requirements/dev.txt
	touch $@
