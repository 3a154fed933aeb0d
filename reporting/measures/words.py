"""The measures in the reader's words: rules of statuses, lines of tables, whose word each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reporting.measures.standing import Line
from reporting.models import Measure, MeasureGroup, MeasureNote
from states.words import colon, day


def rule(group: MeasureGroup) -> str:
    """By which measures a State has the status, in words."""
    kinds = dict(Measure.Kind.choices)
    parts = []
    if group.kinds:
        words = ", ".join(str(kinds[kind]) for kind in group.kinds if kind in kinds)
        parts.append(_("a measure of one of these kinds: %(kinds)s") % {"kinds": words})
    else:
        parts.append(_("a measure of any kind"))
    if group.penal:
        parts.append(_("with penal sanctions"))
    if group.bans_investment:
        parts.append(_("of which the ISU has noted that it forbids investment"))
    if group.while_reported:
        parts.append(_("that the newest report still names"))
    return capfirst(", ".join(parts))


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure as pages print it; empty words are left out."""

    line: Line
    title: str
    title_en: str
    facts: tuple[str, ...]
    said: str
    report_url: str
    report: str
    note: str
    text_url: str
    text_name: str
    # Whether the text comes with the note: it stands with it then.
    text_of_isu: bool
    link: str


def shown(line: Line, query: str = "") -> Shown:
    """The measure as pages print it; `query` is what every link of the page carries."""
    report, note, text = line.report, line.note, line.text
    # What the State reported stands as it reported it: what the ISU adds is in the note beneath.
    own = line.own
    return Shown(
        line=line,
        title=own.title or capfirst(own.kind_in_words) or _("Measure without a title"),
        title_en=line.title_en if own is line else "",
        facts=tuple(_facts(own)),
        said=whose(line),
        report_url=report.get_absolute_url() + query if report else "",
        report=f"{report.get_kind_display()} {report.year}" if report else "",
        note=_note(line, note) if note else "",
        text_url=reverse("file", args=[text.pk, text.name]) if text else "",
        text_name=text.name if text else "",
        text_of_isu=bool(line.reported and note and not line.reported.text_id),
        link=note.link if note else "",
    )


def _facts(line: Line) -> Any:
    if line.title and line.kind:
        yield line.kind_in_words
    if line.citation:
        yield line.citation
    if line.effective_on:
        yield _("in force since %(day)s") % {"day": day(line.effective_on)}
    if line.penal is not None:
        yield _("with penal sanctions") if line.penal else _("without penal sanctions")
    if line.bans_investment:
        yield _("forbids investment")
    if line.reported and not line.in_latest:
        yield _("not in the latest report")


def whose(line: Line) -> str:
    """Whose word it is."""
    if line.reported is None:
        return _("ISU note")
    if getattr(line.reported, "transcribed", False):
        return _("as reported by the State; transcribed by the ISU, confirmed by the State")
    return _("as reported by the State")


def _note(line: Line, note: MeasureNote) -> str:
    """The note dated and signed, with its source, and what it adds to what the State reported."""
    said = _("ISU note, %(day)s") % {"day": day(note.noted_on)}
    parts = [part for part in (_adds(line, note), note.remark) if part]
    parts.append(colon(_("Source"), note.source))
    parts.append(_("Signed: Implementation Support Unit"))
    return colon(said, " ".join(_stop(part) for part in parts))


def _stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _adds(line: Line, note: MeasureNote) -> str:
    """What the note says that the State did not, or said otherwise: beside its word."""
    row = line.reported
    if row is None:
        return ""
    said = []
    for name, words in (
        ("kind", note.get_kind_display()),
        ("title", note.title),
        ("title_en", note.title_en),
        ("citation", note.citation),
        ("effective_on", day(note.effective_on) if note.effective_on else ""),
        ("penal", _("yes") if note.penal else _("no")),
        ("bans_investment", _("yes") if note.bans_investment else _("no")),
    ):
        now = getattr(note, name)
        if now not in (None, "") and now != getattr(row, name, None):
            field: Any = MeasureNote._meta.get_field(name)
            said.append(colon(str(field.verbose_name), str(words)))
    return capfirst("; ".join(said))
