# Hallpass. "make help" lists what can be made.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test fuzz-ocr fuzz-token bench bench-ocr bench-size chaos storm kills build install-run install-test check

# Our own folders.
FOLDERS := assets badge cmd kiosk ocr sync

# Where the sample show keeps its state, and further flags for it.
DATA ?= show
ARGS ?=

# Drawing badges and looking at pictures takes up to ten times as long under the
# race detector, which looks for what goroutines share. Package badge starts
# none, ocr and its folders divide their work in a few places, and the tests of
# "kiosk badge" and of many cards are built without it; all run without it, and
# with it their tests of goroutines. go test ./cmd -run Raceless keeps it so.
PICTURES := badge ocr ocr/flat ocr/qr
RACED := Goroutine
UNRACED := ./cmd/kiosk

# One thread per reading of a card; several cards are read at once instead.
# Tesseract's library looks at it when the process starts.
export OMP_THREAD_LIMIT := 1

# Programs that were built with the race detector do not wait a second at their end.
export GORACE := atexit_sleep_ms=0

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install-run build ## a whole show on this machine: installs what is missing, builds, starts
	@exec bin/expo run -data $(DATA) $(ARGS)

build: ## the programs, into bin/; the hall without C, so that it runs anywhere
	go build -o bin/ ./cmd/kiosk ./cmd/expo
	CGO_ENABLED=0 go build -o bin/ ./cmd/hall

test: install-test check ## installs what tests need; every check and every test, browsers included
	go test -race -shuffle=on -timeout 20m $$(go list ./... | grep -vxF "$$(printf 'hallpass/%s\n' $(PICTURES))")
	go test -race -run '$(RACED)' $(PICTURES:%=./%)
	go test -shuffle=on $(PICTURES:%=./%)
	go test -shuffle=on -run '^Test(Badge|Cards)_' $(UNRACED)
	@$(MAKE) --no-print-directory fuzz-token FUZZTIME=20000x

check:
	@unformatted=$$(gofmt -l $(FOLDERS)); \
	if [ -n "$$unformatted" ]; then echo "not formatted; run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	CGO_ENABLED=0 go build -o /dev/null ./cmd/hall

# PRINTS=N for another number; ARGS="-seed N" for the faults of an earlier run.
chaos: install-test ## 1,000 badges while printers, kiosks and their network are killed at random; a few of them are in "make test"
	go test ./cmd/kiosk -run '^TestChaos$$' -count 1 -v -timeout 120m -prints $(or $(PRINTS),1000) $(ARGS)

# FAULTS=N for another number; ARGS="-seed N" for the faults of an earlier run.
storm: install-test ## 300 times hall or kiosks are killed or the network between them cut, and all files compared with one map; a few are in "make test"
	go test ./cmd/internal/storm -run '^TestStorm$$' -count 1 -v -timeout 60m -faults $(or $(FAULTS),300) $(ARGS)

# KILLS=N for another number in each of the five loops.
KILLS ?= 200
kills: install-test ## hall and kiosks killed at every labelled moment: saving, acknowledging, migrating, beginning a new life, backing up; a few of each are in "make test"
	go test ./kiosk/store/redo -run KilledAtEveryMoment -count 1 -v -timeout 60m -kills $(KILLS)
	go test ./kiosk/store -run KilledWhileItMigrates -count 1 -v -timeout 60m -kills $$(( $(KILLS) / 5 ))
	go test ./sync/hall/store -run 'KilledAtEveryMoment|KilledWhileItMigrates' -count 1 -v -timeout 60m -kills $$(( $(KILLS) / 7 ))
	go test ./cmd/hall -run 'KillLosesNothingAcked|KilledOnItsWay' -count 1 -v -timeout 60m -kills $(KILLS)

bench: install-test ## every benchmark, one after the other
	go test -run '^$$' -bench . -benchmem -timeout 60m -p 1 ./...

# KEEP=DIR fills a hall there once and measures it as often as one likes.
VISITORS ?= 20000
bench-size: ## a hall of VISITORS=20000 (250000 is the largest show: an hour, 12 GB of disk): file, starts, also after kill -9, look-ups, memory, longest waits while it is compacted and checked
	go test ./cmd/hall -run '^$$' -bench '^BenchmarkSize$$' -benchtime 1x -timeout 0 -visitors $(VISITORS) $(if $(KEEP),-keep $(abspath $(KEEP)))

# CARDS=DIR,... are other folders of cards; ARGS="-readme README.md" also writes
# the tables there, ARGS=-json prints every figure.
bench-ocr: install-test build ## how well, how surely and how fast cards are read, as tables
	go run ./cmd/internal/cardbench $(if $(CARDS),-cards $(CARDS)) $(ARGS)

fuzz-ocr: install-test ## 10,000 damaged pictures through the card reader; 150 of them are in "make test"
	go test ./cmd/kiosk -run '^TestCards_Damaged$$' -v -timeout 60m -fuzzed 10000

# A count, not a time, where the result matters: the fuzzer may report its own
# deadline as a failure (golang/go issue 75804).
FUZZTIME ?= 60s
fuzz-token: ## made-up badge codes and statements against the verifier; 20,000 of each are in "make test"
	@for target in $$(go test ./badge/token -list '^Fuzz' | grep '^Fuzz'); do \
	  go test ./badge/token -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) || exit 1; done

install-run:
	@.ci/install run

install-test:
	@.ci/install test
