"""National implementation measures: drawn from Form A, read as at a day, offered to pages."""
