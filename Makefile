# Pilot Watch. `make run` and `make test` do all set-up themselves.

VENV := .venv
PY   := $(VENV)/bin/python
PW   := $(VENV)/bin/pilotwatch

.PHONY: run test env lint bench screenshots clean

# Makes the environment, fills an empty store with the demo city and serves the app.
run: env
	@$(PW) demo --if-empty
	@$(PW) serve

# Installs what the tests need (Chromium, a CJK font, PostgreSQL) and runs them all.
test: $(VENV)/.dev
	@tools/system-packages
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports
	$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

# Builds .venv with .venv/bin/pilotwatch in it, from the lock file.
env: $(VENV)/.run

$(VENV)/.run: pyproject.toml uv.lock tools/uv
	@tools/uv sync --frozen --inexact --no-dev --quiet
	@touch $@

$(VENV)/.dev: pyproject.toml uv.lock tools/uv
	@tools/uv sync --frozen --quiet
	@touch $@ $(VENV)/.run

lint: $(VENV)/.dev
	$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(VENV)/bin/lint-imports

# Measures speed and memory as ratios in one run and writes docs/performance.md.
bench: $(VENV)/.dev
	$(PY) -m bench $(ARGS)

# Takes the pictures of the README and docs from a fresh demo city.
screenshots: $(VENV)/.dev
	@tools/system-packages
	$(PY) -m tests.browser.screenshots

clean:
	rm -rf $(VENV) .uv var dist
