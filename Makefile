# KIM mobil. `make` lists what can be made; every target runs from a fresh clone.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run demo test kill check bench simulate soak bugs fuzz relay catalogues requirements schema clean

# The Python to make .venv with; without one, setup.sh chooses.
PYTHON ?=
BIN := .venv/bin
# Tests start Python some hundred times; where nothing compiled may be kept, each start compiles the program.
unexport PYTHONDONTWRITEBYTECODE
# One test process a core: two at least, where one waits the other works; four at most, each needs 300 MB.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n < 2 ? 2 : n > 4 ? 4 : n)))
# A window needs a screen; without one it gets a virtual one.
SCREEN := $(if $(DISPLAY),,QT_QPA_PLATFORM=xcb xvfb-run --auto-servernum --server-args="-screen 0 1600x1000x24")

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv, install what is missing, compile the catalogues
	@PYTHON=$(PYTHON) packaging/setup.sh

run: setup ## start the program with your own data
	@$(BIN)/kim-mobil

demo: setup ## play a day in an invented district; results in build/demo
	@$(BIN)/python -m tests.demo

test: check ## check, then all tests in random order
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

check: setup ## style, types, layers, catalogues, schema, sizes
	@$(BIN)/python packaging/check.py

kill: setup ## kill the program 200 times (KILLS=n) while it saves, syncs, migrates, backs up, erases
	@KILLS=$${KILLS:-200} $(BIN)/python -m pytest -n 2 tests/journeys -k kill

bench: setup ## measure against the limits; table and build/bench.json
	@$(SCREEN) $(BIN)/python -m tests.benchmarks

simulate: setup ## live through HISTORIES=2000 random histories of SEED=1
	@$(BIN)/python -m tests.simulation --histories $(or $(HISTORIES),2000) --seed $(or $(SEED),1)

soak: setup ## the same with 100,000 histories; goes on where build/soak.txt says that it was stopped
	@mkdir -p build
	@$(BIN)/python -m tests.simulation --histories $(or $(HISTORIES),100000) --seed $(or $(SEED),2) --journal build/soak.txt

bugs: setup ## how many histories find each bug that the tests know how to make
	@$(BIN)/python -m tests.simulation.bugs --histories $(or $(HISTORIES),1000)

fuzz: setup ## every reader of what comes from outside, KIM_FUZZ_SECONDS=60 each
	@$(BIN)/python -m tests.fuzz

relay: setup ## start a relay on this computer
	@$(BIN)/kim-relay serve

catalogues: setup ## collect the program's texts into locales/
	@$(BIN)/python packaging/catalogues.py extract

requirements: setup ## write the hashed requirements/*.txt anew
	@packaging/requirements.sh

schema: setup ## write app/storage/schema.sql anew
	@$(BIN)/python -m app.storage.migrate

clean: ## remove everything that was made here
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	@find app sync ui tests packaging -name __pycache__ -prune -exec rm -rf {} +
	@rm -f locales/*/LC_MESSAGES/*.mo
