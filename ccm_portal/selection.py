"""The choice of published reports that an address makes: one reading for the list and its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from ccm_portal import words
from ccm_portal.asked import Unclear, as_at, choice, search, words_of
from reporting import coverpage
from reporting.database import Wanted, found
from reporting.models import Report
from reporting.models.reports import ReportQuerySet
from states.models import State
from states.naming import Names

# No report can be on an earlier year: the Convention was adopted in it.
FIRST_YEAR = 2008
# Those that narrow the list, each removed by itself.
FILTERS = ("q", "state", "group", "year", "from", "to", "form", "kind", "language", "published")


class Backwards(Unclear):
    """The first year is after the last: every filter by itself is clear."""


@dataclass(frozen=True)
class Selection:
    """What one address asks for. Reading it raises `Unclear` for what nobody can mean."""

    request: HttpRequest

    @cached_property
    def on(self) -> dt.date:
        """The reader's day."""
        return as_at(self.request)

    @cached_property
    def wanted(self) -> Wanted:
        """The question, for `reporting.database`; three queries where words are looked for."""
        asked, needles = self.request, words_of(search(self.request))
        names = Names(with_fictional=settings.DEMO) if needles else None
        year = self._year("year")
        first, last = self._year("from"), self._year("to")
        if first and last and first > last:
            raise Backwards(
                _("The years run backwards: %(first)s is after %(last)s.")
                % {"first": first, "last": last},
                "from",
                str(first),
            )
        return Wanted(
            on=self.on,
            state=choice(asked, "state", self.names),
            group=words.GROUPS.get(choice(asked, "group", words.GROUPS), ""),
            first=max(filter(None, (year, first)), default=None),
            last=min(filter(None, (year, last)), default=None),
            kind=choice(asked, "kind", dict(Report.Kind.choices)),
            form=choice(asked, "form", coverpage.BY_KEY),
            language=choice(asked, "language", languages()),
            published=self._year("published"),
            words=needles,
            states=[[state.iso3 for state in names.with_all([one])] for one in needles]
            if names
            else (),
            fictional=settings.DEMO,
        )

    @cached_property
    def states(self) -> list[State]:
        """The States of which a report may be here, with their former names; two queries."""
        rows = State.objects.filter(reports__published_on__isnull=False).distinct()
        if not settings.DEMO:
            rows = rows.filter(demo=False)
        return list(rows.prefetch_related("former_names").order_by("pk"))

    @cached_property
    def names(self) -> dict[str, str]:
        """Their names on the day, in the order of the alphabet."""
        named = {state.iso3: state.name(self.on) for state in self.states}
        return dict(sorted(named.items(), key=lambda each: words.alphabetical(each[1])))

    @cached_property
    def fictional(self) -> set[str]:
        """The codes of those that exist only in a demonstration."""
        return {state.iso3 for state in self.states if state.demo}

    def reports(self) -> ReportQuerySet:
        """The reports; in no order."""
        return found(self.wanted)

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return any(self.request.GET.get(name, "").strip() for name in FILTERS)

    def filters(self) -> list[dict[str, Any]]:
        """The choices of the form above the list."""
        years = {str(year): year for year in range(self.on.year, FIRST_YEAR, -1)}
        known: dict[str, tuple[Any, Mapping[str, Any], Any]] = {
            "state": (_("State"), self.names, _("All")),
            "group": (
                _("Region"),
                {word: group.label for word, group in words.GROUPS.items()},
                _("All"),
            ),
            "from": (_("From year"), years, _("Any")),
            "to": (_("To year"), years, _("Any")),
            "form": (_("Form"), forms(), _("Any")),
            "kind": (_("Kind"), dict(Report.Kind.choices), _("All")),
            "language": (_("Language"), languages(), _("All")),
        }
        return [
            {
                "name": name,
                "label": label,
                "options": options(values, self.request.GET.get(name, "").strip(), every),
            }
            for name, (label, values, every) in known.items()
        ]

    def active(self) -> list[dict[str, str]]:
        """The filters that have no field of their own, in words, with the address without them."""
        said = {"year": _("On the year %(year)s"), "published": _("Published in %(year)s")}
        given = {name: self.request.GET.get(name, "").strip() for name in said}
        return [
            {"words": said[name] % {"year": year}, "href": self._without(name)}
            for name, year in given.items()
            if year
        ]

    def in_words(self) -> list[str]:
        """What was chosen, in words, for a file that is read far from its address."""
        wanted, parts = self.wanted, []
        if wanted.state:
            parts.append(self.names[wanted.state])
        for name in ("group", "form", "kind", "language"):
            if given := self.request.GET.get(name, "").strip():
                labels = next(one for one in self.filters() if one["name"] == name)["options"]
                parts.append(str(next(one["label"] for one in labels if one["value"] == given)))
        if wanted.first or wanted.last:
            parts.append(span(wanted.first, wanted.last))
        if wanted.published:
            parts.append(_("Published in %(year)s") % {"year": wanted.published})
        if asked := search(self.request):
            parts.append(f"“{asked}”")
        return parts

    def query(self, *names: str, **more: object) -> str:
        """The part of an address with the same choice; only these parameters, if any are named."""
        kept = {
            name: str(value)
            for name, value in self.request.GET.items()
            if str(value).strip() and name not in ("page", "sort") and (not names or name in names)
        }
        kept |= {name: str(value) for name, value in more.items()}
        return f"?{urlencode(kept)}" if kept else ""

    def _without(self, name: str) -> str:
        query: QueryDict = self.request.GET.copy()
        query.pop(name, None)
        query.pop("page", None)
        return f"?{query.urlencode()}" if query else self.request.path

    def _year(self, name: str) -> int | None:
        return year_asked(self.request, name, self.on.year)


def span(first: int | None, last: int | None) -> str:
    """Years in words: "2023", "2019 to 2023", "from 2019", "to 2023"."""
    if first and last:
        if first == last:
            return str(first)
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("from %(year)s") % {"year": first}
    return _("up to %(year)s") % {"year": last}


def year_asked(request: HttpRequest, name: str, latest: int) -> int | None:
    """A year in the address; Unclear for one on which there can be no report."""
    given = request.GET.get(name, "").strip()
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or not 2008 <= int(given[:9]) <= latest:
        raise Unclear(
            _("“%(given)s” is not a year for which there can be a report. Choose 2008 to %(last)s.")
            % {"given": given[:40], "last": latest},
            name,
            given[:40],
        )
    return int(given)


def forms() -> dict[str, str]:
    """The forms by their keys, in the order of their letters in the reader's language."""
    language = get_language() or "en"
    return {
        form.key: _("%(letter)s: %(title)s")
        % {"letter": coverpage.letter_across(form, language), "title": form.title}
        for form in sorted(coverpage.FORMS, key=lambda form: form.letter_in(language))
    }


def languages() -> dict[str, Any]:
    """The six languages of the reporting template, in the reader's words."""
    known = {"ar": "ar", "zh": "zh-hans", "en": "en", "fr": "fr", "ru": "ru", "es": "es"}
    return {code: get_language_info(name)["name_translated"] for code, name in known.items()}


def options(known: Mapping[str, Any], chosen: str, every: object = "") -> list[dict[str, Any]]:
    """The options of a choice, with one for no choice where `every` says what it is called."""
    first = [{"value": "", "label": every, "selected": not chosen}] if every else []
    return first + [
        {"value": value, "label": label, "selected": value == chosen}
        for value, label in known.items()
    ]


def counted(number: int) -> str:
    """How many reports, in words."""
    return ngettext("%(number)d published report", "%(number)d published reports", number) % {
        "number": number
    }
