"""Reads a line of an index with its file, and says what taking it in would do. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from records import files
from records.archive.container import Container, Unreadable
from records.models import Upload
from reporting import days, doubts, filing
from reporting.archive import columns
from reporting.models import DRAFT, ArchiveLine, Finding, Report
from reporting.transcription import confirmed
from states.models import State
from states.words import day
from states.written_days import is_plain, only_reading, readings

WORDS = {
    **days.WHICH,
    "covers_from": ArchiveLine._meta.get_field("covers_from").verbose_name,
    "covers_to": ArchiveLine._meta.get_field("covers_to").verbose_name,
    "published_on": ArchiveLine._meta.get_field("published_on").verbose_name,
}


class Refusal(Exception):
    """Why a line cannot be taken, in a sentence."""


@dataclass(slots=True)
class Read:
    """What a line says, as far as it can be read."""

    state: State
    kind: str
    year: int
    covers_from: dt.date
    covers_to: dt.date
    language: str = "en"
    received_by_isu: dt.date | None = None
    sent_to_unoda: dt.date | None = None
    received_by_unoda: dt.date | None = None
    publish: bool = False
    published_on: dt.date | None = None
    as_published: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Such as "Peru, annual report 2015"."""
        return str(Report(state=self.state, kind=self.kind, year=self.year))


def look(line: ArchiveLine, container: Container, states: columns.States) -> None:
    """Fills in what the line would do; what a person has answered goes before what is written.

    Not saved. Some eight queries; the file is unpacked into a temporary one and judged as any
    file that is handed in.
    """
    line.finding, line.sentence, line.doubts, line.notes = Finding.REFUSED.value, "", [], []
    container.mention(line.file)
    try:
        read = read_line(line, states)
        with container.taken(line.file) as taken:
            found = files.examine(taken.file, taken.name)  # type: ignore[arg-type]
        if found.problem is not None:
            raise Refusal(found.problem)
        _judge(line, read, found.sha256)
    except (Refusal, Unreadable) as refusal:
        line.sentence = str(refusal)
        _keep_what_is_read(line, states)


def _keep_what_is_read(line: ArchiveLine, states: columns.States) -> None:
    """Of a line that is refused all that can be read stands ready for the answer about it."""
    given = {**line.given, **line.answer}
    called = states.called(given.get("state", ""))
    line.state = called[0] if len(called) == 1 else None
    found = columns.years_in(given.get("year", ""))
    known = found is not None and not doubts.impossible_year(found[1], localdate())
    line.year = found[1] if found and known else None
    line.kind = columns.kind_in(given.get("kind", ""))
    line.language = columns.language_in(given.get("language", "")) or "en"
    for name in (*columns.PERIOD, *columns.RECEIPT):
        setattr(line, name, only_reading(given.get(name, "")))
    published = given.get("published_on", "")
    plain = columns.plain(published)
    line.publish = plain not in columns.NO | {""}
    line.published_on = only_reading(published) if plain not in columns.YES else None


def read_line(line: ArchiveLine, states: columns.States) -> Read:
    """What is written in the line, or was answered about it. Raises `Refusal`."""
    given = {**line.given, **line.answer}
    state = _state(given.get("state", ""), states)
    first, year = _years(given.get("year", ""))
    notes: list[str] = []
    asked: list[str] = []
    kind = columns.kind_in(given.get("kind", ""))
    if not kind:
        kind = doubts.usual_kind(state, year).value
        asked.append(_kind_unclear(given.get("kind", ""), kind))
    language = columns.language_in(given.get("language", ""))
    if not language:
        language = "en"
        if said := given.get("language"):
            asked.append(
                _("The language “%(said)s” is not known: read as English.") % {"said": said[:40]}
            )
    usual = filing.usual_period(state, kind, year, localdate())
    if first != year:
        usual = dt.date(first, 1, 1), dt.date(year, 12, 31)
        asked.append(
            _("The line names several years, %(first)s to %(last)s: it is counted under the last.")
            % {"first": first, "last": year}
        )
    read = Read(state, kind, year, *usual, language=language, doubts=asked, notes=notes)
    # What was published is what the index says, whatever was answered about it.
    read.as_published = {
        name: text
        for name in (*columns.PERIOD, *columns.RECEIPT, "published_on")
        if (text := line.given.get(name)) and not is_plain(text) and not _is_word(name, text)
    }
    _period(read, given)
    for name in columns.RECEIPT:
        setattr(read, name, _day_of(read, name, given.get(name, "")))
    _publication(read, given.get("published_on", ""))
    return read


