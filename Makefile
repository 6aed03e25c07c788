# make run, make test: all that a newcomer needs. PYTHON=python3.12 chooses an interpreter.
BIN := .venv/bin
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.PHONY: run test check bench evaluate requirements

run: .venv/.installed
	@$(BIN)/kulturlods up

test: .venv/.installed-dev
	@$(BIN)/python -m pytest

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/house

# The long edition of what make test does in short: 50 kills while 2,000 reminders go out. Some minutes.
faults: .venv/.installed-dev
	@$(BIN)/python -m pytest tests/faults -m slow

# Half an hour; ARGS=--quick takes some minutes.
bench: .venv/.installed-bench
	@$(BIN)/python -m benchmarks $(ARGS)

evaluate: .venv/.installed-dev
	@$(BIN)/python -m tests.evaluation

# The hashed list that the container installs. Needs uv; every version and hash is fixed, no address is written.
requirements:
	echo 'setuptools>=77' | uv pip compile - pyproject.toml --extra postgres --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade --quiet --output-file requirements.txt

# Installs read nothing and print to standard error: `printf 'question\n' | make run` belongs to the bot.
.venv/.installed: pyproject.toml | .venv/bin/python
	@echo 'Installing Kulturlods into .venv …' >&2
	@$(call install,.)
	@touch $@

.venv/.installed-dev: pyproject.toml | .venv/bin/python
	@echo 'Installing Kulturlods and its tools into .venv …' >&2
	@$(call install,.[dev])
	@touch .venv/.installed $@

define install
if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python --editable '$(1)'; \
else $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '$(1)'; fi </dev/null >&2
endef

.venv/.installed-bench: pyproject.toml | .venv/bin/python
	@echo 'Installing Kulturlods, its tools and the peers of its benchmarks into .venv …' >&2
	@$(call install,.[dev,bench])
	@touch .venv/.installed .venv/.installed-dev $@

.venv/bin/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if "$$python" -c '$(FITS)' 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	if command -v uv >/dev/null; then uv venv --quiet --seed $${found:+--python "$$found"} .venv </dev/null >&2; exit; fi; \
	if [ -z "$$found" ]; then echo 'Kulturlods needs Python 3.11, 3.12 or 3.13.' >&2; exit 1; fi; \
	if ! "$$found" -m venv .venv </dev/null >&2; then \
	  rm -rf .venv; echo "$$found cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; \
	fi
