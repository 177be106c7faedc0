# make run     everything on this machine, sample reports loaded, the page's address printed
# make test    every test, on real parts
# make eval    scores against gold facts, by format, area and kind
# make check   what CI runs: gofmt, vet, staticcheck, tests with the race detector, 2,000 damaged files, 200 kills under load
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

ENGINE_VERSION := 26.7.3-stable.1
ENGINE_PACKAGE := @chdb/lib-$(shell go env GOOS)-$(subst amd64,x64,$(shell go env GOARCH))$(if $(filter linux,$(shell go env GOOS)),-gnu)
LISTEN ?= 127.0.0.1:8080
DATA ?= data
export CGO_ENABLED ?= 0
BUILD := go build -trimpath -ldflags='-s -w -buildid='

.PHONY: guide gosec sbom same soak load run test check build race eval bench mutants fuzz fidelity kills chaos clean packages run-packages

run: build
	bin/soket up --demo --data '$(DATA)' --listen '$(LISTEN)' --load samples

build: bin/libchdb.so
	mkdir -p bin
	$(BUILD) -o bin/ ./cmd/...

# The ClickHouse engine as a library, from npm, pinned: npm's `latest` is older. A hard link keeps
# the 566 MB once on disk.
bin/libchdb.so: | .cache/engine-$(ENGINE_VERSION)
	mkdir -p bin
	ln -f .cache/engine-$(ENGINE_VERSION)/node_modules/$(ENGINE_PACKAGE)/libchdb.so $@

.cache/engine-$(ENGINE_VERSION):
	@echo "Installing the ClickHouse engine $(ENGINE_VERSION) through npm (about 170 MB, once)"
	rm -rf $@.part && mkdir -p $@.part
	npm install --prefix $@.part --no-save --no-package-lock --loglevel error '$(ENGINE_PACKAGE)@$(ENGINE_VERSION)'
	mv $@.part $@

# What tests need beyond Go and npm: a C compiler for -race, a browser, an office, OCR, PDF tools.
TEST_PACKAGES := gcc libc6-dev chromium libreoffice-calc-nogui libreoffice-writer-nogui tesseract-ocr tesseract-ocr-vie poppler-utils ghostscript qpdf fonts-liberation
packages:
	@.ci/packages $(TEST_PACKAGES)

# axe-core, for the accessibility checks of the browser tests; an npm package like the engine.
.cache/axe:
	rm -rf $@.part && mkdir -p $@.part
	npm install --prefix $@.part --no-save --no-package-lock --loglevel error axe-core@4
	mv $@.part $@

test: build packages .cache/axe
	CGO_ENABLED=1 go test -race -timeout 30m ./...
	@[ -n "$${CLICKHOUSE_TEST_DSN:-}" ] || echo "== NOT PROVED HERE: users, quotas and replication of a full ClickHouse server; set CLICKHOUSE_TEST_DSN to one"

# The pictures of docs/huong-dan-su-dung.md, taken by the test that walks the journeys.
guide: packages
	mkdir -p docs/huong-dan
	SOKET_GUIDE='$(CURDIR)/docs/huong-dan' go test -count=1 -timeout 20m -run 'TestJourneysOnRealFiles$$' ./cmd/soket

check: packages
	@echo "== gofmt"; out=$$(gofmt -l .); [ -z "$$out" ] || { echo "gofmt would change: $$out"; exit 1; }
	@echo "== vet"; go vet ./... && go vet -tags chaos ./cmd/soket
	@echo "== modules"; go mod verify
	@echo "== staticcheck"; go tool staticcheck ./...
	$(MAKE) test
	$(MAKE) mutants MUTANTS=2000
	$(MAKE) kills

# Scores against gold facts by format, area and kind, with calibration; of the scans a sample.
EVAL ?= extract/indicator/testdata $(wildcard ../shared/corpus/workbooks ../shared/corpus/reports)
EVAL_SCANS ?= 6
eval: build packages
	@for d in $(EVAL); do echo "== $$d"; bin/soket eval --scans $(EVAL_SCANS) "$$d"; done

# The reader beside others, side by side in one run, and the pages over 20,000 reports; docs/extraction.md and
# docs/operations.md keep a run.
bench: build packages
	go test -count=1 -timeout 60m -p 1 -run '^$$' -bench 'Speed$$' ./extract/sandbox ./analytics/web
	go test -run '^$$' -bench Rules -cpu 1 ./extract/indicator

