"""All rules together: any answers can be asked about, and no cause is told five hundred times."""

from hypothesis import given, settings

from reporting.art7_2010 import ART7_2010
from reporting.rules import MOST_ASKED, RULES, asked
from tests.reporting.answers import of_schema
from tests.reporting.rules.cases import facts, rows


def test_a_report_that_says_nothing_is_asked_nothing():
    assert list(asked({}, {}, facts())) == []


def test_each_rule_has_a_name_of_its_own_and_a_sentence_that_says_what_it_is():
    assert len({rule.__name__ for rule in RULES}) == len(RULES)
    assert all(rule.__doc__ for rule in RULES)


def test_what_is_the_same_in_many_rows_is_said_of_a_few():
    answers = {"stockpiles": {"stock": rows(*({"quantity": 3} for _number in range(500)))}}

    found = [one for rule, one in asked(answers, {}, facts()) if rule == "munitions_have_a_type"]

    assert len(found) == MOST_ASKED + 1
    assert found[-1].text == (
        "Form B, Stock at the end of the period: the same is to be asked of 495 more answers."
    )


@given(of_schema(ART7_2010), of_schema(ART7_2010))
@settings(max_examples=40, deadline=None)
def test_any_answers_can_be_asked_about(answers, before):
    for rule, one in asked(answers, before, facts()):
        assert rule in {each.__name__ for each in RULES}
        assert one.text.startswith("Form ")
        assert one.text.endswith((".", ".)"))
