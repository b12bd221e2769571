# Two commands: `make demo` and `make test`. Both do all their set-up. `make help` names the others.
.DEFAULT_GOAL := help
.PHONY: help setup demo up test rabbitmq4 check faults mutants rules fast lint types imports format lock clean

# What pytest has rewritten is kept: made anew it is half of the collection, in every worker.
unexport PYTHONDONTWRITEBYTECODE

PYTEST = .venv/bin/python -m pytest
JOBS = 3
ALONE = not slow and not broker and not postgres and not faults and not mail
BOTH_CORES = -n auto --maxprocesses 4 --dist loadfile

help: ## This list
	@sed -n 's/^\([a-z0-9]*\):.*## /\1\t/p' Makefile | expand -t 10

setup: ## The virtual environment, RabbitMQ and PostgreSQL, if they are missing
	@deploy/setup/setup.sh test

demo: ## A season of two organisations by real processes; ONCE=1 ends after the story
	@deploy/setup/setup.sh demo
	@exec .venv/bin/comunita demo $(if $(ONCE),--once)

up: ## The organisation of the environment, all processes in the foreground
	@deploy/setup/setup.sh demo
	@exec .venv/bin/comunita up

test: ## Every test, on SQLite and PostgreSQL, against private RabbitMQ nodes; JOBS=0 in one process
	@deploy/setup/setup.sh test
	$(PYTEST) -n $(JOBS) --dist loadfile

rabbitmq4: ## A RabbitMQ 4 beside the system's, and the tests that need one; `make test` runs them then
	@deploy/setup/setup.sh test
	@deploy/setup/rabbitmq4.sh
	$(PYTEST) -m rabbitmq4

faults: ## The fault suite with 20 seeds of every failpoint
	@deploy/setup/setup.sh test
	.venv/bin/python -m tests.faults.campaign --seeds $${FAULT_SEEDS:-20}
	$(PYTEST) tests/faults -k "not acknowledged_is_stored"

mutants: ## Every small mistake in the rules, and which of them no test sees; FILES=services/intake/isee.py
	@deploy/setup/setup.sh check
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r tests/mutants/requirements.lock
	nice -n 10 .venv/bin/python -m tests.mutants $(FILES)

check: lint types imports rules ## Lint, types, import contracts and the rules: less than two minutes

rules: ## The tests that write nothing to the disk
	@deploy/setup/setup.sh check
	$(PYTEST) $(BOTH_CORES) -m "$(ALONE) and not disk"

fast: ## The tests that start no server
	@deploy/setup/setup.sh check
	$(PYTEST) $(BOTH_CORES) -m "$(ALONE)"

lint: ## Ruff: rules and format
	@deploy/setup/setup.sh check
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: ## mypy, strict
	@deploy/setup/setup.sh check
	.venv/bin/mypy

imports: ## Import contracts: services apart, rules without frameworks, layers of the kernel
	@deploy/setup/setup.sh check
	.venv/bin/lint-imports --no-cache

format: ## Let ruff put the code into form
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lock: ## Write requirements.lock anew from requirements.in, in a clean environment
	@deploy/setup/lock.sh

clean: ## Take away the virtual environment and all data of runs
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build *.egg-info
