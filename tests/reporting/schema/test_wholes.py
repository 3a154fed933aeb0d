"""Answers of several parts, and tables whose rows keep their id."""

import pytest

from reporting.schema import (
    Breakdown,
    Coordinates,
    File,
    Form,
    Money,
    Quantity,
    StateOf,
    Table,
    Text,
    Wrong,
    cleaned,
    leaves,
    simple,
)

FORM = Form(
    key="form",
    letter="A",
    title="Form",
    article="",
    fields=(
        Text(key="note", label="Note"),
        Money(key="cost", label="Cost"),
        Coordinates(key="place", label="Place"),
        Table(
            key="rows",
            label="Rows",
            columns=(
                Text(key="name", label="Name"),
                Quantity(key="count", label="Count"),
                Breakdown(key="persons", label="Persons"),
            ),
        ),
    ),
)


def test_parts_are_read_one_by_one_and_what_is_wrong_says_where():
    kept, mistakes = cleaned(
        FORM,
        {
            "cost": {"amount": "1250.50", "currency": "chf"},
            "place": {"latitude": "-17,5", "longitude": "190"},
            "rows": [{"id": "abcd", "name": "North", "count": "12", "persons": {"women": "three"}}],
        },
    )

    assert kept["cost"] == {"amount": 1250.5, "currency": "CHF"}
    assert kept["place"] == {"latitude": -17.5}
    assert kept["rows"] == [{"id": "abcd", "name": "North", "count": 12}]
    assert [(one.path, one.label) for one in mistakes] == [
        (("form", "place", "", "", "longitude"), "Longitude"),
        (("form", "rows", "abcd", "persons", "women"), "Women"),
    ]
    assert "at most 180" in mistakes[0].sentence
    assert "“three” is not a number" in mistakes[1].sentence


def test_rows_without_an_id_get_one_and_no_two_share_one():
    kept, _mistakes = cleaned(
        FORM,
        {"rows": [{"name": "a"}, {"id": "same", "name": "b"}, {"id": "same", "name": "c"}]},
    )

    names = [row["id"] for row in kept["rows"]]
    assert names[1] == "same"
    assert len(set(names)) == 3
    assert [row["name"] for row in kept["rows"]] == ["a", "b", "c"]


def test_an_empty_row_is_no_row():
    kept, mistakes = cleaned(FORM, {"rows": [{"id": "abcd", "name": " "}, {"id": "efgh"}]})

    assert kept == {}
    assert mistakes == []


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        "text",
        {"rows": "text"},
        {"rows": [1, None, []]},
        {"cost": 12},
        {"cost": {"amount": [1]}},
        {"note": {"a": 1}},
        {"unknown": 1},
        {"rows": {"id": "abcd"}},
    ],
)
def test_what_is_of_no_known_shape_is_not_kept_and_breaks_nothing(given):
    kept, _mistakes = cleaned(FORM, given)

    assert kept == {}


def test_every_simple_answer_has_its_own_place():
    said = {
        "note": "x",
        "cost": {"amount": 3, "currency": "EUR"},
        "rows": [{"id": "abcd", "count": 2, "persons": {"girls": 1}}],
    }

    assert [(leaf.path, leaf.value) for leaf in leaves(FORM, said)] == [
        (("form", "note", "", "", ""), "x"),
        (("form", "cost", "", "", "amount"), 3),
        (("form", "cost", "", "", "currency"), "EUR"),
        (("form", "rows", "abcd", "count", ""), 2),
        (("form", "rows", "abcd", "persons", "girls"), 1),
    ]


def test_disability_is_counted_among_the_persons_and_not_beside_them():
    value = {"women": 3, "men": 2, "unknown": 1, "with-disability": 4}

    assert Breakdown.total(value) == 6


def test_a_place_is_north_or_south_and_never_beyond_a_pole():
    latitude = dict(simple(Coordinates(key="p", label="P")))["latitude"]

    assert latitude.read("−17.5") == -17.5
    assert latitude.read(-0.0) == 0
    for wrong in ("91", "-", "--3", "17° S"):
        with pytest.raises(Wrong):
            latitude.read(wrong)


def test_a_state_is_a_code_and_a_file_a_number():
    assert StateOf(key="s", label="S").read("LAO") == "LAO"
    assert File(key="f", label="F").read("12") == 12
    for field, wrong in ((StateOf(key="s", label="S"), "Laos"), (File(key="f", label="F"), "0")):
        with pytest.raises(Wrong):
            field.read(wrong)


def test_a_place_is_shown_with_the_quarters_of_the_sky():
    place = Coordinates(key="p", label="P")

    assert place.shown({"latitude": -12.5, "longitude": 44.25}) == "12.5°\u00a0S, 44.25°\u00a0E"
    assert place.shown({"longitude": -100}) == "Longitude -100°"
