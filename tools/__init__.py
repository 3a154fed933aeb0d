"""The house runner behind the Makefile; what makes the environment needs only Python itself."""
