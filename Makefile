# `make demo`, `make check` (two minutes), `make test` (the whole) and `make test-cluster`. Each sets itself up on a fresh machine with Python 3.11 to 3.13.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
AXE := tests/dashboard/axe/node_modules
REPLAY := tests/pipeline/archive/replay
OTHER_DUCKDB := tests/pipeline/published/other_duckdb
RUN := $(VENV)/bin/
# For the whole: one process of tests more than there are processors, four at most, since many tests wait.
PROCESSES := $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? cores + 1 : 4)))
# Compiled modules are kept: the tests start hundreds of processes, and each would compile them anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo check test test-cluster cluster-ray cluster-stored lint types contracts fast unit fuzz soak bench bench-crawl bench-dashboard screenshots lock clean

demo: $(VENV)/.installed
	$(RUN)rumortrail demo

# All but the tests that drive a browser, ask a server, start a process or take long. The parts run side by side, and a
# fault of one does not end the others.
check: $(VENV)/.installed-dev
	@echo "Lint, types, contracts and the fast tests run side by side; each tells what it found when it ends"
	@$(MAKE) --no-print-directory --jobs=4 --keep-going $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) \
		lint types contracts fast

# Side by side, too; pytest shows how far it is.
test: $(VENV)/.installed-dev $(VENV)/.installed-pytorch
	@$(MAKE) --no-print-directory --jobs=2 --keep-going lint types contracts unit

lint: $(VENV)/.installed-dev
	$(RUN)ruff check .
	@! grep -rnE --include='*.sql' --exclude='000[0-9]_*' --exclude='001[0-3]_*' '^.{111}' pipeline crawlers models dashboard || { echo "SQL lines end at column 110"; exit 1; }

types: $(VENV)/.installed-dev
	$(RUN)mypy

contracts: $(VENV)/.installed-dev
	$(RUN)lint-imports

fast: $(VENV)/.installed-dev
	$(RUN)pytest -q -n auto --maxprocesses 4 -m "not browser and not server and not process and not slow"

unit: $(VENV)/.installed-dev $(AXE) $(REPLAY)/venv/.installed
	$(RUN)pytest -n $(PROCESSES) -m "not other_duckdb"

# On a Ray cluster of several processes here, and beside it on PostgreSQL and an S3 server: both wait much.
# RUMORTRAIL_CLUSTER_KILLS=50 kills more of the cluster's workers, and PostgreSQL as often. A cluster has another DuckDB than
# a single machine, so the pages are tried once more; and the public views with DuckDB 2.
STORED := tests_cluster/lake tests_cluster/crawl/test_storage.py
VIEWS := tests/dashboard/views tests/pipeline/published/test_other_duckdb.py
test-cluster: $(VENV)/.installed-cluster
	@echo "The tests of the cluster and those of what is stored run side by side; each tells what it found when it ends"
	@$(MAKE) --no-print-directory --jobs=2 --keep-going $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) \
		cluster-ray cluster-stored

cluster-ray: $(VENV)/.installed-cluster
	$(RUN)pytest -n 0 --durations=10 tests_cluster $(STORED:%=--ignore=%)

cluster-stored: $(VENV)/.installed-cluster $(OTHER_DUCKDB)/package/.installed
	$(RUN)pytest -n 0 --durations=10 $(STORED) $(VIEWS)

# Ten minutes of random inputs for every reader of what strangers send; an hour of kills at any moment.
fuzz: $(VENV)/.installed-dev
	RUMORTRAIL_FUZZ_SECONDS=600 $(RUN)pytest -q --timeout=0 tests/hostile/test_fuzz.py

soak: $(VENV)/.installed-dev
	RUMORTRAIL_SOAK_KILLS=1000 $(RUN)pytest -q --timeout=0 tests/hostile/test_soak.py

# DATA=folder names the data sets; ARGS=--no-throughput and the like are passed on.
bench: $(VENV)/.installed-dev
	$(RUN)python -m benchmarks.quality.bench $(DATA) $(ARGS)

# ARGS=--memory and the like are passed on.
bench-crawl: $(VENV)/.installed-dev
	$(RUN)python -m benchmarks.speed.crawl $(ARGS)

