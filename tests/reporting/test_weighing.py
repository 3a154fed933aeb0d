"""The rules ask of a real report: its answers, those before, obligations, receivers."""

import datetime as dt

import pytest
from django.urls import reverse

from reporting import doubts, filing
from reporting.models import FormAnswers
from tests.factories import ObligationFactory, ReportFactory, StateFactory, TreatyActionFactory
from tests.reporting.papers import received

pytestmark = pytest.mark.usefixtures("today")
STOCK = [{"id": "aaaa", "type": "BL-755", "quantity": 100}]


@pytest.fixture
def draft(laos, focal_point):
    return filing.begin(laos, "annual", 2025, by=focal_point)


def reported(laos, focal_point, year, number=1, **forms):
    """A report that was handed in with these answers."""
    report = ReportFactory(
        state=laos,
        year=year,
        number=number,
        covers_from=dt.date(year, 1, 1),
        covers_to=dt.date(year, 12, 31),
    )
    return hand_in(report, focal_point, **forms)


def hand_in(report, focal_point, **forms):
    """Hands it in with these answers, by hand: the reports before it have no papers to be set."""
    for form, said in forms.items():
        FormAnswers.objects.create(report=report, form=form, said=said)
    report.status = "handed-in"
    report.reference = f"A7-{report.year}-{report.state_id}-0{report.number}"
    report.original = received(report.state, words=report.reference)
    report.handed_in_at, report.handed_in_by = dt.datetime(2025, 4, 1, tzinfo=dt.UTC), focal_point
    report.received_by_isu = dt.date(2025, 4, 1)
    report.save()
    return report


def asked(report):
    return {doubt.rule: doubt for doubt in doubts.doubts(report) if doubt.rule}


def test_a_stock_is_compared_with_the_last_version_of_the_report_before(draft, laos, focal_point):
    reported(laos, focal_point, 2023, stockpiles={"stock": [STOCK[0] | {"quantity": 1}]})
    reported(laos, focal_point, 2024, stockpiles={"stock": [STOCK[0] | {"quantity": 2}]})
    reported(laos, focal_point, 2024, number=2, stockpiles={"stock": STOCK})
    now = FormAnswers.objects.create(report=draft, form="stockpiles", said={"stock": STOCK})
    assert "stock_adds_up" not in asked(draft)

    now.said = {"stock": [STOCK[0] | {"quantity": 90}]}
    now.save()

    assert "100 munitions at the end of 2024" in asked(draft)["stock_adds_up"].text


def test_an_open_obligation_is_asked_about_and_a_fulfilled_or_unsure_one_is_not(draft, laos):
    draft.marks = {"clearance": {"mark": "not-applicable", "sentence": "None were ever found."}}
    assert asked(draft) == {}

    for facts in ({"confidence": "low"}, {"fulfilled_on": dt.date(2020, 1, 1)}):
        row = ObligationFactory(state=laos, kind="art4", clause="4(1)(a)", **facts)
        assert asked(draft) == {}
        row.delete()
    ObligationFactory(state=laos, kind="art4", clause="4(1)(a)")
    doubt = asked(draft)["not_applicable_owes_nothing"]

    assert (doubt.form, doubt.place) == ("clearance", "")
    assert "obligation under Article 4" in doubt.text


def test_the_receiver_is_a_party_as_at_the_day_of_the_transfer(draft):
    vanuatu = StateFactory(iso3="VUT", name_en="Vanuatu")
    TreatyActionFactory(
        state=vanuatu, done_on=dt.date(2024, 9, 5), takes_effect_on=dt.date(2025, 3, 1)
    )
    rows = [
        {"id": f"row{on[5:7]}", "type": "X", "receiver": "VUT", "transferred_on": on}
        for on in ("2025-02-28", "2025-03-01")
    ]
    FormAnswers.objects.create(
        report=draft, form="retained-transferred", said={"transferred": rows}
    )

    doubt = asked(draft)["receiver_is_a_party"]

    assert "row 1: our records do not show Vanuatu as a State Party on 28 February" in doubt.text


def test_the_check_page_leads_to_the_box_and_lets_the_report_go(draft, focal_point, signed_in):
    rows = [{"id": f"r{n:05d}", "type": "X", "quantity": n} for n in range(30)]
    rows.append({"id": "rlast", "quantity": 4})
    FormAnswers.objects.create(report=draft, form="stockpiles", said={"stock": rows})

    page = signed_in(focal_point).get(reverse("report-check", args=["LAO", "annual", 2025]))

    link = reverse("report-form", args=["LAO", "annual", 2025, "stockpiles"])
    assert f'href="{link}?stock.page=2#stock.rlast.type"' in page.text
    assert "row 31: munitions are counted" in page.text
    assert "Hand to the ISU" in page.text


@pytest.mark.parametrize("number", [5, 500])
def test_the_rules_cost_the_same_queries_for_many_rows_and_years(
    draft, laos, focal_point, number, django_assert_num_queries
):
    for iso3 in ("PER", "VUT", "CHE"):
        StateFactory(iso3=iso3)
    for year in range(2024, 2024 - number // 100 - 1, -1):
        reported(laos, focal_point, year, stockpiles={"stock": STOCK})
    receivers = ("PER", "VUT", "CHE")[: 1 if number == 5 else 3]
    FormAnswers.objects.create(
        report=draft,
        form="stockpiles",
        said={"stock": [{"id": f"r{n:05d}", "type": f"T{n}"} for n in range(number)]},
    )
    FormAnswers.objects.create(
        report=draft,
        form="retained-transferred",
        said={
            "transferred": [
                {"id": f"r{n:05d}", "type": "X", "receiver": receivers[n % len(receivers)]}
                for n in range(number)
            ]
        },
    )
    draft.marks["clearance"] = {"mark": "not-applicable", "sentence": "None were ever found."}
    list(draft.state.actions.all())

    # Other reports, this one's answers, actions; the answers before, obligations, receivers (2);
    # forms with colleagues, points of contact; confirmed transcriptions.
    with django_assert_num_queries(10):
        doubts.doubts(draft)
