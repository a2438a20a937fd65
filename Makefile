# Everything runs in .venv, which is made on first use; only Python 3.11 or newer and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is locked is whole, and is installed by its hashes as it stands.
LOCKED := $(BIN)/pip install -q --no-deps --require-hashes -r
ITSELF := $(BIN)/pip install -q --no-index --no-build-isolation -e
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' pyproject.toml locks/build.in
# Compiled where a C compiler is, on each installation.
CORE := hatch_build.py $(wildcard newscrawl/pages/_core*.p[yx][xi])
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: citizen core corpus demo test test-newest coverage test-wordpress quality lint audit format docs reference bench bench-peers bench-dedupe bench-ledger bench-admission bench-export bench-memory flame hostile fuzz siege crash scale archive truth world conformance lock people clean

demo: $(VENV)/run.stamp
	@$(BIN)/newscrawl demo

# Pages once more without the compiled core.
test: $(VENV)/dev.stamp
	$(BIN)/pytest -n 2 --dist worksteal
	NEWSCRAWL_PURE=1 $(BIN)/pytest -n 2 --dist worksteal tests/pages tests/sites

coverage: $(VENV)/dev.stamp
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term

test-wordpress: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.wordpress.packages
	@$(BIN)/python -m tests.wordpress.newest
	NEWSCRAWL_WORDPRESS=1 $(BIN)/pytest tests/wordpress

# Without the caps and the lock, pre-releases too; says what is newer, and decides nothing in CI.
test-newest: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.newest $(VENV)/newest

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

audit: $(VENV)/dev.stamp
	$(BIN)/pip-audit --skip-editable --progress-spinner off

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reference: $(VENV)/dev.stamp
	$(BIN)/python -m tests.docs.reference

docs: reference
	@$(BIN)/zensical build --strict

quality: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.quality

world: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.world

citizen: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.citizen

# The compiled core and Python say the same of every page; under AddressSanitizer too.
core: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.core

conformance: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.conformance

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.bench

bench-peers: $(VENV)/bench.stamp
	@$(BIN)/python -m tests.bench.beside

bench-ledger: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.bench.ledger

bench-admission: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.bench.admission $(BEFORE)

bench-dedupe: $(VENV)/bench.stamp
	@$(BIN)/python -m tests.bench.dedupe

bench-export: $(VENV)/bench.stamp
	@$(BIN)/python -m tests.bench.export

bench-memory: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.bench.growth

flame: $(VENV)/bench.stamp
	@$(BIN)/python -m tests.bench.flame

hostile: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.hostile

fuzz: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.hostile.fuzz

# Needs root for its network namespaces, Chromium, and libfaketime.
siege: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.siege

crash: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.crash

# Needs git, and takes LibreOffice and jq if they are there; its tools go to an environment of their own.
people: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.people

scale: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.scale

# Half an hour; two million articles are made for it first.
corpus: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.corpus

archive: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.archive

truth: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.truth

# All of them agree on every version: the first is the measure of the others.
lock: $(VENV)/dev.stamp
	$(LOCK) --extra test --extra lint --upgrade -o locks/dev.txt
	$(LOCK) -c locks/dev.txt -o locks/run.txt
	$(LOCK) -c locks/dev.txt --extra postgres --extra worker --extra export --extra report -o locks/image.txt

clean:
	rm -rf $(VENV) build dist .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml locks/run.txt $(CORE) | $(VENV)/bin/python
	$(LOCKED) locks/run.txt
	$(ITSELF) .
	@$(BIN)/newscrawl --version
	@touch $@

$(VENV)/dev.stamp: pyproject.toml locks/dev.txt $(CORE) | $(VENV)/bin/python
	$(LOCKED) locks/dev.txt
	$(ITSELF) '.[test,lint]'
	@$(BIN)/newscrawl --version
	@touch $@ $(VENV)/run.stamp

$(VENV)/bench.stamp: $(VENV)/dev.stamp
	$(BIN)/pip install -q -e '.[bench]'
	@touch $@
