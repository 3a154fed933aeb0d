"""What a reader would doubt in a report, said before it is handed in; doubts stop nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting import outstanding, points, unchanged, weighing
from reporting.boxes import ROWS_ON_A_PAGE
from reporting.coverpage import FORMS
from reporting.models import DRAFT, FormAnswers, Report
from reporting.schema import CHANGED, NOT_APPLICABLE, UNCHANGED, Form
from reporting.unchanged import years_covered
from states.models import State
from states.standing import Status, standing
from states.words import day

FIRST_YEAR = 2008  # the Convention was adopted on 30 May 2008


@dataclass(frozen=True, slots=True)
class Doubt:
    """One sentence, and the question of the draft's page, or the form, that it is about.

    `place` is what follows the form's address to come to the answer; `rule` names the rule of
    `reporting.rules` that asks.
    """

    text: str
    field: str = ""
    form: str = ""
    place: str = ""
    rule: str = ""


def problems(report: Report) -> Iterable[str]:
    """What law or arithmetic forbids: these stop the report, nothing else does."""
    if report.original is None:
        if not says_something(report):
            yield _(
                "There is nothing in the report yet: fill in a form, mark the cover page, or "
                "choose a file."
            )
    elif report.original.verdict == "infected":
        yield _("The antivirus found something in the file: choose a clean copy.")
    if impossible := impossible_year(report.year, localdate()):
        yield impossible
    yield from _impossible_period(report)


def says_something(report: Report) -> bool:
    """Whether a draft made here holds an answer or a mark; what came as a file needs its file."""
    if report.pk is None or report.channel != Report.Channel.PORTAL:
        return False
    marked = any(said.get("mark") for said in report.marks.values())
    return marked or report.forms.exclude(said={}).exists()


def impossible_year(year: int, on: dt.date) -> str:
    """Why nobody can report on the year, in a sentence; empty where somebody can."""
    if FIRST_YEAR <= year <= on.year:
        return ""
    return _("A report covers a calendar year from %(first)s to %(last)s.") % {
        "first": FIRST_YEAR,
        "last": on.year,
    }


def _impossible_period(report: Report) -> Iterable[str]:
    """An initial report covers what was before, whatever the year under which it is counted."""
    first, last = report.covers_from, report.covers_to
    if last < first:
        yield _("The period ends before it begins.")
    elif report.kind != Report.Kind.INITIAL and not first.year <= report.year <= last.year:
        yield _("The period, %(first)s to %(last)s, lies outside of %(year)s.") % {
            "first": day(first),
            "last": day(last),
            "year": report.year,
        }


def doubts(report: Report, on: dt.date | None = None) -> list[Doubt]:
    """Every doubt about the report as it stands, in the order of the form; the same few queries."""
    others = _others(report)
    earlier = [one for one in others if (one.kind, one.year) != (report.kind, report.year)]
    rows = {row.form: row for row in report.forms.all()} if report.pk else {}
    return [
        *_about_the_kind(report),
        *_about_the_file(report, others),
        *_about_the_period(report, on or localdate()),
        *_about_the_years_between(report, earlier),
        *_about_the_cover_page(report, earlier),
        *(Doubt(text, form=key) for key, text in unchanged.left_behind(report, earlier)),
        *_about_the_forms(report, rows),
        *_about_the_answers(report, rows),
        *_about_others(report),
    ]


def questions(report: Report) -> list[Doubt]:
    """The doubts on which the secretariat is asked before it files what came by e-mail or post."""
    return [*_about_the_kind(report), *_about_the_file(report, _others(report))]


def of_the_record(report: Report) -> list[Doubt]:
    """The doubts on which whoever takes a past report in from an archive is asked.

    They are about what it is; its cover page and its forms are in its file.
    """
    return [*questions(report), *_about_the_period(report, localdate())]


def _others(report: Report) -> list[Report]:
    """What else the State has handed in, the last first."""
    return list(
        Report.objects.handed_in()
        .filter(state=report.state_id)
        .exclude(pk=report.pk)
        .select_related("original")
        .order_by("-number", "-pk")
    )


def usual_kind(state: State, year: int) -> Report.Kind:
    """What a report of the State on the year most often is."""
    return Report.Kind.ANNUAL if _in_force(state, year) else Report.Kind.VOLUNTARY


def _in_force(state: State, year: int) -> bool:
    actions = list(state.actions.all())
    ends = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return any(standing(actions, day).is_party for day in ends)


def _about_the_kind(report: Report) -> Iterable[Doubt]:
    """Article 7 binds States Parties; an initial report may come before entry into force."""
    if report.kind == Report.Kind.VOLUNTARY or _in_force(report.state, report.year):
        return
    at_last = report.state.standing(dt.date(report.year, 12, 31))
    if report.kind == Report.Kind.INITIAL and at_last.status is Status.DEPOSITED:
        return
    yield Doubt(
        _(
            "The Convention was not in force for %(state)s in %(year)s: a report on that year is "
            "a voluntary report."
        )
        % {"state": report.state, "year": report.year}
    )


def _about_the_file(report: Report, earlier: list[Report]) -> Iterable[Doubt]:
    if report.original is None:
        return
    for other in earlier:
        if other.original is not None and other.original.sha256 == report.original.sha256:
            yield Doubt(
                _("This is the same file, byte for byte, as %(report)s (%(reference)s).")
                % {"report": _described(other), "reference": other.reference},
                "file",
            )
            return


def _about_the_period(report: Report, on: dt.date) -> Iterable[Doubt]:
    """Article 7(2) asks for the previous calendar year; real periods are often odd."""
    if report.covers_to > on:
        yield Doubt(
            _("The period ends on %(day)s, which has not come yet.")
            % {"day": day(report.covers_to)},
            "covers_to",
        )
    if report.kind != Report.Kind.ANNUAL:
        return
    years = years_covered(report.covers_from, report.covers_to)
    if report.year not in years:
        yield Doubt(
            _("The period, %(first)s to %(last)s, does not cover the whole of %(year)s.")
            % {
                "first": day(report.covers_from),
                "last": day(report.covers_to),
                "year": report.year,
            },
            "covers_from",
        )
    elif len(years) > 1:
        yield Doubt(
            _("The period covers several years: %(years)s. The ISU will ask which it answers for.")
            % {"years": ", ".join(map(str, years))},
            "covers_from",
        )


def _about_the_years_between(report: Report, earlier: list[Report]) -> Iterable[Doubt]:
    """Years since the report before of which nothing is here: named, since it may be elsewhere."""
    if report.kind != Report.Kind.ANNUAL or report.covers_to < report.covers_from:
        return
    held = {
        year
        for other in earlier
        for year in (other.year, *years_covered(other.covers_from, other.covers_to))
    }
    held |= set(years_covered(report.covers_from, report.covers_to)) | {report.year}
    before = [year for year in held if year < report.year]
    if not before:
        return
    between = [year for year in range(max(before) + 1, report.year) if year not in held]
    if between:
        yield Doubt(
            ngettext(
                "Our records do not hold a report on %(years)s, which lies between this one and "
                "the one before. If there is one, please send the ISU a copy; this report may "
                "also cover that year.",
                "Our records do not hold reports on %(years)s, which lie between this one and "
                "the one before. If there are any, please send the ISU a copy; this report may "
                "also cover those years.",
                len(between),
            )
            % {"years": ", ".join(map(str, between))},
            "covers_from",
        )


def _about_the_cover_page(report: Report, earlier: list[Report]) -> Iterable[Doubt]:
    marks = report.marks
    if report.kind == Report.Kind.INITIAL:
        yield from _of_an_initial_report(report)
        return
    unmarked = [
        form.letter_in(report.language)
        for form in FORMS
        if form.key != "other" and not marks.get(form.key, {}).get("mark")
    ]
    if unmarked:
        yield Doubt(
            _("No mark on the cover page for: %(letters)s.")
            % {"letters": ", ".join(sorted(unmarked))},
            "measures_mark",
        )
    pointing: dict[tuple[str, int], list[Form]] = {}
    # What the ISU took down of a file may be less than the file says: nobody is asked for it here.
    own_marks = report.channel == Report.Channel.PORTAL
    for form in FORMS:
        said = marks.get(form.key, {})
        words = {"letter": form.letter_in(report.language), "title": form.title}
        if said.get("mark") == NOT_APPLICABLE:
            if NOT_APPLICABLE not in form.allowed:
                yield Doubt(
                    _("Form %(letter)s always applies: each State reports its measures.") % words,
                    f"{form.key}_mark",
                )
            if own_marks and not said.get("sentence"):
                yield Doubt(
                    _("Form %(letter)s does not apply: one sentence saying why is missing.")
                    % words,
                    f"{form.key}_sentence",
                )
        elif said.get("mark") == UNCHANGED:
            year = said.get("year")
            if not year and not own_marks:
                continue
            if not year or year >= report.year:
                yield _without_an_earlier_year(form, {**words, "year": year})
            elif found := _nowhere(form, year, earlier):
                pointing.setdefault((found, year), []).append(form)
    for (found, year), forms in pointing.items():
        yield _pointing_nowhere(report, found, year, forms)


def _about_the_forms(report: Report, rows: dict[str, FormAnswers]) -> Iterable[Doubt]:
    """What was typed and is no answer; and forms that say nothing where no file says it."""
    if report.pk is None:
        return
    empty = []
    for form in FORMS:
        row = rows.get(form.key)
        if row and row.unread:
            letter = form.letter_in(report.language)
            yield Doubt(_not_understood(letter, row.unread), form=form.key)
        changed = report.marks.get(form.key, {}).get("mark") == CHANGED
        if changed and not (row and (row.said or row.unread)):
            empty.append(form)
    if empty and report.original is None:
        letters = ", ".join(sorted(form.letter_in(report.language) for form in empty))
        text = ngettext(
            "Form %(letters)s is marked as changed, and nothing is answered in it.",
            "Forms %(letters)s are marked as changed, and nothing is answered in them.",
            len(empty),
        ) % {"letters": letters}
        yield Doubt(text, form=empty[0].key)


def _about_the_answers(report: Report, rows: dict[str, FormAnswers]) -> Iterable[Doubt]:
    """What the rules ask, with the way to the box that is meant."""
    for rule, one in weighing.asked(report, rows):
        place = f"#{one.name}" if one.name else ""
        if one.number > ROWS_ON_A_PAGE:
            page = (one.number - 1) // ROWS_ON_A_PAGE + 1
            place = f"?{one.name.split('.')[0]}.page={page}{place}"
        yield Doubt(one.text, form=one.form, place=place, rule=rule)


def _about_others(report: Report) -> Iterable[Doubt]:
    """Forms that are still with colleagues, and whom the report names."""
    for text, form in outstanding.still_out(report):
        yield Doubt(text, form=form)
    for text in points.doubts(report):
        yield Doubt(text, "contacts")


def _not_understood(letter: str, unread: dict[str, str]) -> str:
    number = len(unread)
    return ngettext(
        "Form %(letter)s: one answer is not understood (“%(typed)s”). It is handed in as it was "
        "typed, and counts in no figure.",
        "Form %(letter)s: %(n)s answers are not understood (“%(typed)s” and others). They are "
        "handed in as they were typed, and count in no figure.",
        number,
    ) % {"letter": letter, "n": number, "typed": next(iter(unread.values()))[:60]}


def _without_an_earlier_year(form: Form, words: dict[str, Any]) -> Doubt:
    text = (
        _("Form %(letter)s is unchanged since %(year)s, which is not before this report.")
        if words["year"]
        else _("Form %(letter)s is unchanged, but since which year is not said.")
    )
    return Doubt(text % words, f"{form.key}_year")


def _nowhere(form: Form, year: int, earlier: list[Report]) -> str:
    """Why the report on that year does not say what the form holds; empty where it does."""
    source = unchanged.on_the_year(earlier, year)
    if source is None:
        return "missing"
    then = source.marks.get(form.key, {}).get("mark")
    return "chain" if then and then != CHANGED else ""


def _pointing_nowhere(report: Report, found: str, year: int, forms: list[Form]) -> Doubt:
    """One sentence for all forms of which the same is to be said."""
    text = (
        ngettext(
            "Form %(letters)s points to a report on %(year)s, which our records do not hold.",
            "Forms %(letters)s point to a report on %(year)s, which our records do not hold.",
            len(forms),
        )
        if found == "missing"
        else ngettext(
            "Form %(letters)s points to %(year)s, where the form was not “changed” either.",
            "Forms %(letters)s point to %(year)s, where they were not “changed” either.",
            len(forms),
        )
    )
    letters = ", ".join(sorted(form.letter_in(report.language) for form in forms))
    return Doubt(text % {"letters": letters, "year": year}, f"{forms[0].key}_year")


def _of_an_initial_report(report: Report) -> Iterable[Doubt]:
    """Note 4 of the cover page: it is for later annual reports, not for the initial one."""
    if any(said.get("mark") for said in report.marks.values()):
        yield Doubt(
            _("The cover page is made for annual reports; an initial report fills in every form."),
            "measures_mark",
        )
    unchanged = [
        form.letter_in(report.language)
        for form in FORMS
        if report.marks.get(form.key, {}).get("mark") == UNCHANGED
    ]
    if unchanged:
        yield Doubt(
            _("In an initial report nothing can be unchanged: %(letters)s.")
            % {"letters": ", ".join(sorted(unchanged))},
            "measures_mark",
        )


def sources_of_unchanged(report: Report) -> dict[str, str]:
    """For each form marked unchanged, the reference of the report in which it last changed.

    Never a chain: only a report that itself says what the form holds is named. A report on several
    years is the one on each of them.
    """
    wanted = {
        key: said["year"]
        for key, said in report.marks.items()
        if said.get("mark") == UNCHANGED and said.get("year")
    }
    if not wanted:
        return {}
    held = list(
        Report.objects.filter(
            state=report.state_id,
            covers_from__year__lte=max(wanted.values()),
        )
        .exclude(status=DRAFT)
        .order_by("-number", "-pk")
    )
    answered = unchanged.answered_forms(held)
    found: dict[str, str] = {}
    for key, year in wanted.items():
        saying = [
            other for other in held if unchanged.says(other, key, (other.pk, key) in answered)
        ]
        if source := unchanged.on_the_year(saying, year):
            found[key] = source.reference
    return found


def _described(report: Report) -> str:
    return _("the %(kind)s %(year)s") % {"kind": report.get_kind_display(), "year": report.year}
