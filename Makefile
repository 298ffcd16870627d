# Everything a person does with a checkout. `make help` lists it.
.PHONY: native
PYTHON ?= $(firstword $(wildcard .venv/bin/python) python3)

native: ## build the packet core in place (src/headwise/libheadwise.so)
	@$(PYTHON) build_backend/compiler.py --strict src/headwise/libheadwise.so
