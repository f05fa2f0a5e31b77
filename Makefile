# What one does with the house. Needs python3 (with venv), make and git; `make help` lists the rest.
PYTHON ?= python3
V := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
FRONT := .venv/.front

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run install test check fix templates migration i18n permissions mails pictures icons lock bench bench-against clean

help: ## List what `make` can do
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install ## Install what is missing, then start the network on http://localhost:8000
	@scripts/start

install: .venv/.run $(FRONT) $(CATALOGUES) ## Install what `make run` needs, and start nothing

test: install .venv/.test ## Everything that must hold: format, types, imports, tests, journeys
	@scripts/test

check: install .venv/.test ## The quick part of `make test`: format, lint, types, imports
	@scripts/check

fix: .venv/.test ## Format the code and the templates, and repair what can be
	$(V)/ruff check --fix .
	$(V)/ruff format .
	$(V)/djlint --reformat --quiet templates
	$(V)/djlint --reformat --quiet templates -e jinja

migration: install ## Write a migration for what changed in the models: make migration m="Add the phone"
	@test -n "$(m)" || { echo 'say what it does: make migration m="Add the phone"'; exit 1; }
	$(V)/cpts-net db upgrade
	$(V)/cpts-net db migrate -m "$(m)" --rev-id "$$(printf '%04d' $$(( $$(ls migrations/versions/*.py | wc -l) + 1 )))"

i18n: .venv/.test ## Bring the catalogues in line with the texts in the code
	$(V)/python scripts/i18n.py

permissions: .venv/.test ## Write docs/permissions.md from the policies
	$(V)/python -m scripts.permissions

mails: install .venv/.test ## Write tests/notices/golden anew: every mail of the product, to be read
	$(V)/python -m pytest -q tests/notices/test_golden.py --rewrite-mails

pictures: install .venv/.test ## Take the pictures of docs/images from a demonstration; one alone: make pictures ONLY=board
	$(V)/python -m scripts.pictures $(ONLY)

icons: install .venv/.test ## Draw static/icons from static/icon.svg, for devices that install the network
	$(V)/python -m scripts.icons

lock: .venv/.test ## Lock the newest packages that pyproject.toml allows, with their hashes
	$(V)/python scripts/lock.py

bench: install .venv/.test ## Measure every page, pushes, writes and starts; writes docs/performance.md
	$(V)/python -m bench --write

bench-against: install .venv/.test ## Measure pages beside those of an earlier commit: make bench-against COMMIT=abc123
	@test -n "$(COMMIT)" || { echo 'say which: make bench-against COMMIT=abc123'; exit 1; }
	$(V)/python -m bench --against $(COMMIT)

clean: ## Remove what was installed and built; data under var/ stays
	rm -rf .venv node_modules static/vendor $(CATALOGUES)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements.txt pyproject.toml | .venv/bin/python
	$(V)/pip install --quiet --require-hashes -r requirements.txt
	$(V)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: requirements-dev.txt .venv/.run
	$(V)/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(FRONT): package.json package-lock.json scripts/front | .venv/bin/python
	scripts/front
	@touch $@

%.mo: %.po .venv/.run
	$(V)/pybabel -q compile -i $< -o $@
