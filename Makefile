# What a person does with this project. `make demo` and `make test` are all that a newcomer needs.
SWIFT ?= swift
BUILD ?= debug
BIN = .build/$(BUILD)/sync

.PHONY: demo test test-postgres fuzz-api sim sim-long relay-checks build release bench bench-check bench-baseline bench-build bench-tests profile-crypto vectors \
	format clean help

help:
	@echo "make demo     build, and play the main job: three devices, one relay, real records"
	@echo "make test     every test"
	@echo "make test-postgres  the relay's PostgreSQL store, on a server of its own that is gone afterwards"
	@echo "make fuzz-api a relay gets what docs/relay-api.yaml allows and what it does not:  make fuzz-api SECONDS=300 SEED=1234"
	@echo "make sim      random teams and accidents:  make sim MINUTES=10  or one again:  make sim SEED=1234"
	@echo "make sim-long so many of them, optimised:  make sim-long RUNS=1000 STEPS=5000"
	@echo "make relay-checks  a relay that is killed, listened to, attacked, out of disk, and filled with 10 million segments (5 GB of disk)"
	@echo "make release  a release build with a static standard library, in .build-static"
	@echo "make bench    this engine and its peers on the same work, one table:  make bench ONLY=W1,W8 RECORDS=10000 RUNS=5 DIR=/dev/shm"
	@echo "make bench-check  instructions that fixed workloads take, beside those of the baseline (needs valgrind)"
	@echo "make profile-crypto  what share of a client's time is cryptography (needs perf)"
	@echo "make vectors  check the golden vectors against the independent encoder (Python 3.11)"

demo: build
	@scripts/demo.sh $(BIN)

build: prerequisites
	@$(SWIFT) build --product sync

test: prerequisites
	@$(SWIFT) build --build-tests
	@status=0; \
	$(SWIFT) test --skip-build --skip '$(WITH_RELAY)' || status=$$?; \
	$(SWIFT) test --skip-build --filter '$(WITH_RELAY)' || status=$$?; \
	exit $$status

# In the same .build: what does not know the trait is not built again. The next plain build makes this project's own modules anew.
test-postgres: prerequisites
	@SWIFT="$(SWIFT)" scripts/test-postgres.sh

# Needs Python, and schemathesis of PyPI, which it puts below .build.
SECONDS ?= 60
fuzz-api: export FUZZ_SECONDS = $(SECONDS)
fuzz-api: export SEED := $(SEED)
fuzz-api: build
	@scripts/fuzz-api.sh

# Hashing is the same in every process, so that a seed is the same run.
MINUTES ?= 1
sim: export SWIFT_DETERMINISTIC_HASHING = 1
sim: export SIM_SECONDS = $(shell expr $(MINUTES) '*' 60)
sim: export SIM_SEED = $(SEED)
sim: prerequisites
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build --filter 'SimulationTests.*fresh seeds'

# Tests see into modules, which an optimised build does not let them by itself.
sim-long: export SWIFT_DETERMINISTIC_HASHING = 1
sim-long: export SIM_RUNS = $(or $(RUNS),10000)
sim-long: export SIM_STEPS = $(STEPS)
sim-long: export SIM_FIRST = $(FIRST)
sim-long: prerequisites
	@$(SWIFT) build --build-tests -c release -Xswiftc -enable-testing --scratch-path .build-sim
	@$(SWIFT) test -c release -Xswiftc -enable-testing --scratch-path .build-sim --skip-build --filter 'SimulationTests.*fresh seeds'

relay-checks: build
	@python3 scripts/relay-kills.py $(BIN)
	@python3 scripts/relay-live.py $(BIN)
	@python3 scripts/relay-attacks.py $(BIN)
	@python3 scripts/relay-full.py $(BIN)
	@python3 scripts/relay-large.py $(BIN)

# Relays in the tests' own process answer late where tests that compute hold every thread: these run by themselves.
WITH_RELAY = ^(ExchangeTests|SyncServerTests)\.

# Nothing is looked up by name in the program itself, so no symbol is exported; relocations are packed (glibc 2.36 or newer).
ifeq ($(shell uname),Linux)
RELEASE_FLAGS = -Xswiftc -L$(CURDIR)/.build-static/lib -Xswiftc -use-ld=lld -Xlinker --as-needed \
	-Xlinker --no-export-dynamic -Xlinker -z -Xlinker pack-relative-relocs -Xlinker -O2
endif

release: prerequisites
	@scripts/static-libraries.sh .build-static/lib
	@$(SWIFT) build -c release --product sync --static-swift-stdlib --scratch-path .build-static $(RELEASE_FLAGS)

# In the folder of the release, for what both need; with its versions.
BENCH_BUILD = $(SWIFT) build --package-path Benchmarks -c release --static-swift-stdlib --scratch-path .build-static $(RELEASE_FLAGS)
BENCH_PYTHON = .build-bench/venv/bin/python
BENCH_PROGRAMS = --sync .build-static/release/sync --driver .build-static/release/workloads

bench-build: release
	@cp Package.resolved Benchmarks/Package.resolved
	@$(BENCH_BUILD) --product workloads

$(BENCH_PYTHON): Benchmarks/requirements.txt
	@python3 -m venv .build-bench/venv
	@.build-bench/venv/bin/pip install --quiet -r Benchmarks/requirements.txt
	@touch $@

bench: bench-build $(BENCH_PYTHON)
	@$(BENCH_PYTHON) Benchmarks/run.py $(BENCH_PROGRAMS) $(if $(ONLY),--only $(ONLY)) $(if $(RECORDS),--records $(RECORDS)) \
		$(if $(RUNS),--runs $(RUNS)) $(if $(DIR),--dir $(DIR))

bench-check: bench-build
	@python3 Benchmarks/check.py $(BENCH_PROGRAMS)

bench-baseline: bench-build
	@python3 Benchmarks/check.py $(BENCH_PROGRAMS) --write

bench-tests:
	@python3 -m unittest discover --quiet --start-directory Benchmarks/tests --top-level-directory Benchmarks

# Needs perf.
profile-crypto: bench-build
	@$(BENCH_BUILD) --product single-pushes
	@scripts/profile-crypto.sh .build-static/release

vectors:
	@python3 scripts/vectors.py --check

format:
	@$(SWIFT) format --in-place --recursive Sources Tests Package.swift

clean:
	rm -rf .build .build-static .build-bench

.PHONY: prerequisites
prerequisites:
	@scripts/prerequisites.sh