def _state(text: str, states: columns.States) -> State:
    if not text:
        raise Refusal(_("The line names no State."))
    found = states.called(text)
    if not found:
        raise Refusal(
            _("“%(name)s” is no State that is known here: write its code of three letters.")
            % {"name": text[:80]}
        )
    if len(found) > 1:
        raise Refusal(
            _("“%(name)s” has been the name of several States: write the code of three letters.")
            % {"name": text[:80]}
        )
    return found[0]


def _years(text: str) -> tuple[int, int]:
    found = columns.years_in(text)
    if found is None:
        raise Refusal(
            _("“%(said)s” is not a year: write it with four digits, such as 2015.")
            % {"said": text[:40]}
            if text
            else _("The line names no year.")
        )
    if impossible := doubts.impossible_year(found[1], localdate()):
        raise Refusal(impossible)
    if found[0] < doubts.FIRST_YEAR:
        raise Refusal(doubts.impossible_year(found[0], localdate()))
    return found


def _kind_unclear(said: str, kind: str) -> str:
    label = Report.Kind(kind).label
    if said:
        return _("“%(said)s” is no kind of report known here: read as %(kind)s.") % {
            "said": said[:40],
            "kind": label,
        }
    return _("The kind is not said: read as %(kind)s.") % {"kind": label}


def _is_word(name: str, text: str) -> bool:
    """Whether the column of publication holds a yes or a no, which is no date."""
    return name == "published_on" and columns.plain(text) in columns.YES | columns.NO | {""}


def _period(read: Read, given: dict[str, str]) -> None:
    """What the line gives, else the usual period; half of a period is asked about."""
    said = {name: given.get(name, "") for name in columns.PERIOD}
    if not any(said.values()):
        return
    found = {name: only_reading(text) for name, text in said.items()}
    if None in found.values():
        # A period is two days that belong together: half of one is not taken.
        read.doubts.append(
            _(
                "The period is not clear: “%(first)s” to “%(last)s”. Taken as it stands, it is "
                "%(from)s to %(to)s."
            )
            % {
                "first": said["covers_from"][:40],
                "last": said["covers_to"][:40],
                "from": day(read.covers_from),
                "to": day(read.covers_to),
            }
        )
        return
    for name, text in said.items():
        setattr(read, name, found[name])
        if not is_plain(text):
            read.notes.append(_read_as(name, text, found[name]))
    if read.covers_to < read.covers_from:
        raise Refusal(
            _("The period ends before it begins: “%(first)s” to “%(last)s”.")
            % {"first": said["covers_from"][:40], "last": said["covers_to"][:40]}
        )


def _read_as(name: str, text: str, on: Any) -> str:
    return _("“%(which)s” is written as “%(text)s”: read as %(day)s.") % {
        "which": WORDS[name],
        "text": text[:40],
        "day": day(on),
    }


def _day_of(read: Read, name: str, text: str) -> dt.date | None:
    """The day, where the text has one reading; else the text is kept as it was published."""
    if not text:
        return None
    found = readings(text)
    if len(found) == 1:
        if not is_plain(text):
            read.notes.append(_read_as(name, text, found[0]))
        return found[0]
    sentence = (
        _("“%(which)s” is written as “%(text)s”, which can be %(days)s: kept as published.")
        if found
        else _("“%(which)s” is written as “%(text)s”, which is no day: kept as published.")
    )
    said = sentence % {
        "which": WORDS[name],
        "text": text[:40],
        "days": _(" or ").join(day(one) for one in found),
    }
    read.doubts.append(said)
    return None


def _publication(read: Read, text: str) -> None:
    plain = columns.plain(text)
    if plain in columns.NO | {""}:
        return
    read.publish = True
    if plain not in columns.YES:
        read.published_on = _day_of(read, "published_on", text)


