# One command each. `make run` and `make test` set up what they need first, and do that fast when nothing changed.
.PHONY: run app setup setup-test test check tests desktop-tests own-coverage conformance bench screenshots translations menu-entry clean
PYTHON_IN_ENVIRONMENT := .venv/bin/python
DESKTOP := tests/tools/with_desktop
PICTURES := dialog queue desk-overview desk-log desk-rules desk-servers

run: setup  ## see it work: the app, a small server, a scripted agent and one question for you
	.venv/bin/approver demo

app: setup  ## start the app with your own configuration (ARGS="serve" and the like pass on)
	.venv/bin/approver $(ARGS)

setup:
	@packaging/setup.sh run

setup-test:
	@packaging/setup.sh test

test: check  ## everything that has to hold
	@$(MAKE) --no-print-directory --jobs=2 --output-sync tests conformance own-coverage
	@$(MAKE) --no-print-directory desktop-tests  # alone: people's patience is measured there

check: setup-test  ## form, lint, types, who imports whom: fast, no test runs
	$(PYTHON_IN_ENVIRONMENT) -m ruff format --check .
	$(PYTHON_IN_ENVIRONMENT) -m ruff check .
	$(PYTHON_IN_ENVIRONMENT) -m mypy
	.venv/bin/lint-imports

tests: setup-test  ## the tests that need no screen
	$(PYTHON_IN_ENVIRONMENT) -m pytest

desktop-tests: setup-test  ## the tests that need a window manager, a tray, notifications and a keyring
	$(DESKTOP) $(PYTHON_IN_ENVIRONMENT) -m pytest -m desktop

own-coverage: setup-test  ## policy/ and the gate: every branch, by their own tests
	$(PYTHON_IN_ENVIRONMENT) tests/tools/own_coverage.py

conformance: setup-test  ## the protocol's official suite, against a server of our own and what stands before it
	$(PYTHON_IN_ENVIRONMENT) -m pytest -m conformance tests/conformance

bench: setup-test  ## what Approver adds to a call, against the bare server
	$(PYTHON_IN_ENVIRONMENT) bench/stdio.py
	$(PYTHON_IN_ENVIRONMENT) bench/over_http.py
	$(PYTHON_IN_ENVIRONMENT) bench/waiting.py
	$(DESKTOP) $(PYTHON_IN_ENVIRONMENT) bench/desktop.py
	$(PYTHON_IN_ENVIRONMENT) bench/log_page.py
	$(PYTHON_IN_ENVIRONMENT) bench/waiting_calls.py

screenshots: setup-test  ## draw every window into build/screenshots, and take the README's pictures from there
	$(DESKTOP) $(PYTHON_IN_ENVIRONMENT) tests/tools/screenshots.py build/screenshots
	for picture in $(PICTURES); do cp build/screenshots/$$picture-light.png build/screenshots/$$picture-dark.png resources/screenshots/ || exit 1; done

TRANSLATIONS := $(wildcard resources/translations/approver_*.ts)
translations: setup-test  ## take new words into resources/translations, where they wait to be translated, and compile all
	for file in $(TRANSLATIONS); do \
	  .venv/bin/pyside6-lupdate -silent -locations none -no-obsolete approver/ui/*.py approver/approvals/*.py -ts $$file && \
	  .venv/bin/pyside6-lrelease -silent -nounfinished $$file -qm $${file%.ts}.qm || exit 1; done

DATA_HOME := $(or $(XDG_DATA_HOME),$(HOME)/.local/share)
menu-entry: setup  ## show Approver among the desktop's applications
	install -d $(DATA_HOME)/applications $(DATA_HOME)/icons/hicolor/scalable/apps
	sed 's|^\(TryExec\|Exec\)=approver|\1=$(CURDIR)/.venv/bin/approver|' packaging/approver.desktop > $(DATA_HOME)/applications/approver.desktop
	install -m 644 resources/icons/approver.svg $(DATA_HOME)/icons/hicolor/scalable/apps/approver.svg

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage* *.egg-info
	find approver tests -name __pycache__ -type d -prune -exec rm -rf {} +
