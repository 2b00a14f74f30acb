# Everything a reader, a teacher or an author does with the course.
# A bare `make` lists the targets; README.md says when to use which.

SHELL := /bin/bash
.DEFAULT_GOAL := list

VENV ?= .venv
# What make setup installs: everything, or with PINS=requirements-reader.txt what a reader needs and no more.
PINS ?= requirements.txt
PORT ?= 8888
BIN := $(VENV)/bin
PAGE := _build/html/index.html
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What make needs to know about free space, in megabytes.
SPACE_SETUP := 3000
SPACE_BOOK := 300

# The value of a variable for the shell, just as it was typed: a file may be called Mia's $5 list.xlsx.
as_typed = '$(subst ','\'',$(value $(1)))'

define enough_space
	free=$$(df -Pm . | awk 'NR==2 {print $$4}'); \
	if [ "$$free" -lt $(1) ]; then \
	  echo "The disk has $$free MB left and this needs about $(1) MB: free some space, then run make again." >&2; exit 1; fi
endef

.PHONY: list setup book site pdf test slowest quick lab data recovery template mapping bench notebooks student slides contest picture clean playbook wheel release touched doctor marks pins audit

list: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "The first run sets up a Python environment in $(VENV); PYTHON=… chooses the Python."

# The environment is made once, and again only when the pins or the package's definition change.
# A shared copy, which its readers cannot write to, is used as it was set up.
setup: ## set up the Python environment (the others do it by themselves)
	@if [ ! -w . ] && [ -e $(VENV)/setup-done ]; then exit 0; fi; \
	cat "$(PINS)" pyproject.toml > .setup-wanted 2>/dev/null || { [ -r "$(PINS)" ] || { echo "There is no file $(PINS): take PINS=requirements-reader.txt, or leave PINS out." >&2; rm -f .setup-wanted; exit 1; }; echo "This folder cannot be written to: copy the course to one that can." >&2; exit 1; }; \
	if cmp -s .setup-wanted $(VENV)/setup-done; then rm -f .setup-wanted; exit 0; fi; \
	trap 'rm -f .setup-wanted' EXIT; \
	$(call enough_space,$(SPACE_SETUP)); \
	if [ ! -x $(BIN)/python ]; then \
	  found=""; asked="$(PYTHON)"; \
	  for python in $${asked:-python3.11 python3.12 python3.13 python3 python}; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    if [ -n "$$asked" ]; then echo "PYTHON=$$asked is not a Python 3.11 or newer: name one that is." >&2; \
	    else echo "The course needs Python 3.11 or newer and finds none: install it, or name it with make PYTHON=/path/to/python3.11." >&2; fi; \
	    exit 1; fi; \
	  echo "Setting up $(VENV) with $$($$found --version); this takes a few minutes, once."; \
	  "$$found" -m venv $(VENV) || { rm -rf $(VENV); echo "This Python cannot make a virtual environment: install its venv module (on Debian: python3-venv)." >&2; exit 1; }; \
	fi; \
	$(BIN)/python -m pip install --quiet -r "$(PINS)" \
	  && $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . \
	  || { echo "The packages could not be installed: the lines above say which. Check the network and the free space, then run make again." >&2; exit 1; }; \
	cp .setup-wanted $(VENV)/setup-done

# It sets nothing up: it is for a machine on which that fails, so any Python will do.
doctor: ## say what this machine has and lacks for the course; nothing is installed or written
	@for python in $(BIN)/python $(PYTHON) python3.11 python3.12 python3.13 python3 python; do \
	  if "$$python" -c '' 2>/dev/null; then PYTHONPATH=utils exec "$$python" -B -m liveshop.environment; fi; \
	done; echo "The course needs Python 3.11 or newer and finds none: install it, or name it with make doctor PYTHON=/path/to/python3.11." >&2; exit 1

