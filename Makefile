# make demo   the main job on the clip that ships with the project
# make test   all quick tests          make test-all   the slow ones too
# make test-service  the services on a real systemd, in a container (root)
# make safety-proofs  coverage, mutants, random streams and fuzzing of the guard (half an hour and more)
# make lint   every linter             make format     rewrites to style
# make stubs  what is generated of the code    make openapi  docs/openapi.json anew
# make clean  removes what make made
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NATIVE := $(shell find cpp cmake -type f) CMakeLists.txt pyproject.toml exoactor_rt/robots/g1/joints.csv
CPP := $(shell find cpp tests benchmarks -name '*.hpp' -o -name '*.cpp')

export OMP_NUM_THREADS := 1

.PHONY: setup models demo test test-all test-service safety-proofs lint format stubs openapi clean

setup: $(STAMP)

$(STAMP): $(NATIVE)
	PYTHON=$(PYTHON) tools/system_packages.sh
	$(PYTHON) -m venv $(VENV)
	@echo "building and installing exoactor_rt into $(VENV) (two to four minutes the first time)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[sim,view,dev]"
	@touch $@

models: $(STAMP)
	$(BIN)/exoactor models pull

demo: models
	$(BIN)/exoactor demo --out out/demo

test: models
	$(BIN)/pytest -m "not slow"

test-all: models
	$(BIN)/pytest

test-service: models
	tools/system_packages.sh systemd systemd-container
	$(BIN)/pytest tests/service/test_systemd*.py

safety-proofs: $(STAMP)
	$(BIN)/pytest tests/unit/test_safety_native.py
	$(BIN)/python tools/safety_mutation.py
	$(BIN)/python tools/safety_fuzz.py --seconds 600

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/clang-format --dry-run -Werror $(CPP)
	$(BIN)/python tools/stubs.py --check
	$(BIN)/python tools/replay_docs.py --check
	$(BIN)/python tools/openapi.py --check

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/clang-format -i $(CPP)

stubs: $(STAMP)
	$(BIN)/python tools/stubs.py
	$(BIN)/python tools/replay_docs.py

openapi: $(STAMP)
	$(BIN)/python tools/openapi.py

clean:
	rm -rf build out $(VENV)
