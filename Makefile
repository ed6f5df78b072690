# Each target is a command of run.py, which does the same without make: python3 run.py demo
PYTHON ?= python3
COMMANDS := demo demo-reset demo-years demo-cluster test check bench trust corpus build wheel

.PHONY: help $(COMMANDS)

help:
	@$(PYTHON) run.py help

# make corpus CORPUS=a/folder/of/diagrams
corpus: ARGS := $(CORPUS)

$(COMMANDS):
	@$(PYTHON) run.py $@ $(ARGS)
