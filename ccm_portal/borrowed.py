"""Words of Django's own pages that its Spanish does not know yet.

Named here so that they stand in our catalogues, which are asked before Django's. One that Django
has learnt may go.
"""

from django.utils.translation import gettext_noop

WORDS = (
    gettext_noop("- Select an option -"),
    gettext_noop("Filter by %(field_name)s"),
    gettext_noop("Pagination %(name)s"),
    gettext_noop("Pagination %(name)s entries"),
    gettext_noop("Run"),
    gettext_noop("Search %(name)s"),
)
