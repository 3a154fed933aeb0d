"""The project: the only package that sees every app."""

from ccm_portal.celery import app as celery_app

__all__ = ["celery_app"]
