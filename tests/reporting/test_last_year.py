"""A form opens with what the State answered before: to read, to start from, to compare with."""

import pytest
from django.urls import reverse

from reporting import answering, filing
from reporting.art7_2010 import ART7_2010
from reporting.boxes import Names
from reporting.differences import Side, differing
from reporting.last_year import is_blank, taken
from reporting.models import FormAnswers
from tests.conftest import appointed
from tests.factories import ReportFactory
from tests.reporting.papers import received
from tests.reporting.test_weighing import hand_in, reported

pytestmark = pytest.mark.usefixtures("today")
CLEARANCE = ART7_2010.form("clearance")
AREAS = [
    {"id": "aaaa", "area": "Ban Phonsavan", "size": 1_250_000, "remnants": "BLU-26"},
    {"id": "bbbb", "area": "North", "size": 800},
]
SAID = {"areas": AREAS, "programme": "Two teams."}


@pytest.fixture
def draft(laos, focal_point):
    return filing.begin(laos, "annual", 2025, by=focal_point)


@pytest.fixture
def at(focal_point, signed_in):
    return signed_in(focal_point)


def address(form="clearance"):
    return reverse("report-form", args=["LAO", "annual", 2025, form])


def stored(report, form="clearance"):
    return FormAnswers.objects.get(report=report, form=form)


def test_an_empty_form_shows_what_was_answered_last_and_offers_to_start_from_it(
    at, draft, laos, focal_point
):
    reported(laos, focal_point, 2022, clearance={"programme": "One team."})
    before = reported(laos, focal_point, 2023, clearance=SAID)
    reported(laos, focal_point, 2024, other={"matters": "x"})

    page = at.get(address()).text

    assert "What was answered in 2023" in page
    assert "Start from the answers of 2023" in page
    assert "Ban Phonsavan" in page
    assert "One team." not in page
    assert before.get_absolute_url() in page


def test_the_enter_key_saves_and_takes_nothing_over(at, draft, laos, focal_point):
    reported(laos, focal_point, 2024, clearance=SAID)

    form = at.get(address()).text.split('enctype="multipart/form-data"')[1]

    # A browser presses the first button of the form.
    assert form.index("Save and stay") < form.index("Start from the answers of 2024")
    assert 'name="take"' not in form.split("</button>")[0]


def test_where_nothing_was_answered_before_there_is_nothing_to_start_from(
    at, draft, laos, peru, focal_point
):
    reported(peru, focal_point, 2024, clearance=SAID)
    reported(laos, focal_point, 2024)

    assert "Start from" not in at.get(address()).text


def test_the_last_version_of_a_report_counts(at, draft, laos, focal_point):
    reported(laos, focal_point, 2024, clearance={"programme": "First version."})
    reported(laos, focal_point, 2024, number=2, clearance={"programme": "Second version."})

    page = at.get(address()).text

    assert "Second version." in page
    assert "First version." not in page


def test_what_was_amended_without_answers_is_not_told_from_the_version_before(
    at, draft, laos, focal_point
):
    reported(laos, focal_point, 2024, clearance=SAID)
    reported(laos, focal_point, 2024, number=2)

    assert "Start from" not in at.get(address()).text


def test_a_new_version_holds_the_answers_of_the_one_that_it_amends_from_the_start(
    at, laos, focal_point
):
    reported(laos, focal_point, 2024, clearance={"programme": "Last year."})
    first = reported(laos, focal_point, 2025, clearance={"programme": "First version."})

    draft = filing.amend(first, by=focal_point)

    assert stored(draft).said == {"programme": "First version."}
    assert "The same as in A7-2025-LAO-01." in at.get(address()).text


def test_the_earlier_answers_are_taken_over_with_their_files_and_marked_as_changed(
    at, draft, laos, focal_point
):
    upload = received(laos)
    law = [{"id": "aaaa", "title": "Act 12", "text": upload.pk}]
    before = ReportFactory(state=laos, year=2024)
    before.attachments.create(form="measures", upload=upload)
    hand_in(before, focal_point, measures={"measures": law})
    page = at.get(address("measures"))
    assert upload.name in page.text

    answer = at.post(
        address("measures"),
        {"take": "1", "seen": page.context["seen"], "mark.asked": "1", "mark": "unchanged"},
        follow=True,
    )

    assert stored(draft, "measures").said == {"measures": law}
    assert stored(draft, "measures").touched_by == focal_point
    assert [one.upload for one in draft.attachments.all()] == [upload]
    draft.refresh_from_db()
    assert draft.marks["measures"]["mark"] == "changed"
    assert "The answers of 2024 stand in the form now" in answer.text
    assert "The same as in 2024." in answer.text
    assert "Start from" not in answer.text


def test_what_was_typed_before_the_button_is_kept_and_wins(at, draft, laos, focal_point):
    reported(laos, focal_point, 2024, clearance=SAID)
    sent = {
        "areas.rows": ["cccc"],
        "areas.cccc.area": "South",
        "areas.cccc.size": "about 3",
        "programme": "Three teams.",
    }

    at.post(address(), sent | {"take": "1", "seen": ""})

    assert stored(draft).said == {
        "areas": [*AREAS, {"id": "cccc", "area": "South"}],
        "programme": "Three teams.",
    }
    assert stored(draft).unread == {"areas.cccc.size": "about 3"}