# DATA=folder holds a published copy (python -m benchmarks.speed.sql_scale makes one); ARGS=--night adds ten readers.
bench-dashboard: $(VENV)/.installed-dev
	$(RUN)python -m benchmarks.speed.dashboard_speed $(DATA) $(ARGS)

screenshots: $(VENV)/.installed-dev
	$(RUN)python -m benchmarks.speed.screenshots

$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "Rumortrail needs Python 3.11, 3.12 or 3.13: install one, or run make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Every file is checked against its hash.
$(VENV)/.installed: $(VENV)/bin/pip pyproject.toml requirements.txt
	@echo "Installing Rumortrail into $(VENV) (a few minutes the first time)"
	$(RUN)pip install --require-hashes --no-deps --requirement requirements.txt
	$(RUN)pip install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/pip pyproject.toml requirements-dev.txt
	@echo "Installing Rumortrail and its test tools into $(VENV) (a few minutes the first time)"
	$(RUN)pip install --require-hashes --no-deps --requirement requirements-dev.txt
	$(RUN)pip install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.installed

# PyTorch comes by its range, since its right build depends on the machine. One for graphics cards takes 5 GB, and 3 GB
# while it is installed. Without it the tests of training and of other embedding models are passed over, and pytest says so.
$(VENV)/.installed-pytorch: $(VENV)/.installed-dev
	@{ [ $$(df -Pk $(VENV) | awk 'NR == 2 { print $$4 }') -gt 12000000 ] \
		&& $(RUN)pip install --quiet --no-build-isolation --editable '.[pytorch]' && touch $@; } \
		|| echo "PyTorch is not installed (it takes up to 12 GB of disk): the tests that need it are passed over"

$(VENV)/.installed-cluster: $(VENV)/.installed-dev requirements-cluster-dev.txt
	@echo "Installing what a cluster needs into $(VENV)"
	$(RUN)pip install --require-hashes --no-deps --requirement requirements-cluster-dev.txt
	@touch $@

# Writes the tested versions anew, after a change of the ranges in pyproject.toml; needs uv.
lock:
	for name in "" -dev -cluster -cluster-dev; do \
		case $$name in "") extras=;; -dev) extras="--extra dev";; -cluster) extras="--extra cluster";; \
			-cluster-dev) extras="--extra dev --extra cluster --group cluster-tests";; esac; \
		uv pip compile pyproject.toml $$extras --group build --universal --python-version 3.11 --generate-hashes \
			--no-emit-package torch --no-annotate --no-header --quiet --output-file requirements$$name.txt || exit 1; done
	uv pip compile --group replay --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--quiet --output-file $(REPLAY)/requirements.txt
	uv pip compile --group other-duckdb --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--quiet --output-file $(OTHER_DUCKDB)/requirements.txt

# axe-core looks at every page in the browser tests; without npm that one look is passed over, and pytest says so.
$(AXE): tests/dashboard/axe/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix tests/dashboard/axe --ignore-scripts --no-audit --no-fund && touch $@; fi

# wacz and pywb, which open evidence in the tests; without them these tests are passed over, and pytest says so.
$(REPLAY)/venv/.installed: $(VENV)/bin/pip $(REPLAY)/requirements.txt
	@{ $(PYTHON) -m venv $(REPLAY)/venv && \
		$(REPLAY)/venv/bin/pip install --quiet --require-hashes --requirement $(REPLAY)/requirements.txt && touch $@; } \
		|| { rm -rf $(REPLAY)/venv; echo "wacz and pywb cannot be installed here: their tests are passed over"; }

# The DuckDB after the one that is installed, which the tests of the public views take in its place; without it that is passed over.
$(OTHER_DUCKDB)/package/.installed: $(VENV)/bin/pip $(OTHER_DUCKDB)/requirements.txt
	@rm -rf $(OTHER_DUCKDB)/package
	@$(RUN)pip install --quiet --require-hashes --no-deps --target $(OTHER_DUCKDB)/package --requirement $(OTHER_DUCKDB)/requirements.txt && touch $@ \
		|| { rm -rf $(OTHER_DUCKDB)/package; echo "Another DuckDB cannot be installed here: the tests with it are passed over"; }

clean:
	rm -rf $(VENV) $(AXE) $(REPLAY)/venv $(OTHER_DUCKDB)/package .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
