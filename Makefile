# Everything a contributor runs. `make demo` and `make test` set themselves up.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test lint types layers unit docs docs-check format clean

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
