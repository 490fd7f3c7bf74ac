# Every command that the README names. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# The tour takes free ports, unless somebody says which.
given = $(filter command environment,$(firstword $(origin $(1))))
TOUR_PORTS = $(if $(call given,PORT_BASE),--port-base $(PORT_BASE))
# An event says by its world file who is chatting, unless somebody says otherwise.
EVENT_USER = $(if $(call given,DEMO_USER),--user $(DEMO_USER))
PORT_BASE ?= 4700
DEMO_USER ?= alice
# Where the demo's chat is: web or terminal.
CHAT ?= web
# The first is what is deployed.
ARCH ?= arm64 x86_64
GATEWAY ?= off
WITH_GATEWAY = $(filter on,$(GATEWAY))
FN ?= okta-groups
ENV ?= trial
SECONDS ?= 600
FUNCTIONS := fga-authorizer okta-groups ciba-initiator approval-worker
SHIP ?= $(FUNCTIONS) gateway-interceptor web
MANDATE := target/debug/mandate
# The same packages for programs and for tests, and the features of tests counted in, as `--examples` does: so every dependency
# is built once. What is left out takes Cedar, minutes to build: make gateway.
export PACKAGES := --workspace --exclude gateway-policy --exclude gateway-interceptor
BINS := $(PACKAGES) --bins --examples
export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/.tools/venv/bin:$(PATH)

.PHONY: fuzz mutants help demo interceptor tour test schemas gateway rounds conformance browser load lint invoke watch build binaries toolchain lint-tools lambda-tools infra-tools infra-check template deploy destroy

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

toolchain:
	@infra/scripts/check-toolchain

binaries: toolchain
	@echo "Building the function binaries and the program mandate (minutes the first time, seconds after that)…"
	@cargo build --locked $(BINS)

# By itself, so that a first demo does not wait for Cedar.
interceptor: toolchain
	@echo "Building the interceptor of the gateway (Cedar takes minutes the first time)…"
	@cargo build --locked -p gateway-interceptor

demo: binaries $(WITH_GATEWAY:%=interceptor) ## the whole system on this machine, with the web application (CHAT=terminal DEMO_USER=bob, PORT_BASE=5000, GATEWAY=on)
	@$(MANDATE) demo --chat $(CHAT) --user $(DEMO_USER) --port-base $(PORT_BASE) $(WITH_GATEWAY:%=--gateway)

tour: binaries interceptor ## the guide's test plan, walked as a client would, with one line a step
	@$(MANDATE) tour $(TOUR_PORTS)

test: toolchain ## all unit, property, corpus, contract and acceptance tests
	@cargo build --locked $(BINS)
	@infra/scripts/run-tests

rounds: toolchain ## 300 kills, races, 40,000 interleaved calls, every fault everywhere (target/faults.md), a new tool built: minutes, and part of .ci/run
	@cargo build --locked $(BINS)
	@rm -rf target/faults
	@cargo test --locked $(PACKAGES) --test acceptance -- faults --include-ignored --nocapture --test-threads=2
	@cargo test --locked $(PACKAGES) --test approvals -- --ignored --nocapture --test-threads=2
	@cargo test --locked $(PACKAGES) --test approvals -- faults::clocks faults::swapped
	@cargo test --locked $(PACKAGES) --test isolation -- --ignored --nocapture --test-threads=1
	@cargo test --locked $(PACKAGES) --test web -- --ignored --skip through_the_gateway
	@cargo test --locked $(PACKAGES) --test program -- --ignored
	@infra/scripts/fault-table

# Not part of .ci/run: it takes ten minutes and its figures depend on the machine.
load: toolchain ## 200 people at the web application for ten minutes: statuses, times, memory (SECONDS=60)
	@cargo build --locked $(BINS)
	@target/debug/examples/load $(SECONDS)

# Not part of .ci/run, both: what they find is new each time, and they take long.
fuzz: toolchain ## every reader of what others send, on inputs that nobody thought of, 60 seconds each (SECONDS=600; installs nightly)
	@infra/scripts/fuzz $(if $(call given,SECONDS),$(SECONDS),60)

mutants: toolchain ## changes in the decision code that no test notices: an hour or two (infra/scripts/mutants scope for one room)
	@infra/scripts/mutants

schemas: binaries ## infra/generated anew: what Bedrock, a gateway and Cedar are told, from the tools' declarations
	@$(MANDATE) schemas
	@$(MANDATE) errors >docs/guides/errors.md

# By itself: Cedar takes minutes to build.
gateway: binaries interceptor ## the interceptor of an AgentCore Gateway, its policies, and the way from the web application's page through both
	@cargo test --locked -p gateway-policy -p gateway-interceptor
	@cargo test --locked -p gateway-interceptor --test interceptor -- --ignored
	@cargo test --locked $(PACKAGES) --test web -- --ignored through_the_gateway

conformance: toolchain lambda-tools ## what foreign programs say: IAM simulator, MCP client, OpenFGA, DynamoDB Local, Keycloak, AWS's Lambda emulator, arm64 by qemu (needs node, python3, Java, Maven, Go)
	@cargo build --locked $(BINS)
	@infra/scripts/conformance target/debug

browser: binaries interceptor ## the web application in headless Chromium: installs it (Debian) and its driver, needs node (SCREENSHOTS=on writes docs/images)
	@infra/scripts/browser

lint: toolchain lint-tools ## rustfmt, clippy, cargo-deny, unused dependencies, the tidy test
	@cargo fmt --all --check
	@cargo clippy --locked --workspace --all-targets -- -D warnings
	@cargo machete --with-metadata
	@cargo deny --locked check bans licenses sources
	@cargo deny --locked check advisories || infra/scripts/offline-advisories
	@cargo test --locked -q $(PACKAGES) --test tidy

lint-tools:
	@infra/scripts/install-lint-tools

invoke: binaries ## one event into one real binary: FN=okta-groups EVENT=events/okta-groups/NAME.event.json
	@test -n "$(EVENT)" || { echo "say which event: make invoke FN=okta-groups EVENT=events/okta-groups/NAME.event.json"; exit 2; }
	@$(MANDATE) invoke $(FN) $(EVENT) $(EVENT_USER) --port-base $(PORT_BASE)

watch: lambda-tools binaries ## cargo lambda watch with the stack's settings, for those who change a function
	@$(MANDATE) watch --port-base $(PORT_BASE)

build: lambda-tools ## release binaries for both architectures, zipped, with their sizes and limits (ARCH=arm64 SHIP="okta-groups")
	@infra/scripts/build-functions "$(ARCH)" $(SHIP)
	@infra/scripts/lay-out-gateway-files

lambda-tools: toolchain
	@infra/scripts/install-lambda-tools

infra-tools:
	@infra/scripts/install-infra-tools

template: ## infra/template.yaml filled in anew, from infra/generated, infra/policies and infra/agent (after make schemas)
	@infra/scripts/fill-template

infra-check: ## infra/template.yaml by cfn-lint, sam validate and cfn-guard; asks no account (needs python3 and npm)
	@infra/scripts/check-infra

deploy: infra-tools ## into your AWS account, by sam: ENV=trial or ENV=production; asks once for what it needs
	@$(MAKE) --no-print-directory build ARCH=$(firstword $(ARCH)) SHIP="$(FUNCTIONS) gateway-interceptor web"
	@.tools/infra/bin/python infra/scripts/deploy $(ENV)

destroy: infra-tools ## removes what make deploy made: ENV=trial
	@infra/scripts/destroy $(ENV)
