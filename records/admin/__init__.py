"""The pages of the workplace that belong to evidence."""

from records.admin import asking, documents, enquiries, letters, register, stages, tools

__all__ = ["asking", "documents", "enquiries", "letters", "register", "stages", "tools"]
