"""Doubts are said and stop nothing; only law and arithmetic stop a report."""

import datetime as dt

import pytest

from reporting import coverpage
from reporting.art7_2010 import ART7_2010
from reporting.doubts import doubts, problems, sources_of_unchanged, usual_kind, years_covered
from reporting.models import FormAnswers
from tests.factories import ReportFactory, StateFactory, TreatyActionFactory
from tests.reporting.papers import received

TODAY = dt.date(2026, 11, 20)
ALL_CHANGED = {form.key: {"mark": "changed"} for form in coverpage.FORMS}


def said(report):
    """The doubts about a report that was made ready as a file."""
    report.original = report.original or received(report.state, words="its own")
    return [doubt.text for doubt in doubts(report, TODAY)]


def handed_in(laos, focal_point, year, marks=None, **facts):
    return ReportFactory(
        state=laos,
        year=year,
        covers_from=dt.date(year, 1, 1),
        covers_to=dt.date(year, 12, 31),
        status="handed-in",
        reference=f"A7-{year}-LAO-01",
        original=received(laos, words=str(year)),
        handed_in_at=dt.datetime(year + 1, 4, 1, tzinfo=dt.UTC),
        handed_in_by=focal_point,
        received_by_isu=dt.date(year + 1, 4, 1),
        marks=marks or {},
        **facts,
    )


def test_a_complete_annual_report_raises_no_doubt(laos):
    report = ReportFactory(state=laos, marks=ALL_CHANGED)

    assert said(report) == []


def test_a_missing_mark_is_named_by_its_letter(laos):
    marks = {key: value for key, value in ALL_CHANGED.items() if key != "clearance"}

    assert said(ReportFactory(state=laos, marks=marks)) == ["No mark on the cover page for: F."]


def test_form_j_is_voluntary(laos):
    marks = {key: value for key, value in ALL_CHANGED.items() if key != "other"}

    assert said(ReportFactory(state=laos, marks=marks)) == []


def test_unchanged_without_a_year_is_doubted_as_in_mauritania_2015(laos):
    marks = ALL_CHANGED | {"stockpiles": {"mark": "unchanged"}}

    assert said(ReportFactory(state=laos, marks=marks)) == [
        "Form B is unchanged, but since which year is not said."
    ]


def test_unchanged_since_a_year_that_is_not_earlier_is_doubted(laos):
    marks = ALL_CHANGED | {"stockpiles": {"mark": "unchanged", "year": 2025}}

    assert said(ReportFactory(state=laos, year=2025, marks=marks)) == [
        "Form B is unchanged since 2025, which is not before this report."
    ]


def test_unchanged_since_a_report_that_is_not_here_is_doubted(laos):
    marks = ALL_CHANGED | {"stockpiles": {"mark": "unchanged", "year": 2019}}

    assert said(ReportFactory(state=laos, marks=marks)) == [
        "Form B points to a report on 2019, which our records do not hold."
    ]


def test_a_chain_of_unchanged_is_doubted_and_never_resolved(laos, focal_point):
    handed_in(laos, focal_point, 2024, {"stockpiles": {"mark": "unchanged", "year": 2020}})
    marks = ALL_CHANGED | {"stockpiles": {"mark": "unchanged", "year": 2024}}
    report = ReportFactory(state=laos, marks=marks)

    assert said(report) == ["Form B points to 2024, where the form was not “changed” either."]
    assert sources_of_unchanged(report) == {}


def test_what_is_doubted_of_several_forms_alike_is_one_sentence(laos, focal_point):
    unchanged = {"mark": "unchanged", "year": 2020}
    handed_in(laos, focal_point, 2024, {"stockpiles": unchanged, "clearance": unchanged})
    since = {"mark": "unchanged", "year": 2024}
    marks = ALL_CHANGED | {"stockpiles": since, "clearance": since}

    assert said(ReportFactory(state=laos, marks=marks)) == [
        "Forms B, F point to 2024, where they were not “changed” either."
    ]


