# The one index of commands. `make site` and `make test` install what they need first.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTHON ?= python3
WORKERS ?= 2

# What every process would compile again is written once, whatever the machine's settings say.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help site serve test lint types bundle schemas locales judges peers chromium servers constraints shots pictures bench bench-full clean

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

site: bundle ## build the demo into public/, signed and encrypted with keys for tests
	PYTHONPATH=tests $(BIN)/python -m demo .demo
	$(BIN)/passport build --site .demo --output public

serve: bundle ## serve the demo on this machine, rebuilt when a file changes
	$(BIN)/passport serve

test: bundle judges peers chromium servers lint types ## run all tests; installs the judges, the peers, Chromium and nginx where they are missing
	$(BIN)/pytest --numprocesses $(WORKERS)

lint: $(STAMP) ## ruff, style and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

bundle: $(STAMP) ## build the script of the verify page again, if its sources changed
	@$(BIN)/python hatch_build.py

schemas: $(STAMP) ## write the JSON Schemas for editors, and that of the theme contract, again
	$(BIN)/python -m badge_passport.model.schema schemas
	$(BIN)/python -m badge_passport.pages.contract themes/passport/contract.schema.json

POT := themes/passport/locales/passport.pot

# What babel writes anew each time, a date and a year, is no reason to touch a catalogue.
locales: $(STAMP) ## collect interface texts and bring every catalogue up to date
	old=$$(mktemp) && cp $(POT) $$old && \
	  $(BIN)/pybabel -q extract -F pyproject.toml --no-location --sort-output --project "Badge Passport" \
	  --version 1 --copyright-holder "the Badge Passport contributors" -o $(POT) . && \
	  { ! diff -q -I '^# ' -I '^"POT-Creation-Date' $$old $(POT) >/dev/null || cp $$old $(POT); } && rm $$old
	for po in themes/passport/locales/*.po; do \
	  $(BIN)/pybabel -q update --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date -w 100 \
	    -i $(POT) -o $$po -l $$(basename $$po .po) || exit 1; done

judges: $(STAMP) ## install the third-party verifiers that the tests ask
	PYTHON=$(BIN)/python bash tests/judges/install.sh

peers: $(STAMP) ## install the generators that the benchmarks measure ours against
	bash benchmarks/peers/install.sh

chromium: ## install Chromium for the browser tests, if there is none
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else sudo apt-get update -qq && sudo apt-get install -y -qq chromium >/dev/null; fi

servers: ## install what the tests of publishing publish to, if it is missing: nginx with git behind it, azurite
	@test -x .judges/azurite/node_modules/.bin/azurite-blob || \
	  npm install --silent --no-audit --no-fund --prefix .judges/azurite azurite@3.37.0
	@export PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null && command -v fcgiwrap >/dev/null || \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq nginx-light fcgiwrap >/dev/null; \
	  else sudo apt-get update -qq && sudo apt-get install -y -qq nginx-light fcgiwrap >/dev/null; fi

constraints: ## bring every package up to date in a new environment, and note the versions for the tests
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	$(BIN)/python -m pip freeze --exclude-editable > tests/constraints.txt
	touch $(STAMP)

shots: bundle ## take a picture of every kind of page into shots/
	$(BIN)/python -m tests.browser.shots

pictures: bundle servers ## take the pictures of docs/quickstart.md again, from what it builds
	folder=$$(mktemp -d) && PYTHONPATH=tests $(BIN)/python -m quickstart $$folder && rm -rf $$folder

bench: bundle peers ## measure, on small sites: a build against other generators, its stages, signing, an import, a search, pictures; bars at the end
	@$(BIN)/python benchmarks/all.py

bench-full: bundle peers ## measure a build against other generators on sites of up to 300,000 awards; takes hours
	$(BIN)/python benchmarks/building.py --work .bench

# A new or changed pyproject.toml is installed before anything runs, in the versions that the tests have passed with.
$(STAMP): pyproject.toml tests/constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev \
	  --constraint tests/constraints.txt
	touch $(STAMP)

clean: ## remove what was built, not what was installed
	rm -rf public .demo .bench shots .pytest_cache .mypy_cache .ruff_cache