def test_the_button_pressed_twice_takes_over_once(at, draft, laos, focal_point):
    reported(laos, focal_point, 2024, clearance=SAID)

    at.post(address(), {"take": "1", "seen": ""})
    before = stored(draft).touched_at
    at.post(address(), {"take": "1", "seen": ""})

    assert stored(draft).said == SAID
    assert stored(draft).touched_at == before


def test_what_a_colleague_answered_meanwhile_is_not_replaced(
    at, draft, laos, focal_point, signed_in
):
    reported(laos, focal_point, 2024, clearance=SAID)
    other = signed_in(appointed("drafter", laos, "other@example.org", "Drafter, Lao PDR"))
    other.post(address(), {"programme": "Theirs.", "seen": ""})

    answer = at.post(address(), {"take": "1", "seen": ""}, follow=True)

    assert stored(draft).said == {"programme": "Theirs."}
    assert "Drafter, Lao PDR answered this form meanwhile" in answer.text

    both = at.post(address(), {"take": "1", "programme": "Mine.", "seen": ""})

    assert both.status_code == 409
    [difference] = both.context["apart"]
    assert (difference.stands, difference.typed) == ("Theirs.", "Mine.")
    assert stored(draft).said == {"programme": "Theirs."}


def test_where_there_is_nothing_to_take_over_the_button_saves_what_was_typed(at, draft):
    at.post(address(), {"take": "1", "programme": "Mine.", "seen": ""})

    assert stored(draft).said == {"programme": "Mine."}


def test_a_form_with_answers_lists_how_it_differs(at, draft, laos, focal_point):
    reported(laos, focal_point, 2024, clearance=SAID)
    now = [AREAS[0] | {"size": 900_000}, {"id": "cccc", "area": "South", "size": 5}]
    FormAnswers.objects.create(report=draft, form="clearance", said={"areas": now})

    page = at.get(address()).text

    assert "4 differences from 2024" in page
    assert "Start from" not in page


def test_differences_are_told_by_row_in_words(db, peru):
    was = {"transferred": [{"id": "aaaa", "quantity": 5}, {"id": "bbbb", "type": "RBK-250"}]}
    now = {
        "transferred": [
            {"id": "cccc", "type": "BL-755", "receiver": "PER", "purpose": "destruction"},
            {"id": "aaaa", "quantity": 1200, "transferred_on": "2025-03-01"},
        ]
    }
    form = ART7_2010.form("retained-transferred")

    found = [
        (one.label, one.then, one.now) for one in differing(form, Side(was), Side(now), Names())
    ]

    assert found == [
        (
            "Transferred, row 1: new",
            "",
            "Type of cluster munition: BL-755\nPurpose: destruction\nReceiving State Party: Peru",
        ),
        ("Transferred, row 2: Quantity of munitions", "5", "1,200"),
        ("Transferred, row 2: Day of the transfer", "", "1 March 2025"),
        ("Transferred: gone", "Type of cluster munition: RBK-250", ""),
    ]
    assert list(differing(form, Side(was), Side(was), Names())) == []


def test_rows_in_another_order_are_no_difference(db):
    was, now = {"areas": AREAS}, {"areas": AREAS[::-1]}

    assert list(differing(CLEARANCE, Side(was), Side(now), Names())) == []


def test_a_part_of_an_answer_that_was_typed_wins_over_the_earlier_answer():
    said = {"completed_on": "2024-01-01", "programme": "Two teams.", "areas": AREAS}

    found = taken(CLEARANCE, said, {"programme": " ", "completed_on": "soon", "areas": [AREAS[1]]})

    assert found == {
        "programme": "Two teams.",
        "completed_on": "soon",
        "areas": [AREAS[0], AREAS[1]],
    }
    assert is_blank({"areas": [{"id": "x", "position": {"latitude": ""}}], "programme": ""})
    assert not is_blank({"areas": [{"id": "x", "size": 0}]})


@pytest.mark.parametrize("number", [5, 500])
@pytest.mark.parametrize("is_answered", [False, True])
def test_a_form_with_earlier_answers_takes_the_same_queries_for_many_rows(
    at, draft, laos, focal_point, number, is_answered, django_assert_num_queries
):
    rows = [{"id": f"r{n:05d}", "type": f"Type {n}"} for n in range(number)]
    form = "technical-characteristics"
    reported(laos, focal_point, 2023, **{form: {"types": rows}})
    reported(laos, focal_point, 2024, **{form: {"types": rows}})
    if is_answered:
        other = [row | {"fusing": "none"} for row in rows]
        FormAnswers.objects.create(report=draft, form=form, said={"types": other})
    at.get(address(form))

    with django_assert_num_queries(12):
        page = at.get(address(form)).text
    if number == 500:
        words = "475 more differences" if is_answered else "475 more rows"
        assert words in page
    assert answering.address(draft, ART7_2010.form(form)) == address(form)
