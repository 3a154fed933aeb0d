"""Tests of what measures the portal."""
