"""The WSGI entry point: Django, with the page cache in front of it."""

import os
from collections.abc import Callable

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccm_portal.settings")
application: Callable = get_wsgi_application()
if settings.PAGE_CACHE_MB:
    from ccm_portal.front import Front

    application = Front(application, settings.PAGE_CACHE_MB * 1024 * 1024)
