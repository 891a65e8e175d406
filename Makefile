# make chat: set up and open the window.  make test: set up and run everything.  make help: the rest.

PYTHON ?= python3
BIN := .venv/bin
SECONDS ?= 300
CASES ?= 10000
RUNS ?= 20
EVERY ?= 1
TRIPLES ?= 10000 1000000 10000000
PIP := $(BIN)/pip install -qq --disable-pip-version-check -c constraints.txt
export HF_HUB_OFFLINE = 1
export TOKENIZERS_PARALLELISM = false
export ORT_DISABLE_TELEMETRY = 1

.DEFAULT_GOAL := help
.PHONY: help chat serve test lint types build check bench fit soak browser audit screenshots clean

help:
	@echo "make chat    set up, build the graph and open the window at http://127.0.0.1:7860/"
	@echo "make serve   the same without opening a browser"
	@echo "make test    set up and run lint, types and all tests"
	@echo "make lint    lint and types only"
	@echo "make build   build the graph where its data changed"
	@echo "make check   check the data and print coverage"
	@echo "make bench   measure the speed of questions and queries, and the store at scale (TRIPLES='10000 1000000 10000000')"
	@echo "make fit     fit what chooses among remarks, and what tells yes from no, on our own questions"
	@echo "make browser run the tests in Chromium again and again (RUNS=20) and count how many failed"
	@echo "make soak    a crowd for minutes (SECONDS=300), made-up requests (CASES=10000), golden questions over SPARQL servers (EVERY=1),"
	@echo "             and the property tests with more examples"
	@echo "make audit   what the package index knows to be vulnerable in the releases that are pinned"
	@echo "make screenshots"
	@echo "             take pictures of every page at three widths, light and dark, into build/screenshots"
	@echo "make clean   remove what was built (not .venv)"

# Two stamps, so that an unchanged set-up takes no time: what the product needs, and what its tests need besides.
.venv/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing; install it with: sudo apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) -V). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "python3-venv is missing; install it with: sudo apt install python3-venv"; exit 1; }
	@echo "Creating .venv"
	@$(PYTHON) -m venv --clear .venv

.venv/.chat: .venv/bin/pip pyproject.toml constraints.txt
	@echo "Installing what the product needs (a few minutes and about 2 GB the first time)"
	@$(PIP) -e .
	@touch $@

.venv/.test: .venv/.chat
	@echo "Installing what the tests need"
	@$(PIP) -e '.[test]'
	@touch $@

.venv/.soak: .venv/.test
	@echo "Installing what the soak needs"
	@$(PIP) -e '.[soak]'
	@touch $@

chat: .venv/.chat
	@$(BIN)/framegraph chat

serve: .venv/.chat
	@$(BIN)/framegraph serve

build: .venv/.chat
	@$(BIN)/framegraph build

check: .venv/.chat
	@$(BIN)/framegraph check

lint: .venv/.test
	@$(BIN)/ruff check
	@$(BIN)/mypy

test: lint
	@$(BIN)/framegraph build
	@$(BIN)/pytest -n 2

bench: .venv/.test
	@$(BIN)/pytest tests/benchmarks --benchmark-enable --benchmark-only
	@$(BIN)/python -m tests.benchmarks.scale --triples $(TRIPLES)

fit: .venv/.test
	@$(BIN)/python -m tests.benchmarks.fit_remarks
	@$(BIN)/python -m tests.benchmarks.fit_polarity

soak: .venv/.soak
	@$(BIN)/framegraph build
	@$(BIN)/python -m tests.soak.crowd --seconds $(SECONDS)
	@$(BIN)/python -m tests.soak.fuzz --cases $(CASES)
	@$(BIN)/python -m tests.soak.endpoints --every $(EVERY)
	@HYPOTHESIS_PROFILE=soak $(BIN)/pytest -n 2 -m "not browser"

browser: .venv/.test
	@$(BIN)/framegraph build
	@$(BIN)/python -m tests.soak.browser --runs $(RUNS)

audit: .venv/.test
	@$(BIN)/python -m tests.soak.pins

screenshots: .venv/.test
	@$(BIN)/python -m tests.browser.screenshots

clean:
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
