# Three commands matter: `make demo`, `make demo-market` and `make test`. Each does all set-up it needs.
PYTHON ?= python3
FORGE  ?= $(abspath node_modules/@foundry-rs/forge-linux-amd64/bin/forge)
BIN    := .venv/bin
UV     := $(BIN)/uv
SOURCES := $(shell find contracts/src contracts/script -name '*.sol')
SAMPLES := $(wildcard contracts/test/standards/samples/*.sol)
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup contracts samples demo demo-market test test-contracts test-python invariants check fix dashboards bench mutants analysis clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

setup: .venv/.synced node_modules/.synced ## install every pinned tool and library

.venv/.synced: uv.lock pyproject.toml
	test -x $(UV) || ($(PYTHON) -m venv .venv && $(BIN)/pip install --quiet --disable-pip-version-check uv==0.9.30)
	$(UV) sync --frozen --quiet --compile-bytecode
	touch $@

node_modules/.synced: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

contracts: build/.contracts ## compile the contracts and export ABI and bytecode

build/.contracts: $(SOURCES) contracts/foundry.toml contracts/tools/export_artifacts.py .venv/.synced node_modules/.synced
	cd contracts && $(FORGE) build --skip test --quiet
	$(BIN)/python contracts/tools/export_artifacts.py
	mkdir -p build && touch $@

samples: build/.samples ## compile what only journeys deploy, and export it too

build/.samples: $(SAMPLES) build/.contracts
	cd contracts && $(FORGE) build test/standards/samples --quiet
	$(BIN)/python contracts/tools/export_artifacts.py --samples
	touch $@

demo: setup contracts ## carry tokens across three local chains and home again; ONCE=1, CONSENSUS=mixed|committee|qbft
	$(BIN)/lockkeeper demo $(if $(ONCE),--once) $(if $(CONSENSUS),--consensus $(CONSENSUS))

demo-market: setup contracts ## sell a print between three local chains, over the HTTP API; ONCE=1, CONSENSUS as for demo
	$(BIN)/lockkeeper demo-market $(if $(ONCE),--once) $(if $(CONSENSUS),--consensus $(CONSENSUS))

test: setup contracts samples test-contracts test-python ## every test: contracts, daemon, journeys on real chains

test-contracts:
	$(BIN)/python -m tests.light_clients.real_vectors
	cd contracts && $(FORGE) test

test-python:
	$(BIN)/pytest -n 3 --dist loadgroup -m "not nightly" $(PYTEST_ARGS)

invariants: setup contracts ## the invariants at length, 256 histories of 500 steps each; LONG=1 for 1,000 of 2,000
	cd contracts && FOUNDRY_INVARIANT_RUNS=$(if $(LONG),1000,256) FOUNDRY_INVARIANT_DEPTH=$(if $(LONG),2000,500) \
		$(FORGE) test --match-test '^invariant_'

check: setup ## style, types, layers, budgets, documentation, gas snapshots
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell README.md ARCHITECTURE.md INVARIANTS.md CONTRIBUTING.md SECURITY.md docs relayer light_clients contracts/src
	cd contracts && $(FORGE) fmt --check src test script symbolic
	node_modules/.bin/solhint --config contracts/.solhint.json --max-warnings 0 'contracts/src/**/*.sol'
	$(BIN)/python contracts/tools/natspec.py
	$(BIN)/pytest -q tests/architecture
	cd contracts && $(FORGE) build --sizes --skip test --skip script > /dev/null
	cd contracts && FORGE_SNAPSHOT_CHECK=true $(FORGE) test --match-path 'test/bench/*'

fix: setup ## format everything
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	cd contracts && $(FORGE) fmt src test script symbolic

dashboards: setup ## write Grafana's JSON from deploy/grafana/*.py
	$(BIN)/python -m deploy.grafana

bench: setup contracts ## measure gas, latency and throughput; writes build/bench.json
	$(BIN)/python -m tests.bench

mutants: setup ## delete each require of the core contracts in turn: a test must turn red
	$(BIN)/python contracts/tools/mutants.py

analysis: setup build/analysis/.synced ## Slither's findings over the contracts, and what Halmos proves of their pure code
	build/analysis/venv/bin/python contracts/tools/slither_findings.py
	FORGE=$(FORGE) build/analysis/venv/bin/python contracts/tools/halmos_properties.py

build/analysis/.synced: contracts/tools/analysis/pyproject.toml contracts/tools/analysis/uv.lock
	mkdir -p build/analysis
	UV_PROJECT_ENVIRONMENT=$(CURDIR)/build/analysis/venv $(UV) sync --project contracts/tools/analysis --frozen --quiet
	touch $@

clean: ## remove everything that was built
	rm -rf build .devnet contracts/out contracts/cache relayer/artifacts
