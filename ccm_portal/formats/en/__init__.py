"""English, as written in Geneva."""
