# Every target works as the only command typed on a fresh clone: Python 3.11+, pip and make are
# all it needs. `make setup` runs by itself when .venv is missing or its packages have changed.

# The first of these that is new enough; say `make PYTHON=/path/to/python3 …` for another.
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
  echo $$python && break; done)
BIN := .venv/bin
READY := .venv/.ready
TESTS ?= -n auto
DEMO ?= demo

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench docs vendor lock clean distclean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18

setup: $(READY) ## make .venv with everything in it

$(READY): requirements/runtime.txt requirements/dev.txt pyproject.toml tools/environment.py tools/vendor.py
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found; name one with" \
	  "make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) tools/environment.py
	@touch $@

demo: setup ## plan the county base and write demo/report.html
	@$(BIN)/zeroplant plan examples/county-base --out $(DEMO)
	@test -s $(DEMO)/report.html || { echo "make demo: no report was written" >&2; exit 1; }
	@echo "The report: $(DEMO)/report.html (open it in a browser)"

test: setup ## run the tests
	@$(BIN)/python -m pytest -q $(TESTS)

lint: setup ## style, types, floors of the house, spelling
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/codespell

bench: setup ## measure against the peers
	@for name in golden build rolling; do $(BIN)/zeroplant bench $$name || exit 1; done

docs: setup ## build the documentation into site/
	@$(BIN)/mkdocs build --strict
	@echo "The documentation: site/index.html"

vendor: setup ## fetch the scripts of the control room's pages (needs npm)
	@$(BIN)/python tools/vendor.py

lock: setup ## pin all dependencies anew (UPGRADE=1: newest versions)
	@$(BIN)/python -m pip install -qq pip-tools==7.6.2
	@$(BIN)/python tools/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove what was built, keep .venv
	@rm -rf demo site dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis \
	  .import_linter_cache
	@find src tests tools benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## remove .venv too
	@rm -rf .venv
