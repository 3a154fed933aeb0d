"""Language versions of what was handed in: added by the State or the ISU, taken away in words."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from records.models import Upload
from records.models.events import record
from records.workflow import Refused
from reporting.languages import LANGUAGES
from reporting.models import DRAFT, LanguageVersion, Report
from states import access
from states.models import User

STATE, SECRETARIAT = LanguageVersion.AddedBy.STATE, LanguageVersion.AddedBy.SECRETARIAT
# The right by which each side adds and takes away.
RIGHTS = {STATE: "hand_in_report", SECRETARIAT: "publish_report"}


def side_of(report: Report, by: User) -> LanguageVersion.AddedBy:
    """For whom the person acts here. Raises `Refused` where for nobody."""
    for side, right in RIGHTS.items():
        answer = access.may(by, right, report.state)
        if answer:
            return side
    raise Refused(answer.reason)


def shown(report: Report) -> list[LanguageVersion]:
    """Those that stand and whose file can be read, in the order of the languages; one query."""
    rows = report.language_versions.standing().select_related("upload")
    order = list(LANGUAGES)
    return sorted(
        (one for one in rows if one.upload.verdict != Upload.Verdict.INFECTED),
        key=lambda one: (order.index(one.language), one.pk),
    )


def languages_to_add(report: Report) -> list[tuple[str, Any]]:
    """The languages that the report itself is not in, as choices."""
    return [(code, one.name) for code, one in LANGUAGES.items() if code != report.language]


def kinds_to_add(report: Report) -> list[tuple[str, Any]]:
    """What a file may be, as choices: a report has one original. One query."""
    original = LanguageVersion.Kind.ORIGINAL
    there = report.language_versions.standing().filter(kind=original).exists()
    return [one for one in LanguageVersion.Kind.choices if not (there and one[0] == original)]


@transaction.atomic
def add(report: Report, language: str, kind: str, upload: Upload, *, by: User) -> LanguageVersion:
    """Adds a file with the report in another language; what was handed in stays as it is.

    The same file once more, as by a second press, is one. Raises `Refused`.
    """
    side = side_of(report, by)
    row = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if row.status == DRAFT:
        raise Refused(_("%(report)s has not been handed in.") % {"report": row})
    if language not in LANGUAGES:
        raise Refused(_("Say which language it is."))
    if kind not in LanguageVersion.Kind.values:
        raise Refused(
            _("Say what it is: the original, an official translation or a courtesy translation.")
        )
    if language == row.language:
        raise Refused(_("What was handed in is in this language already. Choose another."))
    held = row.language_versions.standing().filter(language=language, kind=kind)
    there = held.select_related("upload").first()
    if there is not None:
        if there.upload.sha256 == upload.sha256:
            return there
        raise Refused(
            _("There is one already: %(what)s. Take that away first.") % {"what": in_words(there)}
        )
    originals = row.language_versions.standing().filter(kind=LanguageVersion.Kind.ORIGINAL)
    if kind == LanguageVersion.Kind.ORIGINAL and (first := originals.first()) is not None:
        raise Refused(
            _(
                "A report has one original, and it is there: %(what)s. Say that this is a "
                "translation."
            )
            % {"what": in_words(first)}
        )
    made = LanguageVersion.objects.create(
        report=row, language=language, kind=kind, upload=upload, side=side, added_by=by
    )
    record("add-language", row, by=by, state=row.state, note=in_words(made))
    return made


@transaction.atomic
def take_away(report: Report, number: int, why: str, *, by: User) -> LanguageVersion:
    """From now on nobody reads the file here; the row says who took it away and why.

    A State takes away what it added itself; the ISU whatever there is. Raises `Refused`.
    """
    side = side_of(report, by)
    rows = report.language_versions.select_for_update(of=("self",)).select_related("report__state")
    row = rows.filter(pk=number).first()
    if row is None:
        raise Refused(_("There is no such language version of this report."))
    if row.removed_at is not None:
        return row
    if side == STATE and row.side != STATE:
        raise Refused(_("The ISU added this one: ask the ISU to take it away."))
    if not (why := why.strip()):
        raise Refused(_("Say why it is taken away."))
    row.removed_at, row.removed_by, row.removed_why = now(), by, why
    row.save(update_fields=["removed_at", "removed_by", "removed_why"])
    record("take-language-away", report, by=by, state=report.state, note=f"{in_words(row)}: {why}")
    return row


def in_words(row: LanguageVersion) -> str:
    """Such as "French, official translation (report-fr.pdf)"."""
    return f"{row.get_language_display()}, {row.get_kind_display()} ({row.upload.name})"