def test_the_report_in_which_a_form_last_changed_is_found(laos, focal_point):
    handed_in(laos, focal_point, 2022, ALL_CHANGED)
    marks = ALL_CHANGED | {"stockpiles": {"mark": "unchanged", "year": 2022}}
    report = ReportFactory(state=laos, marks=marks)

    # Two years lie between: they are named, and stop nothing.
    assert [sentence[:49] for sentence in said(report)] == [
        "Our records do not hold reports on 2023, 2024, wh"
    ]
    assert sources_of_unchanged(report) == {"stockpiles": "A7-2022-LAO-01"}


def test_form_a_always_applies(laos):
    marks = ALL_CHANGED | {"measures": {"mark": "not-applicable", "sentence": "We have none."}}

    assert said(ReportFactory(state=laos, marks=marks)) == [
        "Form A always applies: each State reports its measures."
    ]


def test_not_applicable_asks_for_one_sentence(laos):
    marks = ALL_CHANGED | {"conversion": {"mark": "not-applicable"}}

    assert said(ReportFactory(state=laos, marks=marks)) == [
        "Form E does not apply: one sentence saying why is missing."
    ]


def test_french_letters_follow_the_french_form(laos):
    marks = ALL_CHANGED | {"retained-transferred": {"mark": "unchanged"}}
    in_english = ReportFactory(state=laos, year=2024, marks=marks)
    in_french = ReportFactory(state=laos, year=2025, language="fr", marks=marks)

    assert said(in_english)[-1].startswith("Form D is unchanged")
    assert said(in_french)[-1].startswith("Form C is unchanged")


def test_the_french_cover_page_prints_retained_before_technical():
    keys = [form.key for form in ART7_2010.in_order("fr")]

    assert keys[2:4] == ["retained-transferred", "technical-characteristics"]


def test_a_cover_page_on_an_initial_report_is_doubted_as_in_belize(laos):
    report = ReportFactory(state=laos, kind="initial", marks={"measures": {"mark": "unchanged"}})

    assert said(report) == [
        "The cover page is made for annual reports; an initial report fills in every form.",
        "In an initial report nothing can be unchanged: A.",
    ]


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        # Lebanon's second report
        ("2024-10-27", "2025-04-09", "does not cover the whole of 2025"),
        # Belize: two and a half years
        ("2023-01-01", "2025-12-31", "covers several years: 2023, 2024, 2025"),
        ("2025-01-01", "2026-12-31", "has not come yet"),
    ],
)
def test_odd_periods_are_doubted(laos, first, last, sentence):
    report = ReportFactory(
        state=laos,
        covers_from=dt.date.fromisoformat(first),
        covers_to=dt.date.fromisoformat(last),
        marks=ALL_CHANGED,
    )

    assert sentence in said(report)[0]


def test_years_covered_are_whole_years():
    assert years_covered(dt.date(2015, 3, 1), dt.date(2017, 10, 31)) == [2016]


def test_the_same_file_as_last_year_is_doubted(laos, focal_point):
    handed_in(laos, focal_point, 2024)
    same = received(laos, words="2024")

    report = ReportFactory(state=laos, marks=ALL_CHANGED, original=same)

    assert said(report) == [
        "This is the same file, byte for byte, as the annual report 2024 (A7-2024-LAO-01)."
    ]


def test_only_a_missing_file_and_a_backward_period_stop_a_report(laos):
    report = ReportFactory(state=laos)
    assert list(problems(report)) == [
        "There is nothing in the report yet: fill in a form, mark the cover page, or choose a file."
    ]

    report.original = received(laos)
    report.covers_from, report.covers_to = dt.date(2013, 1, 12), dt.date(2013, 1, 1)

    assert list(problems(report)) == ["The period ends before it begins."]


def test_doubts_cost_the_same_few_queries_however_many_reports_there_are(
    laos, focal_point, django_assert_num_queries
):
    report = ReportFactory(state=laos, marks=ALL_CHANGED)
    handed_in(laos, focal_point, 2024)
    report.refresh_from_db()
    with django_assert_num_queries(6):
        doubts(report, TODAY)
    handed_in(laos, focal_point, 2023)
    handed_in(laos, focal_point, 2022)
    with django_assert_num_queries(5):
        doubts(report, TODAY)


