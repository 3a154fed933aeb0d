"""The guards of tests/strict.py hold: what they are to catch fails, what is meant passes."""

from pathlib import Path
from typing import Any

import pytest
from django.db.models import F, Value
from django.template import Context, Engine, Template
from django.template.loader import get_template
from django.template.loaders.locmem import Loader as Kept

from states.models import Deadline, Organisation, Practice, State
from tests import factories
from tests.strict import TEMPLATES, is_total

ROW = {"row": {"day": "today"}, "state": State(iso3="LAO"), "nobody": None}


class Ours(Kept):
    """Templates that a test writes down, as if they lay among the portal's own."""

    def get_template_sources(self, template_name: str) -> Any:
        for origin in super().get_template_sources(template_name):
            origin.name = str(TEMPLATES / template_name)
            yield origin

    def get_contents(self, origin: Any) -> str:
        return self.templates_dict[origin.template_name]


def rendered(page: str, *, loader: type[Kept] = Ours, **others: str) -> str:
    """The page as the portal would render it, with the templates that it includes or extends."""
    engine = Engine(
        loaders=[(f"{loader.__module__}.{loader.__qualname__}", {"page.html": page, **others})]
    )
    return engine.get_template("page.html").render(Context(ROW))


@pytest.mark.parametrize(
    "page",
    [
        "{{ nme }}",
        "{{ nme|upper }}",
        "{{ row.dya }}",
        "{{ state.nme }}",
        "{{ nobody.name }}",
        "{{ row.day|default:nme }}",
        "{% if nme %}{% endif %}",
        "{% if row.day and not nme %}{% endif %}",
        "{% if row.day == nme %}{% endif %}",
        "{% if state.nme %}{% endif %}",
        "{% for one in nme %}{% endfor %}",
        "{% with name=nme %}{% endwith %}",
        '{% include "part.html" with name=nme only %}',
        '{% include "part.html" only %}',
    ],
)
def test_a_name_that_nothing_gives_fails_the_test_that_renders_it(page: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"line 1: nothing gives “\w+(\.\w+)?”"):
        rendered(page, **{"part.html": "{{ name }}"})


@pytest.mark.parametrize(
    "page",
    [
        "{{ row.day }}",
        "{{ nme|default:'today' }}",
        "{% if nme|default:True %}today{% endif %}",
        "{% if row.note %}{% else %}today{% endif %}",
        "{% if nobody.name %}{% else %}today{% endif %}",
        '{% include "part.html" only %}',
        '{% extends "frame.html" %}',
    ],
)
def test_a_name_may_be_missing_where_the_template_says_so(page: str) -> None:
    optional = "{% if note %}{{ note }}{% else %}today{% endif %}"

    assert rendered(page, **{"part.html": optional, "frame.html": optional}) == "today"


def test_templates_of_others_keep_the_habits_of_django() -> None:
    assert rendered("{{ nme }}{% if nme %}{% endif %}", loader=Kept) == ""
    assert Template("{{ nme }}").render(Context()) == ""


def test_every_template_of_the_portal_is_under_the_guard() -> None:
    origin = get_template("base.html").template.origin.name

    assert Path(origin).is_relative_to(TEMPLATES)


@pytest.fixture
def organisations(db: None) -> list[str]:
    """Three, in the order in which they came."""
    codes = ["who", "icrc", "undp"]
    for code in codes:
        Organisation.objects.create(code=code, name_en="Same name")
    return codes


def test_a_list_without_an_order_comes_backwards(organisations: list[str]) -> None:
    rows = Organisation.objects.order_by()

    assert [row.pk for row in rows] == organisations[::-1]
    assert list(rows.values_list("pk", flat=True)) == organisations[::-1]


def test_a_list_whose_order_leaves_ties_fails_the_test(organisations: list[str]) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"Organisation by .* leaves ties"):
        list(Organisation.objects.order_by("name_en"))
    with pytest.raises(pytest.fail.Exception, match="leaves ties"):
        Organisation.objects.order_by("name_en").first()


def test_a_list_without_an_order_is_not_cut(organisations: list[str]) -> None:
    rows = Organisation.objects.order_by()

    with pytest.raises(pytest.fail.Exception, match="is cut"):
        list(rows[:2])
    with pytest.raises(pytest.fail.Exception, match="is cut"):
        rows.first()
    assert rows.get(pk="who").pk == "who"


def test_a_template_does_not_show_a_list_without_an_order(organisations: list[str]) -> None:
    page = Template("{% for one in rows %}{{ one.pk }} {% endfor %}")

    for read_before in (False, True):
        rows = Organisation.objects.order_by()
        if read_before:
            len(rows)
        with pytest.raises(pytest.fail.Exception, match="shows a list of Organisation"):
            page.render(Context({"rows": rows}))

    assert page.render(Context({"rows": Organisation.objects.all()})) == "icrc undp who "


@pytest.mark.parametrize(
    ("total", "order"),
    [
        (True, ["pk"]),
        (True, ["-due_on", "-pk"]),
        (True, ["obligation", "year", "position"]),
        (True, [F("year").desc(), "position", "obligation__pk"]),
        (False, ["due_on"]),
        (False, ["obligation", "position"]),
        (False, ["obligation__kind", "year", "position"]),
        (False, [Value(1)]),
    ],
)
def test_an_order_is_total_where_a_key_of_the_table_is_in_it(total: bool, order: list[Any]) -> None:
    assert is_total(Deadline.objects.order_by(*order)) is total


def test_what_the_query_holds_fast_need_not_be_in_the_order(db: None) -> None:
    obligation = factories.ObligationFactory()

    of_one = Deadline.objects.filter(obligation=obligation, year=2025).order_by("position")
    of_several = Deadline.objects.filter(obligation=obligation).order_by("position")
    of_others = Deadline.objects.exclude(obligation=obligation, year=2025).order_by("position")

    assert is_total(of_one)
    assert not is_total(of_several)
    assert not is_total(of_others)


def test_rows_of_a_sum_are_in_order_by_what_they_are_summed_by() -> None:
    kinds = Practice.objects.values("value").distinct().order_by("value")

    assert is_total(kinds)