# The letters, words and rows of PDFs made here by many programs, beside other readers; writes its
# table into docs/extraction.md. The programs are installed by hand: the image of CI has three of them.
FIDELITY_PACKAGES := mupdf-tools weasyprint wkhtmltopdf xvfb img2pdf texlive-xetex texlive-latex-base texlive-latex-extra texlive-lang-other fonts-liberation
fidelity: build packages
	@.ci/packages $(FIDELITY_PACKAGES)
	FIDELITY='$(CURDIR)/docs/extraction.md' go test -timeout 120m -run TestFidelityTable -v ./extract/sandbox

# 100,000 damaged files through the sandbox, some three hours.
MUTANTS ?= 100000
mutants: build packages
	MUTANTS=$(MUTANTS) go test -count=1 -timeout 24h -run TestMutants -v ./extract/sandbox

# Each fuzz target for a while, from the seeds that go test runs; what breaks is kept in testdata/fuzz.
FUZZ_TIME ?= 60s
fuzz:
	@for package in $$(go list ./extract/...); do for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
		echo "== $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime '$(FUZZ_TIME)' $$package || exit 1; done; done

# The program under load, its parts killed with -9 at random instants of a seed, its views read every
# 100 ms; two cores take 3.5 minutes for 200 kills.
CHAOS_KILLS ?= 200
CHAOS_SEED ?= 1
kills: build
	SOKET_CHAOS_KILLS=$(CHAOS_KILLS) SOKET_CHAOS_SEED=$(CHAOS_SEED) go test -count=1 -tags chaos -timeout 120m -run 'TestChaos$$' -v ./cmd/soket

# By hand: 2,000 kills (half an hour), every pair of faults at the protocol's steps, 500 faults on the
# links, 5,000 reports with repeated jobs, 300 flipped bits, clocks two hours off.
chaos: build
	$(MAKE) kills CHAOS_KILLS=2000
	SOKET_CHAOS=all SOKET_CHAOS_SEED=$(CHAOS_SEED) SOKET_CHAOS_FAULTS=500 go test -count=1 -timeout 60m -run 'FaultPairs|HarmedLinks|JobsRepeated' -v ./ingest | grep -v '^ *--- PASS\|^=== '
	SOKET_CHAOS_SEED=$(CHAOS_SEED) SOKET_CHAOS_FAULTS=300 go test -count=1 -timeout 60m -run BitFlips -v ./ingest
	SOKET_CHAOS_SEED=$(CHAOS_SEED) go test -count=1 -tags chaos -timeout 60m -run 'ChaosClocks' -v ./cmd/soket

# Half an hour of load with a fault every 20 s: what NATS, web and a worker take stays flat.
SOAK_MINUTES ?= 30
soak: build
	SOKET_SOAK_MINUTES=$(SOAK_MINUTES) SOKET_CHAOS_SEED=$(CHAOS_SEED) go test -count=1 -tags chaos -timeout 120m -run 'TestSoak$$' -v ./cmd/soket

# What this machine carries: latency, sustained rate, intake alone, slow connections, hostile files beside.
LOAD_SECONDS ?= 600
load: build
	SOKET_LOAD_SECONDS=$(LOAD_SECONDS) go test -count=1 -tags chaos -timeout 120m -run 'TestLoad$$|TestLoadIntake$$|TestPoison$$' -v ./cmd/soket

# Left out: unsafe (the engine is a library), errors not looked at (staticcheck and review), numbers
# that are narrowed, programs and files that the operator names, markup that templates are given (the
# browser tests hold that), random numbers that are no secrets, and indexes that it cannot follow.
gosec:
	go run github.com/securego/gosec/v2/cmd/gosec@v2.22.10 -quiet -exclude G103,G104,G115,G203,G204,G304,G404,G602 -exclude-dir extract/sandbox/sandboxtest ./...

# What is in the programs, as CycloneDX; and that two builds from two directories give equal bytes.
CYCLONEDX := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0
sbom: build
	for p in soket extractor pdfium starter; do go run $(CYCLONEDX) bin -json -licenses -version devel -output bin/$$p.cdx.json bin/$$p; done

same:
	rm -rf .cache/same && mkdir -p .cache/same/a .cache/same/b/deeper
	git archive HEAD | tar -x -C .cache/same/a
	git archive HEAD | tar -x -C .cache/same/b/deeper
	cd .cache/same/a && $(BUILD) -buildvcs=false -o '$(CURDIR)/.cache/same/one/' ./cmd/...
	cd .cache/same/b/deeper && GOCACHE='$(CURDIR)/.cache/same/go' $(BUILD) -buildvcs=false -o '$(CURDIR)/.cache/same/two/' ./cmd/...
	for p in soket extractor pdfium starter; do cmp .cache/same/one/$$p .cache/same/two/$$p || exit 1; done
	rm -rf .cache/same

clean:
	rm -rf bin .cache