def _judge(line: ArchiveLine, read: Read, sha256: str) -> None:
    """What taking the line in would do, given what is here; the line is filled in."""
    for name in ("state", "kind", "year", "covers_from", "covers_to", "language", "publish"):
        setattr(line, name, getattr(read, name))
    line.sha256, line.as_published = sha256, read.as_published
    if forbidden := list(doubts.problems(_proposed(read, sha256))):
        raise Refusal(" ".join(forbidden))
    impossible = _days_that_cannot_be(read)
    for name in (*columns.RECEIPT, "published_on"):
        setattr(line, name, getattr(read, name))
    versions = list(_versions(read))
    same = next((one for one in versions if _sha(one) == sha256), None)
    line.report = same
    line.notes = read.notes
    if same is not None:
        line.finding = Finding.SAME.value
        line.sentence = _("The same file is here as %(reference)s.") % {"reference": same.reference}
        return
    earlier = _earlier_lines(line)
    if twin := next((one for one in earlier if one.sha256 == sha256), None):
        line.finding = Finding.SAME.value
        line.sentence = _("The same file as in line %(line)s.") % {"line": twin.number}
        return
    if not read.publish:
        line.notes = [
            *read.notes,
            _("No day of publication is given: the report is filed, and is not public."),
        ]
    line.finding = Finding.VERSION.value if versions or earlier else Finding.NEW.value
    line.doubts = [
        *read.doubts,
        *impossible,
        *_another(read, versions, earlier),
        *(doubt.text for doubt in doubts.of_the_record(_proposed(read, sha256))),
    ]


def _proposed(read: Read, sha256: str) -> Report:
    return Report(
        state=read.state,
        kind=read.kind,
        year=read.year,
        covers_from=read.covers_from,
        covers_to=read.covers_to,
        language=read.language,
        channel=Report.Channel.ARCHIVE,
        original=Upload(sha256=sha256),
    )


def _sha(report: Report) -> str:
    return report.original.sha256 if report.original else ""


def _versions(read: Read) -> Iterable[Report]:
    return (
        Report.objects.filter(state=read.state, kind=read.kind, year=read.year)
        .exclude(status=DRAFT)
        .select_related("original", "state")
        .order_by("-number")
    )


def _earlier_lines(line: ArchiveLine) -> list[ArchiveLine]:
    """Lines above this one about the same report that are still to be taken."""
    return list(
        ArchiveLine.objects.filter(
            archive=line.archive_id,
            number__lt=line.number,
            state=line.state,
            kind=line.kind,
            year=line.year,
            outcome="",
            left_out=False,
            finding__in=(Finding.NEW, Finding.VERSION),
        ).order_by("number")
    )


def _another(read: Read, versions: list[Report], earlier: list[ArchiveLine]) -> Iterable[str]:
    if versions:
        yield _(
            "%(report)s is here as %(reference)s, with another file: taken, this becomes a new "
            "version of it."
        ) % {"report": read.name, "reference": versions[0].reference}
        if any(row.said for row in confirmed.answers_of(versions[0])):
            yield _(
                "%(reference)s has answers to the forms, and this line brings a file alone: once "
                "it is public the figures of %(reference)s no longer stand for the report."
            ) % {"reference": versions[0].reference}
    for other in earlier[-1:]:
        if other.language != read.language:
            yield _(
                "Line %(line)s is the same report in another language: a translation is left out, "
                "a new version is taken."
            ) % {"line": other.number}
        else:
            yield _(
                "Line %(line)s is about the same report: taken, this becomes a new version of it."
            ) % {"line": other.number}


def _days_that_cannot_be(read: Read) -> list[str]:
    """Days that arithmetic forbids: each is kept as published and not recorded, with a doubt."""
    found = []
    for name in (*columns.RECEIPT, "published_on"):
        on = getattr(read, name)
        if on is None or not (why := _cannot_be(read, name, on)):
            continue
        read.as_published.setdefault(name, on.isoformat())
        setattr(read, name, None)
        found.append(
            _("“%(which)s”: %(why)s It is kept as published and not recorded.")
            % {"which": WORDS[name], "why": why}
        )
    return found


def _cannot_be(read: Read, name: str, on: dt.date) -> str:
    if on > localdate():
        return _("%(day)s has not come yet.") % {"day": day(on)}
    if too_early := days.before_its_time(read.kind, read.covers_from, on):
        return too_early
    if name == "received_by_unoda" and read.sent_to_unoda is not None and on < read.sent_to_unoda:
        return _("UNODA cannot receive on %(received)s what was sent on %(sent)s.") % {
            "received": day(on),
            "sent": day(read.sent_to_unoda),
        }
    if name == "published_on" and read.received_by_isu is not None and on < read.received_by_isu:
        return _("The report cannot be published on %(day)s: it was received on %(received)s.") % {
            "day": day(on),
            "received": day(read.received_by_isu),
        }
    return ""