# What the notebooks gave is kept in _build/.jupyter_cache until their code, the package, the data or the pins change.
book: setup ## build the book and say where its first page is
	@$(call enough_space,$(SPACE_BOOK))
	@$(BIN)/jupyter-book build -W -n --keep-going . || { echo "The book was not built: the warnings and errors above say why." >&2; exit 1; }
	@echo; echo "The book is ready. Open this page in a browser:"; echo "  $(CURDIR)/$(PAGE)"

site: book $(if $(filter-out 0,$(LITE)),wheel) ## make the book as a site that also works without a network: _build/site/, _build/site.zip (LITE=1: sections run in the reader's browser, [PYODIDE=folder or address])
	@$(BIN)/python -m liveshop.editions site $(if $(filter-out 0,$(LITE)),--lite dist/*.whl $(if $(value PYODIDE),--pyodide $(call as_typed,PYODIDE)))

pdf: book ## make the book as a PDF (needs Chromium): _build/book.pdf
	@$(BIN)/python -m liveshop.editions pdf

test: setup ## run the test suite, but for make slowest (TESTS=tests/test_metrics.py for a part)
	@LIVESHOP_MEDIUM=opening $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -q -m "not slowest" $(TESTS)

slowest: setup ## run the slowest tests: whole chapters graded, whole exports run
	@LIVESHOP_MEDIUM=opening $(BIN)/python -m pytest -n 2 --dist loadfile -q -m slowest tests

quick: setup ## run the quick tests alone and the checks of style and imports, for daily work
	@$(BIN)/python -m ruff check --quiet .
	@$(BIN)/lint-imports --cache-dir _build/import-linter >/dev/null || { $(BIN)/lint-imports --no-cache; exit 1; }
	@LIVESHOP_MEDIUM=opening $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q -m "not slow and not slowest" $(TESTS)

# .jupyter/ puts away what a learner without a class does not need: nbgrader's menu and button, Jupyter's news.
lab: setup ## open JupyterLab on the notebooks (PORT=8889 for another port; CLASS=my-class for a class, with nbgrader's menu)
	@[[ "$(PORT)" =~ ^[0-9]{1,5}$$ ]] || { echo "PORT=$(PORT) is not a number: write it like make lab PORT=8889." >&2; exit 1; }
	@$(BIN)/python -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int(sys.argv[1])))' $(PORT) 2>/dev/null \
	  || { echo "Port $(PORT) is busy or not allowed: choose another with make lab PORT=$$(( (10#$(PORT) + 1) % 65536 ))." >&2; exit 1; }
	@class=$(call as_typed,CLASS); jupyter="$(abspath $(BIN))/jupyter"; \
	if [ -z "$$class" ] && [ ! -w notebooks ]; then \
	  echo "These notebooks cannot be written to: copy them to a folder of yours, and name it with make lab CLASS=…" >&2; exit 1; \
	elif [ -z "$$class" ]; then \
	  export JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}"; first=/lab/tree/notebooks; \
	elif cd "$$class" 2>/dev/null; then first=/lab; \
	else echo "There is no folder $$class: make it as the page on teaching says, and name it with CLASS=." >&2; exit 1; fi; \
	"$$jupyter" lab --notebook-dir=. --ServerApp.default_url=$$first --port=$(PORT) --ServerApp.port_retries=0 $$([ "$$(id -u)" = 0 ] && echo --allow-root)

data: setup ## make the tables in data/ again (SEED=… for another world)
	@$(BIN)/python -m liveshop.world --out data $(if $(SEED),--seed $(SEED))

recovery: setup ## run the course's estimates over twenty simulated seasons: data/recovered.json
	@$(BIN)/python -m liveshop.world.recovery --out data

template: setup ## run a section on your data: SECTION=5.4 DATA=export.xlsx [MAPPING=map.yml] [OUT=folder] [KEY=file]
	@$(BIN)/python -m liveshop.editions template --section $(call as_typed,SECTION) --data $(call as_typed,DATA) \
	  $(if $(value MAPPING),--mapping $(call as_typed,MAPPING)) $(if $(value OUT),--out $(call as_typed,OUT)) $(if $(value KEY),--key $(call as_typed,KEY))

mapping: setup ## draft a mapping for your export: DATA=export.xlsx [OUT=map.yml] [TABLE=orders]
	@$(BIN)/python -m liveshop.editions mapping --data $(call as_typed,DATA) $(if $(value OUT),--out $(call as_typed,OUT)) $(if $(value TABLE),--table $(call as_typed,TABLE))

bench: setup ## measure the speeds that the course promises, each with its limit
	@$(BIN)/python tests/benchmark.py

notebooks: setup ## run the committed notebooks again and bring their prose numbers up to date
	@$(BIN)/python -m liveshop.editions refresh notebooks/*.ipynb

marks: setup ## write a class's marks for a grade book: CLASS=my-class FOR=canvas or moodle [LIST=export.csv] [OUT=marks.csv]
	@[ -n $(call as_typed,CLASS) ] && [ -n $(call as_typed,FOR) ] || { echo "Say which class and which grade book: make marks CLASS=my-class FOR=canvas (or FOR=moodle)." >&2; exit 1; }
	@$(BIN)/python -m liveshop.editions marks --folder $(call as_typed,CLASS) --for $(call as_typed,FOR) \
	  $(if $(value LIST),--list $(call as_typed,LIST)) $(if $(value OUT),--out $(call as_typed,OUT))

student: setup ## make the student edition in student/
	@$(BIN)/python -m liveshop.editions student notebooks/*.ipynb

slides: setup ## make slides to show in class, one page a chapter, in slides/
	@$(BIN)/python -m liveshop.editions slides notebooks/*.ipynb

contest: setup ## rank the class's strategies for the capstone: [FOLDER=strategies] [SEEDS=200] [SECONDS=60] [SEED=…]
	@$(BIN)/python -m liveshop.editions contest $(if $(value FOLDER),$(call as_typed,FOLDER)) $(if $(value SEEDS),--seeds $(call as_typed,SEEDS)) \
	  $(if $(value SECONDS),--seconds $(call as_typed,SECONDS)) $(if $(value SEED),--seed $(call as_typed,SEED))

playbook: setup ## put your filled cards into one document: [FOLDER=my-playbook] [OUT=file.docx] [BLANK=1]
	@$(BIN)/python -m liveshop.editions playbook $(if $(value FOLDER),--folder $(call as_typed,FOLDER)) \
	  $(if $(value OUT),--out $(call as_typed,OUT)) $(if $(filter-out 0,$(BLANK)),--blank)

wheel: setup ## make the wheel of the package, with notebooks and data, in dist/
	@rm -rf build dist
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist . && rm -rf build
	@echo "Made $$(echo dist/*.whl). It installs the course anywhere: pip install \"$$(echo dist/*.whl)[lab]\""

pins: setup ## write requirements-reader.txt anew, after requirements.txt has changed
	@$(BIN)/python tests/pins.py

audit: setup ## ask the advisories on PyPI about every pin, by pip-audit in an environment of its own (needs the network)
	@$(BIN)/python tests/audit.py

picture: book ## take the picture of README.md anew from the book
	@$(BIN)/python tests/picture.py

# Checked first, since what is built takes minutes.
release: setup ## make all files of a release, with notes and checksums, in dist/ (TAG=v1.2.3 is held against the version)
	@$(BIN)/python tests/release.py check $(call as_typed,TAG)
	@$(MAKE) --no-print-directory wheel site pdf
	@$(MAKE) --no-print-directory playbook OUT=_build/playbook.docx BLANK=1
	@$(BIN)/python tests/release.py gather $(call as_typed,TAG)

touched: setup ## list the pages of the book that a change touches (SINCE=main)
	@$(BIN)/python tests/touched.py $(if $(value SINCE),$(call as_typed,SINCE),main)

clean: ## remove what was built (not the environment)
	@rm -rf _build build dist student slides my-run .pytest_cache .hypothesis