@pytest.mark.parametrize("year", [2007, 2027])
def test_a_year_that_cannot_be_reported_on_stops_the_report(laos, today, year):
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    report = ReportFactory.build(
        state=laos, year=year, covers_from=first, covers_to=last, original=received(laos)
    )

    assert list(problems(report)) == ["A report covers a calendar year from 2008 to 2026."]


@pytest.mark.parametrize(
    ("kind", "first", "last", "stops"),
    [
        ("annual", dt.date(2024, 1, 1), dt.date(2024, 12, 31), True),
        ("voluntary", dt.date(2026, 1, 1), dt.date(2026, 6, 30), True),
        ("annual", dt.date(2024, 7, 1), dt.date(2025, 6, 30), False),
        ("initial", dt.date(2024, 1, 1), dt.date(2024, 12, 31), False),
    ],
)
def test_a_period_outside_of_the_year_stops_the_report(laos, today, kind, first, last, stops):
    report = ReportFactory.build(
        state=laos, kind=kind, covers_from=first, covers_to=last, original=received(laos)
    )

    assert any("lies outside of 2025" in text for text in problems(report)) is stops


def test_an_annual_report_of_a_state_that_was_not_bound_is_doubted(db):
    state = StateFactory(iso3="USA", name_en="United States of America")

    assert said(ReportFactory(state=state, marks=ALL_CHANGED)) == [
        "The Convention was not in force for United States of America in 2025: a report on that "
        "year is a voluntary report."
    ]
    assert said(ReportFactory(state=state, kind="voluntary", marks=ALL_CHANGED)) == []


def test_a_state_that_left_reports_on_the_years_in_which_it_was_bound(laos):
    TreatyActionFactory(
        state=laos,
        kind="withdrawal",
        done_on=dt.date(2024, 9, 6),
        takes_effect_on=dt.date(2025, 3, 6),
    )
    kinds = {year: str(usual_kind(laos, year)) for year in (2024, 2025, 2026)}

    assert kinds == {2024: "annual", 2025: "annual", 2026: "voluntary"}


def test_an_initial_report_may_come_before_entry_into_force(db):
    state = StateFactory(iso3="VUT", name_en="Vanuatu")
    TreatyActionFactory(state=state, done_on=dt.date(2025, 10, 1))

    report = ReportFactory(state=state, kind="initial")

    assert not any("not in force" in text for text in said(report))


def test_the_file_of_the_version_before_is_the_same_file_too(laos, focal_point):
    first = handed_in(laos, focal_point, 2025)
    second = ReportFactory(
        state=laos, number=2, amends=first, marks=ALL_CHANGED, original=received(laos, words="2025")
    )

    assert "the same file, byte for byte" in said(second)[0]


def test_forms_that_are_marked_as_changed_and_empty_are_asked_about_where_no_file_says_it(laos):
    report = ReportFactory(state=laos, year=2025, marks=ALL_CHANGED)
    for form in coverpage.FORMS[2:]:
        FormAnswers.objects.create(report=report, form=form.key, said={"x": 1})

    assert [(doubt.text, doubt.form) for doubt in doubts(report, TODAY)] == [
        ("Forms A, B are marked as changed, and nothing is answered in them.", "measures"),
        ("No national point of contact is named: Article 7(1)(l) asks for them.", ""),
    ]


def test_what_is_no_answer_is_said_with_what_was_typed(laos):
    report = ReportFactory(state=laos, year=2025, marks=ALL_CHANGED)
    FormAnswers.objects.create(
        report=report, form="clearance", unread={"areas.aaaa.size": "about 3"}
    )

    [doubt] = [each for each in doubts(report, TODAY) if "understood" in each.text]
    assert doubt.text.startswith("Form F: one answer is not understood (“about 3”).")
    assert doubt.form == "clearance"


def test_marks_alone_are_a_report_where_it_was_made_here_and_not_where_it_came_as_a_file(laos):
    here = ReportFactory(state=laos, year=2025, marks=ALL_CHANGED)
    by_mail = ReportFactory(state=laos, year=2024, marks=ALL_CHANGED, channel="e-mail")

    assert list(problems(here)) == []
    assert "nothing in the report yet" in " ".join(problems(by_mail))
