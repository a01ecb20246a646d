# Needs Python 3.11 or newer and brings all else: `make run` starts it, `make test` proves it.
PYTHON ?= $(or $(shell for it in python3.11 python3.12 python3.13 python3; do \
	$$it -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$it && break; \
	done),python3.11)
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Says what is being done and how long it took; what the command prints only where it fails.
STEP := $(PYTHON) -m deploy.ops.step
# Every worker and every part that tests start would compile all there is, again and again.
unexport PYTHONDONTWRITEBYTECODE
.NOTPARALLEL:
.PHONY: run test prove check unit fleet format bench fuzz web web-dev browser tesseract provider \
	pgbouncer postgresql prometheus crds wheel

# Everything on this machine, until Ctrl-C; `make run ARGS=--no-demo` and the like.
run: web
	@exec beleg up $(ARGS)

# The web app as it is being written, at the backend that `make run` or BELEG_BFF_URL has.
web-dev: bff/web/node_modules/installed
	@cd bff/web && exec npm run dev

test: web browser tesseract provider pgbouncer postgresql prometheus crds
	python -m tests

# What proves more and takes longer than the tests: before an issue is called resolved.
EXAMPLES := 600
prove: web
	@$(STEP) "Installing what speed is compared with" pip install --require-hashes -r requirements-bench.lock
	@$(STEP) "Installing the fuzzer" pip install --require-hashes -r requirements-fuzz.lock
	@$(STEP) "Timing each operation over both versions" python -m tests.bench --latency
	@$(STEP) "Sending both faces $(EXAMPLES) made-up requests an operation" \
		env BELEG_TEST_EXAMPLES=$(EXAMPLES) python -m pytest -q -n 2 \
		tests/contracts/test_schemathesis.py tests/bff/test_hostile.py
	@$(STEP) "Replaying what was promised on databases of every age" \
		env BELEG_TEST_EVERY=1 BELEG_TEST_COLD=1 python -m pytest -q -n 2 tests/contracts/test_replay.py
	@$(STEP) "Reading every company's papers" \
		env BELEG_TEST_EVERY=1 python -m pytest -q -n 2 tests/core
	env BELEG_TEST_COLD=1 python -m pytest -q -s tests/prove/prove_*.py
	@$(STEP) "Letting every parser meet a minute of hostile files" python -m tests.fuzz --minutes 7
	python -m tests.attack $(ARGS)

# Style, types, and who may import whom.
check: .venv/installed
	ruff check .
	ruff format --check .
	mypy
	lint-imports

unit: .venv/installed
	python -m pytest -m unit -q -n 2

# This build's migrations on a scratch fleet of the build before: `make fleet ARGS="--instances 20"`.
fleet: .venv/installed
	python -m tests.scratch_fleet $(ARGS)

# What to install where there is no repository: `pip install dist/beleg-*.whl` beside requirements.lock.
wheel: web
	@rm -rf build dist
	@$(STEP) "Building the wheel" env \
		SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct 2>/dev/null || echo 315532800) \
		pip wheel --no-deps --no-build-isolation --wheel-dir dist .
	@rm -rf build

format: .venv/installed
	ruff format .
	ruff check --fix .

bench: .venv/installed
	@$(STEP) "Installing what speed is compared with" pip install --require-hashes -r requirements-bench.lock
	python -m tests.bench $(ARGS)

# Hostile files made by the million, an hour of them: `make fuzz ARGS="--minutes 5 --parser camt"`.
fuzz: .venv/installed
	@$(STEP) "Installing the fuzzer" pip install --require-hashes -r requirements-fuzz.lock
	python -m tests.fuzz $(ARGS)

web: bff/web/dist/index.html

browser: .venv/installed
	@python -m tests.browser

tesseract: .venv/installed
	@python -m tests.tesseract

pgbouncer: .venv/installed
	@python -m tests.pgbouncer

# The distribution's own, which is older than ours and has TLS.
postgresql: .venv/installed
	@python -m tests.distribution

# Whose promtool tries the alerts; the dashboards' proof runs it.
prometheus: .venv/installed
	@python -m tests.prometheus

# The OpenID provider that the tests sign in to.
provider: tests/openid/node_modules/installed

# The locked packages with their hashes, then the project itself, editable.
.venv/installed: requirements-dev.lock pyproject.toml
	@$(STEP) "Making an environment for Python in .venv" $(PYTHON) -m venv .venv
	@$(STEP) "Installing the Python packages" pip install --require-hashes -r requirements-dev.lock
	@$(STEP) "Installing Beleg" pip install --no-deps --no-build-isolation --editable .
	@touch $@

# The machine's Node where Vite runs on it, else one from its own lock.
NODE_FITS = const [a, b] = process.versions.node.split(".").map(Number); \
	process.exit(a > 22 || (a == 22 && b >= 12) || (a == 20 && b >= 19) ? 0 : 1)
.venv/node: requirements-node.lock | .venv/installed
	@command -v npm >/dev/null && node -e '$(NODE_FITS)' || $(STEP) "Installing Node" \
		pip install --require-hashes -r requirements-node.lock
	@touch $@

bff/web/node_modules/installed: bff/web/package-lock.json .venv/node
	@$(STEP) "Installing the web app's packages" npm --prefix bff/web ci
	@touch $@

# What Kubernetes itself does not know, defined by those who do.
crds: tests/crds/node_modules/installed

tests/crds/node_modules/installed: tests/crds/package-lock.json .venv/node
	@$(STEP) "Installing the definitions of others' Kubernetes objects" npm --prefix tests/crds ci
	@touch $@

tests/openid/node_modules/installed: tests/openid/package-lock.json .venv/node
	@$(STEP) "Installing the OpenID provider of the tests" npm --prefix tests/openid ci
	@touch $@

WEB_SOURCES := $(shell find bff/web -name node_modules -prune -o -name dist -prune -o -type f -print)
bff/web/dist/index.html: $(WEB_SOURCES) bff/web/node_modules/installed
	@$(STEP) "Building the web app" npm --prefix bff/web run build
	@touch $@
