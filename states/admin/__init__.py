"""The pages of the workplace that belong to actors and law."""

from states.admin import accounts, law, outages, people, practice, registry, state

__all__ = ["accounts", "law", "outages", "people", "practice", "registry", "state"]
