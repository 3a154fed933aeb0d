"""The admin as a workplace: who may enter, and its front page."""

from django.contrib import admin


class Workplace(admin.AdminSite):
    """The secretariat's admin."""
