"""The reports of the fictional States: published, handed in, and a draft."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

from django.utils.html import escape

from records import uploads
from records.models import Upload
from reporting import demo_answers, demo_files, demo_years, filing, noting, receipt
from reporting.coverpage import FORMS
from reporting.days import record_receipt
from reporting.models import FormAnswers, Report
from reporting.workflow import REPORTS
from states.models import State, User

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="static:paper.css"></head>
<body><main><h1>{title}</h1>
<p>This report was invented for a demonstration. The State does not exist.</p>
<h2>Form A – National implementation measures</h2>
<p>The Act on Cluster Munitions has been in force since {year}. It carries penal sanctions.</p>
<h2>Form B – Stockpiles and destruction</h2>
<p>{name} has never possessed cluster munitions.</p></main></body></html>"""

PAGE_FR = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="static:paper.css"></head>
<body><main><h1>{title}</h1>
<p>Ce rapport a été inventé pour une démonstration. L'État n'existe pas.</p>
<h2>Formulaire A – Mesures d'application nationales</h2>
<p>La loi sur les armes à sous-munitions est en vigueur depuis {year}. Elle prévoit des sanctions
pénales.</p>
<h2>Formulaire B – Stocks et destruction</h2>
<p>{name} n'a jamais possédé d'armes à sous-munitions.</p></main></body></html>"""


def make(today: dt.date, people: dict[str, User]) -> None:
    """Reports in every status, each made by the act that makes real ones.

    `people` are the users of the demonstration by mailbox.
    """
    if Report.objects.filter(demo=True).exists():
        return
    isu = people["assistant"]
    last = today.year - 1
    arvalia = State.objects.get(pk="XAA")
    demo_years.make(today, people, paper)
    _published(arvalia, last - 2, isu, today, version=0)
    for year in (last - 1, last):
        _published_from_forms(arvalia, year, people["focal-point.xaa"], isu, today)
    _noted(Report.objects.get(state=arvalia, year=last, status="published"), isu, today)
    _handed_in(State.objects.get(pk="XAC"), last, people["focal-point.xac"])
    filing.begin(
        State.objects.get(pk="XAB"), Report.Kind.ANNUAL, last, by=people["focal-point.xab"]
    )


def paper(state: State, year: int, by: User, *, version: int = 1, language: str = "en") -> Upload:
    """A PDF of one page that says that it is invented, in English or French."""
    from records import pdf  # noqa: PLC0415 -- slow to import, needed once

    french = language == "fr"
    name = state.name_fr if french else state.name_en
    title = f"{name} : rapport sur {year}" if french else f"{name}: transparency report on {year}"
    called = f"article-7_{state.iso3}_{year}_{language}"
    if version > 1:
        title, called = f"{title}, version {version}", f"{called}_v{version}"
    made = pdf.make(
        (PAGE_FR if french else PAGE).format(title=escape(title), year=year - 3, name=escape(name)),
        identifier=f"demo-{state.iso3}-{year}",
        title=title,
        language=language,
        issued_at=dt.datetime(year + 1, 4, 1, tzinfo=dt.UTC),
    )
    return uploads.receive(io.BytesIO(made.content), state, by, name=f"{called}.pdf")


def _marks(year: int) -> dict[str, dict[str, Any]]:
    marks: dict[str, dict[str, Any]] = {
        form.key: {"mark": "unchanged", "year": year - 1} for form in FORMS
    }
    marks["measures"] = {"mark": "changed"}
    return marks


def _published(state: State, year: int, isu: User, today: dt.date, *, version: int) -> None:
    received = min(dt.date(year + 1, 4, 12 + version), today)
    report = filing.file_for_state(
        state,
        Report.Kind.ANNUAL,
        year,
        paper(state, year, isu),
        by=isu,
        channel=Report.Channel.EMAIL,
        received_on=received,
        # What the year before reported of a stock that is being destroyed cannot stand unchanged.
        marks=_marks(year) | {key: {"mark": "changed"} for key in ("stockpiles", "clearance")},
    )
    record_receipt(report, "received_by_unoda", received, by=isu)
    report.refresh_from_db()
    REPORTS.take("publish", report, by=isu, on=min(received + dt.timedelta(days=8), today))


def _published_from_forms(
    state: State, year: int, focal_point: User, isu: User, today: dt.date
) -> None:
    """Filled in form by form, handed in and published on the day on which the portal is set up."""
    draft = filing.begin(state, Report.Kind.ANNUAL, year, by=focal_point)
    said = demo_answers.of_arvalia(year)
    draft.marks = {
        form.key: {"mark": "changed"}
        if form.key in said
        else {"mark": "not-applicable", "sentence": str(form.nothing) % {"state": state.name_en}}
        for form in FORMS
    }
    draft.language = "en"
    draft.save(update_fields=["marks", "language"])
    _answer(draft, said, focal_point)
    demo_files.attach(draft, focal_point)
    report = receipt.hand_in(draft, by=focal_point)
    report.refresh_from_db()
    REPORTS.take("publish", report, by=isu, on=today)


def _noted(report: Report, isu: User, today: dt.date) -> None:
    """A note of the ISU beside one figure; the State's own stays as it is."""
    noting.note(
        report,
        "clearance.released..size",
        by=isu,
        text="The operator's own report gives a smaller size; the State has been asked.",
        source="report of the operator, invented for the demonstration",
        signed_by="Implementation officer",
        signed_on=today,
        corrected=Decimal(240_000),
    )


def _answer(draft: Report, said: demo_answers.Said, by: User) -> None:
    FormAnswers.objects.bulk_create(
        FormAnswers(report=draft, form=form, said=answers, touched_by=by)
        for form, answers in said.items()
    )


def _handed_in(state: State, year: int, focal_point: User) -> None:
    draft = filing.begin(state, Report.Kind.ANNUAL, year, by=focal_point)
    draft.original = paper(state, year, focal_point)
    draft.marks = _marks(year)
    draft.save(update_fields=["original", "marks"])
    _answer(draft, demo_answers.of_calderra(), focal_point)
    receipt.hand_in(draft, by=focal_point)
