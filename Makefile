# Everything a person does with a checkout. Nothing needs to be activated; each target sets up what it needs.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-all check bench bench-edge bench-models accuracy scores base-model fuzz aarch64 native wheels lock docs clean
export CAPTURE

# Where tests keep the captures: HEADWISE_DATA=folder, or shared/data beside the checkout.
PYTEST := .venv/bin/python -m pytest

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## /  make \1\t/' | expand -t 20

setup: ## make .venv with .venv/bin/headwise
	@scripts/setup run

run: setup ## show the main job: name the devices of a simulated home, or list those of CAPTURE=file
	@scripts/run

test: setup-dev ## run every test but the slow ones
	@$(PYTEST)

test-all: setup-dev ## run every test
	@$(PYTEST) -m "slow or not slow"

check: setup-dev ## lint, types, import directions, generated documents, strict compile
	@scripts/check

bench: setup-dev ## measure speed and memory beside other programs
	@scripts/bench

bench-edge: setup-dev ## measure the memory of a process that names devices; writes docs/models.md
	@.venv/bin/python -m benchmarks.edge --write

accuracy: setup-dev ## train and score on real captures, ordered by time (ROWS=8,12 for some rows); writes docs/accuracy.md
	@.venv/bin/python scripts/accuracy.py --write $(if $(ROWS),--rows $(ROWS))

base-model: setup-dev ## train the model that comes with headwise, from every test-bed of ../shared/data
	@.venv/bin/python scripts/base_model.py

bench-models: setup-dev ## measure what models cost; writes docs/models-cost.md and its figures
	@.venv/bin/python -m benchmarks.models --write $(FULL)

scores: setup-dev ## train every family and group on real captures and score later days; writes docs/families.md
	@.venv/bin/python scripts/family_scores.py --write

fuzz: setup-dev ## fuzz the packet core for SECONDS=600
	@scripts/fuzz $(or $(SECONDS),600)

aarch64: setup-dev ## check wheel, trees, runtimes and a retraining on an emulated Raspberry Pi 4 (minutes)
	@scripts/aarch64

native: ## build the packet core in place, warnings as errors
	@$(firstword $(wildcard .venv/bin/python) python3) build_backend/compiler.py --strict

wheels: setup-dev ## build wheels for x86-64 and aarch64 into dist/
	@scripts/wheels

lock: setup-dev ## write requirements/*.txt from pyproject.toml (UPGRADE=--upgrade for newer versions)
	@scripts/lock $(UPGRADE)

docs: setup-dev ## write the generated parts of docs/
	@.venv/bin/python scripts/generate_docs.py

clean: ## remove what was built, and .venv
	@rm -rf .venv build dist src/headwise/*.so .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: setup-dev
setup-dev:
	@scripts/setup dev
