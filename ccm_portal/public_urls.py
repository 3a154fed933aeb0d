"""Addresses of the pages that join apps."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
