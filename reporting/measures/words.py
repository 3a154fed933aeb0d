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
    link: str


def shown(line: Line, query: str = "") -> Shown:
    """The measure as pages print it; `query` is what every link of the page carries."""
    report, note, text = line.report, line.note, line.text
    return Shown(
        line=line,
        title=line.title or capfirst(line.kind_in_words) or _("Measure without a title"),
        title_en=line.title_en,
        facts=tuple(_facts(line)),
        said=whose(line),
        report_url=report.get_absolute_url() + query if report else "",
        report=f"{report.get_kind_display()} {report.year}" if report else "",
        note=_note(line, note) if note else "",
        text_url=reverse("file", args=[text.pk, text.name]) if text else "",
        text_name=text.name if text else "",
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
    return _("as reported by the State") if line.reported else _("ISU note")


def _note(line: Line, note: MeasureNote) -> str:
    """The note signed and dated, with its source, and what the State said where that differs."""
    said = _("ISU note, %(day)s") % {"day": day(note.noted_on)}
    parts = [part for part in (note.remark, _differs(line, note)) if part]
    parts.append(colon(_("Source"), note.source))
    return colon(said, " ".join(_stop(part) for part in parts))


def _stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _differs(line: Line, note: MeasureNote) -> str:
    """What the State reported, where the note puts another word in its place."""
    row = line.reported
    if row is None:
        return ""
    said = []
    for name, words in (
        ("kind", row.get_kind_display()),
        ("title", row.title),
        ("citation", row.citation),
        ("effective_on", day(row.effective_on) if row.effective_on else ""),
        ("penal", _("yes") if row.penal else _("no")),
    ):
        was, now = getattr(row, name), getattr(note, name)
        if was not in (None, "") and now not in (None, "") and was != now:
            field: Any = Measure._meta.get_field(name)
            label = str(field.verbose_name)
            said.append(colon(label, str(words)))
    if not said:
        return ""
    return _("The State reported: %(facts)s") % {"facts": "; ".join(said)}
