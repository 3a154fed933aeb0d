"""Last year's report is not always last year's: first ones, several years, gaps, other forms."""

import datetime as dt

import pytest
from django.urls import reverse

from reporting import days, doubts, owing, seen
from reporting.models import FormAnswers, Report
from states.models import Deadline, Practice
from tests import factories
from tests.conftest import appointed

pytestmark = pytest.mark.usefixtures("today")
AREAS = [{"id": "aaaa", "area": "Ban Phonsavan", "size": 1_250_000}]


class Capital:
    """A focal point at the pages, who does all that it does by pressing buttons."""

    def __init__(self, client, iso3="LAO"):
        self.client, self.iso3 = client, iso3

    def at(self, name, kind, year, *more):
        return reverse(name, args=[self.iso3, kind, year, *more])

    def begin(self, kind, year):
        answer = self.client.post(
            reverse("report-begin"), {"state": self.iso3, "kind": kind, "year": str(year)}
        )
        assert answer["Location"] == self.at("report-draft", kind, year)
        return self.draft(kind, year)

    def draft(self, kind, year):
        return Report.objects.get(state=self.iso3, kind=kind, year=year, status="draft")

    def answer(self, kind, year, form, **said):
        FormAnswers.objects.update_or_create(
            report=self.draft(kind, year), form=form, defaults={"said": said}
        )

    def page(self, kind, year, form="clearance"):
        return self.client.get(self.at("report-form", kind, year, form)).text

    def save(self, kind, year, first=None, last=None, **marks):
        draft = self.draft(kind, year)
        data = {
            "covers_from": first or draft.covers_from.isoformat(),
            "covers_to": last or draft.covers_to.isoformat(),
            "language": "en",
            "touched": draft.touched_at.isoformat(),
        }
        for form, (mark, more) in marks.items():
            key = form.replace("_", "-")
            data[f"{key}_mark"] = mark
            if more:
                data[f"{key}_{'year' if mark == 'unchanged' else 'sentence'}"] = more
        answer = self.client.post(self.at("report-draft", kind, year), data)
        assert answer.status_code == 302, answer.text
        return self.client.get(self.at("report-check", kind, year)).text

    def hand_in(self, kind, year):
        shown = seen.token(self.draft(kind, year))
        answer = self.client.post(self.at("report-hand-in", kind, year), {"touched": shown})
        report = Report.objects.filter(state=self.iso3, kind=kind, year=year).latest("number", "pk")
        assert report.status == "handed-in", answer.content
        return report


@pytest.fixture
def capital(focal_point, signed_in):
    return Capital(signed_in(focal_point))


def said(report, form="clearance"):
    return FormAnswers.objects.get(report=report, form=form).said


def test_a_first_report_fills_in_every_form_and_the_next_points_to_it(capital):
    capital.begin("initial", 2023)
    capital.answer("initial", 2023, "clearance", areas=AREAS)
    first = capital.hand_in("initial", 2023)
    capital.begin("annual", 2024)

    assert "What was answered in 2023" in capital.page("annual", 2024)
    check = capital.save("annual", 2024, clearance=("unchanged", "2023"))
    second = capital.hand_in("annual", 2024)

    assert "our records do not hold" not in check
    assert second.marks["clearance"]["reference"] == first.reference
    assert said(second) == {"areas": AREAS}


@pytest.mark.parametrize("year", ["2019", "2020", "2021"])
def test_a_report_on_several_years_is_the_one_on_each_of_them(capital, year):
    capital.begin("annual", 2021)
    capital.answer("annual", 2021, "clearance", areas=AREAS)
    check = capital.save("annual", 2021, "2019-01-01", "2021-12-31", clearance=("changed", ""))
    assert "covers several years: 2019, 2020, 2021" in check
    several = capital.hand_in("annual", 2021)
    capital.begin("annual", 2022)

    page = capital.save("annual", 2022, clearance=("unchanged", year))
    report = capital.hand_in("annual", 2022)

    assert "our records do not hold" not in page.lower()
    assert report.marks["clearance"]["reference"] == several.reference
    assert said(report) == {"areas": AREAS}


def test_the_report_on_the_year_itself_goes_before_one_on_several(capital):
    for year, first in ((2020, "2020-01-01"), (2021, "2019-01-01")):
        capital.begin("annual", year)
        capital.answer("annual", year, "clearance", programme=f"As in {year}.")
        capital.save("annual", year, first, f"{year}-12-31", clearance=("changed", ""))
        capital.hand_in("annual", year)
    capital.begin("annual", 2022)

    capital.save("annual", 2022, clearance=("unchanged", "2020"))

    assert said(capital.hand_in("annual", 2022)) == {"programme": "As in 2020."}


def test_a_year_that_no_report_holds_is_pointed_out(capital):
    capital.begin("annual", 2021)
    capital.save("annual", 2021, "2019-06-01", "2021-12-31", clearance=("changed", ""))
    capital.hand_in("annual", 2021)
    capital.begin("annual", 2022)

    # Of 2019 the report holds a part: that is not the report on 2019.
    page = capital.save("annual", 2022, clearance=("unchanged", "2019"))

    assert "points to a report on 2019, which our records do not hold" in page


