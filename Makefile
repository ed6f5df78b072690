# Each target is a command of run.py, which does the same without make: python3 run.py demo
PYTHON ?= python3
COMMANDS := demo demo-reset test check bench trust build wheel

.PHONY: help $(COMMANDS)

help:
	@$(PYTHON) run.py help

$(COMMANDS):
	@$(PYTHON) run.py $@ $(ARGS)
