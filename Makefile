# Two commands, each alone on a fresh Debian machine with python3: `make demo` and `make test`.
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo

.PHONY: demo test lint types check bench clean

demo: $(VENV)/demo.stamp ## the main job on an embedded default
	$(BIN)/zlxl demo $(DEMO) --force

test: $(VENV)/test.stamp lint types check ## everything: lint, types, tests with LibreOffice and Chromium

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/test.stamp
	$(BIN)/mypy

check: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term

bench: $(VENV)/test.stamp ## ratios against peers in the same run; ROWS=1048575 for a full sheet
	$(BIN)/python -m tests.benchmarks $(ROWS)

$(VENV)/bin/python:
	python3 -m venv $(VENV) || (rm -rf $(VENV) && .ci/packages python3-venv && python3 -m venv $(VENV))

$(VENV)/demo.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/test.stamp: pyproject.toml constraints.txt .ci/packages | $(VENV)/bin/python
	.ci/packages libreoffice-calc python3-uno fonts-noto-cjk poppler-utils chromium chromium-driver
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[excel,test]'
	touch $@ $(VENV)/demo.stamp

clean:
	rm -rf $(VENV) $(DEMO) .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
