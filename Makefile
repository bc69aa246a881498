# Everything a newcomer runs. `make` alone lists it.
# A Python of your own choice: make setup PYTHON=/path/to/python3.12
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-config --no-header --no-emit-index-url --no-emit-find-links

.PHONY: help setup run demo stack test check-deploy lint docs release bench bench-quick lock clean

help:  ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

setup:  ## make .venv/ with the locked requirements and the wuye command
	@tools/setup requirements.txt $(READY) && echo "setup: ready; the command is $(BIN)/wuye"

run: $(READY)  ## serve the whole platform in one process: http://127.0.0.1:8000
	@exec $(BIN)/wuye run

demo: $(READY)  ## play a seeded month of a community, and show what came of it
	@exec $(BIN)/wuye demo

stack: $(READY)  ## serve on a private RabbitMQ and PostgreSQL, two processes a service
	@exec $(BIN)/wuye stack

test: $(READY_DEV)  ## run all tests (the servers they need are private ones)
	@exec $(BIN)/python -m pytest -n 3 --dist loadgroup --no-loadscope-reorder --durations 15

check-deploy: $(READY_DEV)  ## check deploy/ and the image offline, with checkov and hadolint too
	@$(BIN)/python -m deploy.checks
	@tools/check-deploy
	@$(BIN)/python -m deploy.checks.image

bench: $(READY_DEV)  ## measure beside others, into docs/performance.md (some forty minutes)
	@exec $(BIN)/python -m benchmarks

bench-quick: $(READY_DEV)  ## the same figures from shorter rounds, in minutes, into benchmarks/results/quick.json
	@exec $(BIN)/python -m benchmarks --scale quick

lint: $(READY_DEV)  ## ruff, mypy, import-linter, codespell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy shared $(wildcard services/*/*/domain services/*/*/domain.py)
	$(BIN)/mypy --follow-imports=silent benchmarks cli deploy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell

docs: $(READY_DEV)  ## build the docs as a site, in build/site; a link to nothing fails
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

release: $(READY_DEV)  ## check, build, list and tag what pyproject's version names; DRY_RUN=1 tags nothing
	@$(BIN)/python -m deploy.release $(if $(DRY_RUN),--dry-run)

lock: $(READY_DEV)  ## renew requirements*.txt from requirements*.in
	$(COMPILE) --upgrade --output-file requirements.txt requirements.in
	$(COMPILE) --upgrade --output-file requirements-dev.txt requirements-dev.in
	$(COMPILE) --upgrade --output-file requirements-deploy.txt requirements-deploy.in

clean:  ## remove .venv/ and caches; .data/ stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.data/*' -prune -exec rm -rf {} +

$(READY): requirements.txt pyproject.toml tools/setup
	@tools/setup requirements.txt $@

$(READY_DEV): requirements-dev.txt $(READY)
	@tools/setup requirements-dev.txt $@
