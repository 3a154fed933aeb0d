"""The house runner behind the Makefile: standard library only, so that it works before the environment exists."""
