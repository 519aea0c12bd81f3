# Everything a newcomer types: `make run` shows the product at work, `make test` proves it.
# Needs python3 (3.11 or newer), make and a package registry; uses uv where it is there.

PYTHON ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check fmt bench lock clean setup

help: ## list these commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

run: setup ## set up, record a shop, replay it offline, keep serving
	@$(BIN)/python -m examples.demo

test: setup ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup ## formatting, lint, types, import contracts, house and docs tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy -p cassettes -p sanitizers -p recorder -p gateway -p examples
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -q tests/house

fmt: setup ## format, and mend what lint can mend
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: setup ## measure against floors in the same run
	@$(BIN)/python -m bench

lock: ## resolve the dependencies again (needs uv)
	@sh .ci/lock

clean: ## remove what these commands made, but no cassette
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A script decides, not a timestamp: it also sees a moved folder, a broken interpreter and a half-made environment.
setup:
	@PYTHON='$(PYTHON)' sh .ci/setup