def test_after_a_skipped_year_what_is_unchanged_is_copied_and_the_year_is_named(capital):
    capital.begin("annual", 2021)
    capital.answer("annual", 2021, "clearance", areas=AREAS)
    capital.save("annual", 2021, clearance=("changed", ""))
    before = capital.hand_in("annual", 2021)
    capital.begin("annual", 2023)

    assert "What was answered in 2021" in capital.page("annual", 2023)
    check = capital.save("annual", 2023, clearance=("unchanged", "2021"))
    report = capital.hand_in("annual", 2023)

    assert "Our records do not hold a report on 2022" in check
    for word in ("late", "missing", "overdue", "failed", "must"):
        assert word not in check.split("Our records do not hold")[1].split(".")[0]
    assert report.marks["clearance"]["reference"] == before.reference
    assert said(report) == {"areas": AREAS}


def test_no_year_is_named_between_reports_that_follow_each_other(capital):
    capital.begin("annual", 2021)
    capital.save("annual", 2021, "2019-01-01", "2021-12-31", clearance=("changed", ""))
    capital.hand_in("annual", 2021)
    capital.begin("annual", 2024)

    assert "do not hold a report" not in capital.save(
        "annual", 2024, "2022-01-01", "2024-12-31", clearance=("changed", "")
    )


def test_an_amended_version_of_a_report_on_several_years_is_the_one_that_counts(capital):
    capital.begin("annual", 2021)
    capital.answer("annual", 2021, "clearance", programme="First version.")
    capital.save("annual", 2021, "2019-01-01", "2021-12-31", clearance=("changed", ""))
    capital.hand_in("annual", 2021)

    capital.client.post(capital.at("report-amend", "annual", 2021, 1))
    draft = capital.draft("annual", 2021)
    assert (draft.covers_from, draft.covers_to) == (dt.date(2019, 1, 1), dt.date(2021, 12, 31))
    assert said(draft) == {"programme": "First version."}
    capital.answer("annual", 2021, "clearance", programme="Second version.")
    second = capital.hand_in("annual", 2021)
    capital.begin("annual", 2022)
    capital.save("annual", 2022, clearance=("unchanged", "2020"))
    report = capital.hand_in("annual", 2022)

    assert report.marks["clearance"]["reference"] == second.reference == "A7-2021-LAO-02"
    assert said(report) == {"programme": "Second version."}


@pytest.mark.parametrize("signed", [True, False])
def test_a_voluntary_report_goes_the_whole_way_and_meets_no_deadline(
    signed, signed_in, assistant, laos
):
    usa = factories.StateFactory(iso3="USA", name_en="United States of America")
    if signed:
        factories.TreatyActionFactory(state=usa, kind="signature", done_on=dt.date(2008, 12, 3))
    own = Capital(signed_in(appointed("focal-point", usa, "fp.usa@example.org", "FP")), "USA")
    before = list(Deadline.objects.order_by("pk").values())

    own.begin("voluntary", 2024)
    own.answer("voluntary", 2024, "other", matters="We support the Convention.")
    check = own.save("voluntary", 2024, other=("changed", ""))
    report = own.hand_in("voluntary", 2024)
    desk = signed_in(assistant)
    desk.post(
        reverse("admin:reporting_report_act", args=[report.pk, "publish"]), {"on": "2026-11-20"}
    )
    days.record_receipt(report, "received_by_unoda", dt.date(2026, 11, 1), by=assistant)

    assert "is a voluntary report" not in check
    report.refresh_from_db()
    assert report.status == "published"
    assert report.reference == "A7-2024-USA-01"
    assert days.deadline_of(report) is None
    assert list(Deadline.objects.order_by("pk").values()) == before
    owed = owing.owed_by(report.handed_in_by, dt.date(2026, 11, 20))
    assert [item.deadline for group in owed for item in (*group.open, *group.past)] == [None]
    rows = desk.get("/reports/?lang=en")
    assert rows.status_code == 200


def switch(value):
    Practice.objects.update_or_create(
        key=Practice.Key.FORMS_OF_2022, defaults={"value": value, "to_be_confirmed": False}
    )


def test_answers_of_older_forms_stand_beside_the_new_and_are_carried_where_they_have_a_place(
    capital,
):
    capital.begin("annual", 2023)
    capital.answer("annual", 2023, "clearance", areas=AREAS)
    capital.save("annual", 2023, clearance=("changed", ""))
    old = capital.hand_in("annual", 2023)
    switch("yes")
    capital.begin("annual", 2024)

    page = capital.page("annual", 2024)
    capital.save("annual", 2024, clearance=("unchanged", "2023"))
    new = capital.hand_in("annual", 2024)

    assert "What was answered in 2023" in page
    assert "Milestones of clearance" in page
    assert (old.schema, new.schema) == ("art7-2010", "art7-2022")
    assert said(new) == said(old) == {"areas": AREAS}


def test_what_has_no_place_in_the_forms_is_named_and_stays_where_it_was_said(capital):
    switch("yes")
    capital.begin("annual", 2023)
    plans = {"milestones": [{"id": "bbbb", "year": "2027", "size": 250_000}]}
    capital.answer("annual", 2023, "clearance", areas=AREAS, has_work_plan=True, **plans)
    capital.save("annual", 2023, clearance=("changed", ""))
    old = capital.hand_in("annual", 2023)
    switch("no")
    capital.begin("annual", 2024)

    page = capital.page("annual", 2024)
    check = capital.save("annual", 2024, clearance=("unchanged", "2023"))
    new = capital.hand_in("annual", 2024)

    for words in (page, check):
        assert "Milestones of clearance" in words
        assert "stays in that report" in words
    assert said(new) == {"areas": AREAS}
    assert said(old)["milestones"] == plans["milestones"]
    assert not [one for one in doubts.doubts(new) if "cannot" in one.text]
