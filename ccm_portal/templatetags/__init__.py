"""Holds the template tags of the portal."""
