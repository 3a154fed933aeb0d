"""Two reports of a State stand beside each other: what is new, what changed, what has gone."""

import pytest

from reporting import filing
from reporting.comparing import compare
from reporting.models import Report
from tests.reporting.papers import received
from tests.reporting.test_weighing import hand_in, reported

pytestmark = pytest.mark.usefixtures("today")
NORTH = {"id": "bbbb", "area": "North", "size": 800}
VALLEY = {"id": "aaaa", "area": "Lower valley", "size": 1_250_000}
SOUTH = {"id": "cccc", "area": "South", "size": 5}


def both(laos, focal_point, then, now):
    return compare(
        reported(laos, focal_point, 2023, **then), reported(laos, focal_point, 2024, **now)
    )


def told(compared, form="clearance"):
    [found] = [one for one in compared.forms if one.form.key == form]
    return [
        (one.what, one.label, one.about, plain(one.then), plain(one.now))
        for one in found.differences
    ]


def plain(words):
    """Without the spaces at which no line breaks."""
    return words.replace("\N{NO-BREAK SPACE}", " ")


def test_rows_are_the_same_where_their_ids_are(laos, focal_point):
    compared = both(
        laos,
        focal_point,
        {"clearance": {"areas": [VALLEY, NORTH], "programme": "Two teams."}},
        {"clearance": {"areas": [SOUTH, VALLEY | {"size": 900_000}], "programme": "Two teams."}},
    )

    assert told(compared) == [
        (
            "added",
            "Areas known to be contaminated, row 1: new",
            "South",
            "",
            "Name of the area: South\nSize: 5 m²",
        ),
        (
            "changed",
            "Areas known to be contaminated, row 2: Size",
            "Lower valley",
            "1,250,000 m² (1.25 km²)",
            "900,000 m²",
        ),
        (
            "removed",
            "Areas known to be contaminated: gone",
            "North",
            "Name of the area: North\nSize: 800 m²",
            "",
        ),
    ]
    assert compared.number == 3
    assert [one.form.key for one in compared.differing] == ["clearance"]


def test_a_form_that_says_the_same_is_named_as_such(laos, focal_point):
    same = {"other": {"matters": "Nothing new."}}

    compared = both(laos, focal_point, same, same)

    assert compared.number == 0
    assert [one.form.key for one in compared.same] == ["other"]
    assert [one.label for one in compared.facts] == ["Period"]


def test_of_reports_that_came_as_files_the_files_are_named(laos, focal_point):
    compared = both(laos, focal_point, {}, {"other": {"matters": "New."}})

    assert [one.label for one in compared.facts] == ["Period", "File"]
    [other] = compared.differing
    assert (other.nothing_then, other.nothing_now) == (True, False)


def test_what_is_no_answer_yet_is_compared_as_it_was_typed(laos, focal_point):
    then = reported(laos, focal_point, 2024, clearance={"areas": [VALLEY]})
    now = filing.amend(then, by=focal_point)
    now.forms.update(
        said={"areas": [{"id": "aaaa", "area": "Lower valley"}]},
        unread={"areas.aaaa.size": "about 3"},
    )

    assert [one[3:] for one in told(compare(then, now))] == [("1,250,000 m² (1.25 km²)", "about 3")]


def test_two_files_of_one_name_are_told_apart(laos, focal_point):
    first, second = received(laos, words="one"), received(laos, words="two")
    row = {"id": "aaaa", "title": "Act 12"}

    compared = both(
        laos,
        focal_point,
        {"measures": {"measures": [row | {"text": first.pk}]}},
        {"measures": {"measures": [row | {"text": second.pk}]}},
    )

    [(_what, _label, _about, then, now)] = told(compared, "measures")
    assert then != now


def test_what_the_cover_page_says_of_a_form_is_compared_too(laos, focal_point):
    then = reported(laos, focal_point, 2023, clearance={"programme": "Two teams."})
    draft = filing.begin(laos, "annual", 2024, by=focal_point)
    draft.marks = {"clearance": {"mark": "unchanged", "year": 2023}}
    draft.save()
    now = hand_in(draft, focal_point, clearance={"programme": "Two teams."})

    [clearance] = compare(then, now).differing

    assert clearance.number == 0
    assert clearance.now.said == "unchanged since the report on 2023"


@pytest.mark.parametrize("number", [3, 300])
def test_many_rows_take_the_same_queries(laos, focal_point, number, django_assert_num_queries):
    rows = [{"id": f"r{n:05d}", "area": f"Area {n}", "size": n} for n in range(number)]
    grown = [row | {"size": row["size"] + 1} for row in rows]
    then = reported(laos, focal_point, 2023, clearance={"areas": rows})
    now = reported(laos, focal_point, 2024, clearance={"areas": grown})
    then, now = (Report.objects.select_related("original").get(pk=one.pk) for one in (then, now))

    with django_assert_num_queries(5):
        compared = compare(then, now)

    assert compared.number == number


def test_two_files_alone_are_said_to_be_files(laos, focal_point):
    then, now = reported(laos, focal_point, 2023), reported(laos, focal_point, 2024)

    assert compare(then, now).are_files
    assert not compare(
        then, reported(laos, focal_point, 2022, clearance={"programme": "x"})
    ).are_files
