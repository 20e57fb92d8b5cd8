# Every verb of this project; `make help` lists them.
VENV := .venv
BIN := $(VENV)/bin
PORT ?= $(or $(CLIENTIER_PORT),8000)
export CLIENTIER_PORT := $(PORT)
PO := $(wildcard src/clientier/locale/*/LC_MESSAGES/*.po)
.DEFAULT_GOAL := help

help: ## list the verbs
	@sed -nE 's/^([a-z0-9-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(VENV)/installed $(VENV)/messages ## start the product with demo data on http://127.0.0.1:8000 (PORT=8001 for another port)
	@exec $(BIN)/clientier run

test: $(VENV)/installed-dev $(VENV)/messages ## install what tests need, then lint, types, contracts, unit and browser tests
	@tools/test_everything.sh

test-server: $(VENV)/installed-dev $(VENV)/messages ## all tests that ask a database, on Debian's PostgreSQL server
	@tools/test_on_server.sh

e2e: $(VENV)/installed-dev $(VENV)/messages ## the browser tests alone
	@tools/test_in_browser.sh

test-engines: $(VENV)/installed-engines $(VENV)/messages ## the value engine on Sail and on real Spark (downloads about 500 MB the first time)
	@tools/test_engines.sh

pictures: $(VENV)/installed-dev $(VENV)/messages ## take the pictures of the README anew, on the server of CLIENTIER_DATABASE_URL
	@$(BIN)/python -m tests.e2e.pictures

lint: $(VENV)/installed-dev ## style, templates, import contracts, house rules, missing migrations
	@tools/lint.sh

format: $(VENV)/installed-dev ## put code and templates in the house's form
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format . ; git ls-files 'src/**/*.html' | xargs -r $(BIN)/djade --target-version 5.2

types: $(VENV)/installed-dev ## mypy
	@$(BIN)/mypy

bench: $(VENV)/installed-dev $(VENV)/messages ## measure; prints figures, never fails by the clock
	@$(BIN)/python -m bench

messages: $(VENV)/installed-dev ## collect the words to translate; make the Traditional Chinese from the Simplified
	@$(BIN)/python -m tools.make_messages

migrate: $(VENV)/installed ## bring the tables of the database up to date
	@$(BIN)/clientier migrate

docs: ## where the documentation is
	@ls docs/*.md

where: $(VENV)/installed ## list every place of a noun: make where NAME=customers
	@$(BIN)/python -m tools.where $(NAME)

lock: ## pin the dependencies anew, with hashes
	@tools/lock.sh

clean: ## remove the environment and what tools left; the data in .local stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* src/clientier/site/collected
	find src -name '*.mo' -delete

$(VENV)/installed: requirements.txt tools/make_environment.sh
	@tools/make_environment.sh requirements.txt

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@tools/make_environment.sh requirements-dev.txt

$(VENV)/installed-engines: requirements-engines.txt $(VENV)/installed-dev
	@tools/make_environment.sh requirements-engines.txt

$(VENV)/messages: $(PO) $(VENV)/installed
	@$(BIN)/python -m tools.compile_messages && touch $@

.PHONY: help run test test-server test-engines e2e pictures lint format types bench messages migrate docs where lock clean
