"""The public pages that join apps."""
