# make run   sets up, does the main job on the bundled region (check, match, plan, assess, report), and then serves the platform if there is
#            a terminal
# make test  sets up and runs every check
# make audit asks the network for advisories of every pinned version
# Both need Python 3.11 or newer and git, nothing else; everything lands in .venv and build.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
REGION ?= kemi_tornio
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test audit format lint types imports bench clean

run: $(VENV)/run.stamp
	$(BIN)/sivuvirta run $(REGION) --vintage 2018 --out build/$(REGION)-2018
	$(BIN)/sivuvirta run $(REGION) --vintage 2024 --out build/$(REGION)-2024
	@if [ -t 1 ]; then $(BIN)/sivuvirta serve --demo $(REGION); fi

test: $(VENV)/test.stamp
	@sh scripts/chromium.sh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist worksteal

audit: $(VENV)/test.stamp
	@$(PIP) install pip-audit
	$(BIN)/python -m pip_audit --requirement constraints.txt --no-deps --disable-pip

format: $(VENV)/test.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/test.stamp
	$(BIN)/python -m bench.run

$(VENV)/run.stamp: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or say 'make PYTHON=/path/to/python'."; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (once, about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint constraints.txt --editable '.[web]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements-dev.txt
	@echo "Adding the test tools ..."
	@$(PIP) install --constraint constraints.txt --requirement requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
