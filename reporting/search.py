"""Finds transparency reports by State, year, kind and reference: those that the reader may see."""

from functools import cache

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records.seams import Found, Hit, SearchSource, Sought
from reporting.models import PUBLISHED, Report
from states.marking import marked
from states.naming import as_words
from states.words import colon

SPOKEN = ("en", "fr", "es")
EVERY_REPORT: tuple[Promise | str, ...] = (
    lazy("transparency report"),
    lazy("transparency reports"),
    "Article 7",
)


def find(sought: Sought) -> Found:
    """The reports that have all the words, newest first; of what is published the last version."""
    rows = _visible(sought)
    for word in sought.words:
        rows = rows.filter(_holds(word, sought))
    return Found(rows.count(), lambda start, stop: _hits(rows, start, stop, sought))


def _visible(sought: Sought) -> QuerySet[Report]:
    rows = Report.objects.visible_to(sought.reader).filter(
        ~Q(status=PUBLISHED) | Q(pk__in=Report.objects.published(sought.on).values("pk"))
    )
    return rows if sought.with_fictional else rows.filter(state__demo=False)


def _holds(word: str, sought: Sought) -> Q:
    asked = Q(reference__iregex=rf"(^|-){word}")
    asked |= Q(state__in=[state.iso3 for state in sought.names.with_all([word])])
    asked |= Q(kind__in=[kind for kind, said in _kinds().items() if f" {word}" in said])
    if word.isascii() and word.isdigit() and len(word) == 4:
        asked |= Q(year=int(word))
    return asked


@cache
def _kinds() -> dict[str, str]:
    """What each kind is called in every language, as words to look among."""
    called: dict[str, list[str]] = {kind: [] for kind in Report.Kind.values}
    for language in SPOKEN:
        with translation.override(language):
            for kind in Report.Kind:
                called[kind] += [str(kind.label), *map(str, EVERY_REPORT)]
    return {kind: as_words(" ".join(names)) for kind, names in called.items()}


def _hits(rows: QuerySet[Report], start: int, stop: int, sought: Sought) -> list[Hit]:
    chosen = (
        rows.select_related("state")
        .defer("marks", "note")
        .order_by("-year", "state__name_en", "kind", "-number", "pk")
    )
    return [_hit(report, sought) for report in chosen[start:stop]]


def _hit(report: Report, sought: Sought) -> Hit:
    title = f"{colon(report.state.name(), report.get_kind_display())}, {report.year}"
    parts = [report.reference, report.get_language_display()]
    if report.number > 1:
        parts.append(_("version %(number)s") % {"number": report.number})
    published = report.status == PUBLISHED
    return Hit(
        title=marked(title, sought.words),
        url=report.get_absolute_url(),
        snippet=marked(" · ".join(map(str, filter(None, parts))), sought.words),
        said=_("published") if published else str(report.get_status_display()),
        day=report.published_on if published else report.received_by_isu,
        demo=report.state.demo,
    )


REPORTS = SearchSource("reports", lazy("Reports"), find)
