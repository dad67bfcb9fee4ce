# Everything a contributor runs. `make demo` and `make test` set themselves up.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test lint types layers unit docs docs-check corpus torture bench bench-full bench-page format clean

demo: $(STAMP)  ## Show the main job on a throw-away copy of the examples
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh scripts/demo.sh

test: lint types layers docs-check unit  ## Everything that CI runs

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

docs: $(STAMP)  ## Write the generated pages and hooks anew
	$(BIN)/python scripts/generate_docs.py

docs-check: $(STAMP)
	$(BIN)/python scripts/generate_docs.py --check

unit: $(STAMP)
	$(BIN)/pytest -n 2

# The corpus of hostile repositories lies beside the checkout where it is present at all.
CORPUS ?= ../shared/abuse
# How many times more examples `make torture` runs: 25 makes 50,000 of each parser's 2,000.
TORTURE ?= 25
TAMPER ?= 2000

corpus: $(STAMP)  ## Run the abuse corpus, where it is present
	@if test -f $(CORPUS)/check.py; then $(BIN)/python scripts/check_corpus.py $(CORPUS); \
	else echo "no corpus at $(CORPUS); tests/abuse has rows of our own"; fi

torture: export TORTURE := $(TORTURE)
torture: export PROMPTREG_TAMPER := $(TAMPER)
torture: $(STAMP)  ## The same tests at sizes that take hours (TORTURE=3 TAMPER=100: minutes)
	$(BIN)/pytest -n 2 tests/fuzz tests/environments tests/abuse \
		tests/releases/test_tamper.py tests/releases/test_faults.py tests/releases/test_git_faults.py \
		tests/releases/test_at_once.py tests/releases/test_model.py tests/store/test_yaml.py tests/templates/test_laws.py
	$(BIN)/python -m benchmarks.replay
	$(BIN)/python benchmarks/worker_ratio.py
	@if test -f $(CORPUS)/check.py; then $(BIN)/python scripts/check_corpus.py $(CORPUS); fi
	@if test -f $(CORPUS)/check.py && command -v strace > /dev/null; then \
		$(BIN)/python scripts/check_corpus.py $(CORPUS) --strace; fi

# Registries and the peers' virtual environment are kept here between runs.
BENCH_CACHE ?= $(or $(TMPDIR),/tmp)/promptreg-bench

bench: $(STAMP)  ## Every ratio at small sizes, without the peers: a minute or two
	$(BIN)/python -m benchmarks.bench --cache $(BENCH_CACHE)-small

bench-full: $(STAMP)  ## Every ratio at real sizes, with the peers; then the tables of the page
	$(BIN)/python -m benchmarks.bench --full --cache $(BENCH_CACHE) --json benchmarks/results/last.json
	$(MAKE) bench-page

bench-page: $(STAMP)  ## Write the tables of docs/performance.md from the last full run
	$(BIN)/python -m benchmarks.page

format: $(STAMP)  ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("promptreg needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	@git --version > /dev/null 2>&1 || { echo "promptreg needs git 2.39 or newer"; exit 1; }
	@echo "Setting up .venv; this takes a minute, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $(STAMP)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
