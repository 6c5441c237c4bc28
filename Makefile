PYTHON ?= python3
UV_VERSION = 0.13.9
BIN = .venv/bin
MANAGE = DEMO=1 $(BIN)/python manage.py
PYTEST = $(BIN)/pytest -q -n 2 --dist worksteal -rsx --no-fold-skipped
CATALOGUES = $(wildcard mentors_site/locale/*/LC_MESSAGES/django.po)

.DEFAULT_GOAL = help
.PHONY: help setup run test test-fast lint format bench faults coverage mutate measure pictures topics messages

help: ## These lines
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready .venv/.translated ## Install everything into .venv, from the lock

.venv/.ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name it with PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore uv==$(UV_VERSION)
	@$(BIN)/uv sync --frozen --quiet
	@touch $@

.venv/.translated: .venv/.ready $(CATALOGUES)
	@$(MANAGE) compile_translations
	@touch $@

# PORT=8000 by default; DEMO=0 runs the site itself, with the variables of docs/operations.md.
run: setup ## Run the site on this machine (PORT=8000, DEMO=1)
	@DEMO=$${DEMO:-1}; export DEMO; exec $(BIN)/python manage.py run_site

# PostgreSQL answers all that asks a database, and what asks none; SQLite once more what two databases might answer differently,
# with a tenth of the examples that Hypothesis invents. Browsers do not care which it is, and SQLite is the quicker one for them.
test: setup ## Run every test, on PostgreSQL and on SQLite
	@$(BIN)/python -m tests.chromium
	@status=0; \
	echo "== PostgreSQL (without the browser tests)"; \
	$(BIN)/python -m tests.postgres $(PYTEST) -m "not browser and not faults and not bench" || status=1; \
	echo "== SQLite (with the browser tests)"; \
	$(PYTEST) -m "(browser or not (nodb or onedb)) and not faults and not bench" --hypothesis-profile=fast || status=1; \
	exit $$status

# Neither browsers nor processes nor the few marked `slow`, and a tenth of the examples that Hypothesis invents.
test-fast: setup ## Run what answers within 90 seconds, on SQLite
	@$(PYTEST) -m "not processes and not slow" --hypothesis-profile=fast --no-migrations

lint: setup ## Check style, types, layers and templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	DEMO=1 $(BIN)/mypy
	git ls-files -z '*/templates/*.html' | xargs -0 $(BIN)/djade --check --target-version 5.2
	git ls-files -z '*/templates/*.html' | xargs -0 $(BIN)/djangofmt --check --line-length 120

# A block that grows over several lines gets its name at the end from djade, and by that a line may grow too long again.
format: setup ## Put the code and the templates into the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	git ls-files -z '*/templates/*.html' | xargs -0 $(BIN)/djangofmt --line-length 120
	git ls-files -z '*/templates/*.html' | xargs -0 $(BIN)/djade --target-version 5.2
	git ls-files -z '*/templates/*.html' | xargs -0 $(BIN)/djangofmt --line-length 120

bench: setup ## Measure: tests/benchmarks
	$(BIN)/pytest -q -s -m bench tests/benchmarks

faults: setup ## Kills, races and outages: tests/faults, on both databases
	@status=0; \
	$(BIN)/python -m tests.postgres $(BIN)/pytest -q -m faults tests/faults || status=1; \
	$(BIN)/pytest -q -m faults tests/faults || status=1; \
	exit $$status

# Branches too; what one process of the tests starts in another is not followed.
coverage: setup ## How much of the code the tests reach (SQLite, no browser)
	@$(PYTEST) -m "not browser and not faults and not bench" --cov --cov-report=term:skip-covered

# Where the rules and their tests stand: [tool.mutmut] in pyproject.toml. Verdicts are kept in mutants/: name some in MUTANTS
# to try them again, `rm -r mutants` to try all. `.venv/bin/mutmut show NAME` shows one that no test noticed.
MUTANTS ?=
mutate: setup ## Change the plain rules a little, see the tests fail (MUTANTS='accounts.rules.phones*')
	@$(BIN)/mutmut run $(MUTANTS)
	@$(BIN)/mutmut results | grep -v "not checked" || true

measure: setup ## How large the house is, and how far one walks in it (ARGS='--seconds')
	@$(BIN)/python -m tests.house.measure $(ARGS)

# Before and after a rearrangement; then: .venv/bin/python -m tests.browser.pictures compare BEFORE AFTER
pictures: setup ## Take a picture of every page of the demo into a new folder (DIR=...)
	@test -n "$(DIR)" || { echo "Say where: make pictures DIR=..."; exit 1; }
	@$(BIN)/python -m tests.chromium
	$(BIN)/python -m tests.browser.pictures take "$(DIR)"

topics: setup ## Draw the topics anew, from the imports, in docs/architecture.md
	@$(BIN)/python -m tests.house.topics

messages: setup ## Collect the texts to translate (needs GNU gettext)
	$(MANAGE) makemessages --locale fi --locale sv --ignore .venv --ignore tests --ignore var --ignore mutants --no-location --no-obsolete
