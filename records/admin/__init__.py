"""The pages of the workplace that belong to evidence."""

from records.admin import documents, letters, register, stages

__all__ = ["documents", "letters", "register", "stages"]
