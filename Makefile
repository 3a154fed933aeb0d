# Every target is one line that calls tools/, which finds Python and makes what it needs.
.DEFAULT_GOAL := help
.PHONY: help setup run test check fmt bench soak demo code messages draw restore-drill
TOOLS := @sh tools/python.sh
export PORT DATA HOST

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

setup: ## make the environment and install what is missing
	$(TOOLS) setup

run: ## run the portal with demonstration data (PORT=8000 DATA=var)
	$(TOOLS) run

test: ## check, then every test, browser included
	$(TOOLS) test

check: ## format, lint, layers, types, spelling, migrations
	$(TOOLS) check

fmt: ## format code and templates
	$(TOOLS) fmt

bench: ## measure against the ratios of docs/performance.md
	$(TOOLS) bench

soak: ## the long form of crash, law and simulation tests
	$(TOOLS) test --soak

demo: ## load the demonstration data again
	$(TOOLS) manage demo

code: ## the current second-factor code of each demonstration user
	$(TOOLS) manage code

messages: ## collect translatable strings into locale/
	$(TOOLS) manage makemessages --all --ignore .venv --ignore var --add-location file --no-wrap --no-obsolete

draw: ## draw docs/workflows.md from the code
	$(TOOLS) manage draw_workflows

restore-drill: ## dump, restore into an empty database and folder, compare
	$(TOOLS) restore-drill
