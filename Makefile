# The one index of commands. `make site` and `make test` install what they need first.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: site serve test lint types schemas locales judges bench clean

site: $(STAMP)
	$(BIN)/passport build

serve: $(STAMP)
	$(BIN)/passport serve
