# make run   the demonstration on http://127.0.0.1:8501
# make test  everything that is checked before a change is kept
# The other targets are parts of these two, or are named in README.md.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
WORKERS ?= auto

VENV := .venv
PY := $(VENV)/bin/python
# The lock names every package and its hash; nothing else is looked for, so a newer release of one changes nothing.
PIP := $(PY) -m pip install --quiet --no-input --disable-pip-version-check --no-deps --require-hashes
RUN_READY := $(VENV)/.ready-to-run
TEST_READY := $(VENV)/.ready-to-test
DEMONSTRATION := data/zero_fee.db
BEING_MADE := data/being-made.db
ASK := an administrator runs:

# What the tests need beyond Python packages, and how to see whether it is there.
BROWSER_PACKAGES := chromium fonts-noto-cjk
HAS_BROWSER := { command -v chromium || command -v chromium-browser || command -v google-chrome; } \
	>/dev/null && command -v fc-list >/dev/null && fc-list :lang=zh | grep -q .
APT_UPDATE := export DEBIAN_FRONTEND=noninteractive && apt-get update -q
APT_INSTALL := apt-get install -y --no-install-recommends
MAY_INSTALL := [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demonstration test check format lint types arrows generated unit covered uncovered \
	browser browser-tests coverage bench tidy lock words screenshots clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# ---------------------------------------------------------------- Python

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed: make PYTHON=python3.12 ...'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { $(MAY_INSTALL) && $(APT_UPDATE) && $(APT_INSTALL) python3-venv; } \
		|| { echo 'Python cannot make virtual environments here; $(ASK) $(APT_INSTALL) python3-venv'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_READY): requirements.txt | $(PY)
	$(PIP) -r requirements.txt
	@touch $@

$(TEST_READY): requirements-dev.txt | $(PY)
	$(PIP) -r requirements-dev.txt
	@touch $@

# ---------------------------------------------------------------- the demonstration

run: $(RUN_READY) demonstration
	exec $(PY) -m uvicorn app:app --host $(HOST) --port $(PORT)

# With DATABASE_URL set, the database is someone's own: it is migrated, never seeded.
ifdef DATABASE_URL
demonstration: $(RUN_READY)
	$(PY) manage.py migrate
else
demonstration: $(RUN_READY) | $(DEMONSTRATION)
	DATABASE_URL=sqlite:///$(DEMONSTRATION) $(PY) manage.py migrate
endif

# Made under another name and then renamed, so that an interrupted year is never shown.
$(DEMONSTRATION): export DATABASE_URL = sqlite:///$(BEING_MADE)
$(DEMONSTRATION): | $(RUN_READY)
	@mkdir -p $(@D) && rm -f $(BEING_MADE)*
	$(PY) manage.py migrate
	$(PY) manage.py seed reference
	$(PY) manage.py seed demo
	$(PY) -c 'import sqlite3; sqlite3.connect("$(BEING_MADE)").execute("PRAGMA wal_checkpoint(TRUNCATE)")'
	mv $(BEING_MADE) $@ && rm -f $(BEING_MADE)*

# ---------------------------------------------------------------- what is checked

test: check unit coverage browser-tests

check: format lint types arrows generated

format: $(TEST_READY)
	$(PY) -m ruff format --check .

lint: $(TEST_READY)
	$(PY) -m ruff check .

types: $(TEST_READY)
	$(PY) -m mypy

arrows: $(TEST_READY)
	$(VENV)/bin/lint-imports --no-logo

generated: $(TEST_READY)
	$(PY) -m tools.generate --check

UNIT := $(PY) -m pytest --ignore=tests/browser -n $(WORKERS) --dist loadfile --no-loadscope-reorder

unit: covered uncovered

# Every line and branch of the rules and the actions is run by these.
covered: $(TEST_READY)
	@rm -f .coverage .coverage.*
	$(UNIT) tests/models tests/seed -m covered --cov --cov-report=

uncovered: $(TEST_READY)
	$(UNIT) -m 'not covered'

browser:
	@{ $(HAS_BROWSER); } \
		|| { $(MAY_INSTALL) && $(APT_UPDATE) && $(APT_INSTALL) $(BROWSER_PACKAGES); } \
		|| { echo 'The browser tests need Chromium and Chinese fonts; $(ASK) $(APT_INSTALL) $(BROWSER_PACKAGES)'; exit 1; }

browser-tests: $(TEST_READY) browser
	$(PY) -m pytest tests/browser -n $(WORKERS) --dist loadfile

coverage: $(TEST_READY)
	$(PY) -m coverage report --fail-under=100

bench: $(TEST_READY)
	$(PY) -m bench

# ---------------------------------------------------------------- what is made by hand

tidy: $(TEST_READY)
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

COMPILE := $(PY) -m uv pip compile pyproject.toml --quiet --no-config --universal \
	--python-version 3.11 --generate-hashes --custom-compile-command 'make lock'

lock: $(TEST_READY)
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --extra dev --extra bench --constraint requirements.txt --output-file requirements-dev.txt

words: $(TEST_READY)
	$(PY) -m components.catalogues

# The pictures in docs/screenshots, taken of the demonstration.
screenshots: $(TEST_READY) browser demonstration
	$(PY) -m tests.browser.screenshots

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis .coverage*
