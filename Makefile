# Everything runs from the checkout; `make setup` is called by what needs it.
# The distribution's own Python first: it is built with the optimisations that one built by hand often lacks.
PYTHON ?= $(shell for p in /usr/bin/python3.13 /usr/bin/python3.12 /usr/bin/python3.11 python3.13 python3.12 python3.11; do $$p -c 'import ensurepip' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: setup demo five-doors formats test check bench clean
.DEFAULT_GOAL := help

help:
	@echo "make demo   serve the movies API and print a curl line to try"
	@echo "make five-doors   serve one model through five kinds of definitions"
	@echo "make formats   install what examples/formats needs, each with the definition of one API"
	@echo "make test   run the whole test suite, real servers included (TESTS=PATHS for a part of it)"
	@echo "make check  formatting, lint, types, import contracts, dependencies"
	@echo "make bench  measure beside the peers"

# What runs the demo; what tests and checks need comes on top.
$(VENV)/.runtime: requirements/runtime.txt pyproject.toml examples/movies/requirements.txt
	$(PYTHON) tools/check_python.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (the first time takes a while)"
	$(PIP) install -r requirements/runtime.txt -r examples/movies/requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# Pulumi with the clouds' own packages, half a gigabyte: only for the doors that need them.
$(VENV)/.doors: $(VENV)/.runtime examples/five-doors/requirements.txt
	@echo "Installing the clouds' packages for Pulumi (the first time takes a while)"
	$(PIP) install -r examples/five-doors/requirements.txt
	@touch $@

$(VENV)/.formats: $(VENV)/.doors examples/formats/requirements.txt
	$(PIP) install -r examples/formats/requirements.txt
	@touch $@

$(VENV)/.development: $(VENV)/.formats requirements/development.txt
	$(PIP) install -r requirements/development.txt
	@touch $@

# The CDK has an environment of its own: its packages are large, and only one test needs them.
.venv-cdk/.installed: requirements/cdk.txt
	test -x .venv-cdk/bin/python || $(PYTHON) -m venv .venv-cdk
	.venv-cdk/bin/python -m pip --disable-pip-version-check -q install -r requirements/cdk.txt
	@touch $@

# Model servers that the tests talk to, in an environment of their own: 0.4 GB. MLServer runs on 3.11 and 3.12 only; where
# the system has neither, uv fetches one.
PEERS_PYTHON ?= $(shell for p in /usr/bin/python3.11 /usr/bin/python3.12 python3.11 python3.12; do $$p -c 'import ensurepip' 2>/dev/null && echo $$p && exit; done)
.venv-peers/.installed: requirements/peers.txt | $(VENV)/.runtime
	test -x .venv-peers/bin/python || { test -n "$(PEERS_PYTHON)" && $(PEERS_PYTHON) -m venv .venv-peers; } || \
		{ $(PIP) install uv && $(BIN)/python -m uv venv --seed --python 3.12 .venv-peers; }
	.venv-peers/bin/python -m pip --disable-pip-version-check -q install -r requirements/peers.txt
	@touch $@

# What the tests' Node programs import, Pulumi's in TypeScript above all, a fifth of a gigabyte.
.node/.installed: requirements/node/package.json requirements/node/package-lock.json
	mkdir -p .node
	cp requirements/node/package.json requirements/node/package-lock.json .node/
	cd .node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	ln -sfn ../../../.node/node_modules examples/formats/pulumi-typescript/node_modules
	@touch $@

examples/five-doors/appsync/digits/model.npz: examples/five-doors/appsync/train_digits.py $(VENV)/.doors
	@$(BIN)/python examples/five-doors/appsync/train_digits.py
	@touch $@

setup: $(VENV)/.runtime
	@$(BIN)/python examples/movies/train.py
	@$(BIN)/python examples/movies/titles.py

demo: setup
	@$(BIN)/inferway run examples/movies

five-doors: setup $(VENV)/.doors examples/five-doors/appsync/digits/model.npz
	@$(BIN)/inferway run examples/five-doors

formats: setup $(VENV)/.formats .venv-cdk/.installed .node/.installed
	@echo "Run one: $(BIN)/inferway run examples/formats/NAME (examples/formats/README.md)"

test: $(VENV)/.development .venv-cdk/.installed .venv-peers/.installed .node/.installed setup examples/five-doors/appsync/digits/model.npz
	$(BIN)/python -m pytest -n 2 --dist loadfile $(TESTS)

check: $(VENV)/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src

bench: $(VENV)/.development setup examples/five-doors/appsync/digits/model.npz
	sh benchmarks/gateway/setup.sh
	$(BIN)/python benchmarks/vtl/run.py
	$(BIN)/python benchmarks/gateway/run.py
	$(BIN)/python benchmarks/doors/run.py
	$(BIN)/python benchmarks/functions/run.py
	$(BIN)/python benchmarks/csharp/run.py
	$(BIN)/python benchmarks/authorization/run.py
	$(BIN)/python benchmarks/waf/run.py
	$(BIN)/python benchmarks/waf-detectors/run.py
	$(BIN)/python benchmarks/streaming/run.py

clean:
	rm -rf $(VENV) .venv-cdk .venv-peers .node .mypy_cache .ruff_cache .pytest_cache .hypothesis
