"""Obligations and deadlines follow the treaty actions, and what a person set stays."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from states import registry
from states.history import act
from states.models import Deadline, Obligation, ObligationEvent, State, TreatyAction
from tests import factories

TODAY = dt.date(2026, 11, 20)


def test_bringing_up_to_date_twice_writes_nothing_the_second_time(laos):
    assert registry.bring_up_to_date(TODAY) == 0


def test_a_new_year_brings_one_deadline_for_each_party(laos, peru):
    before = Deadline.objects.count()

    registry.bring_up_to_date(dt.date(2027, 1, 1))

    assert Deadline.objects.count() == before + 2


def test_a_corrected_deposit_moves_the_clock_and_leaves_days_set_by_hand(laos):
    action = TreatyAction.objects.get(state=laos)
    annual = Deadline.objects.get(obligation__state=laos, year=2024)
    annual.due_on = dt.date(2025, 6, 1)
    annual.reason = "the Presidency's letter"
    annual.save()

    action.done_on = dt.date(2012, 1, 20)
    action.save()
    registry.bring_up_to_date(TODAY)

    obligation = Obligation.objects.get(state=laos, kind="art7-initial")
    assert obligation.clock_from == dt.date(2012, 7, 1)
    assert obligation.deadlines.get().due_on == dt.date(2012, 12, 28)
    annual.refresh_from_db()
    assert annual.due_on == dt.date(2025, 6, 1)


def test_a_later_deposit_takes_away_the_years_in_which_nothing_was_owed(laos):
    action = TreatyAction.objects.get(state=laos)
    action.done_on = dt.date(2012, 1, 20)
    action.save()

    registry.bring_up_to_date(TODAY)

    annual = Obligation.objects.get(state=laos, kind="art7-annual")
    owed = sorted(annual.deadlines.values_list("year", flat=True))
    assert owed == list(range(2012, 2027))
    assert annual.known_on == dt.date(2012, 1, 20)
    assert registry.bring_up_to_date(TODAY) == 0


def test_a_corrected_deposit_moves_articles_3_and_4_but_not_what_a_meeting_decided(laos):
    root = art4(laos)
    extended = root.extend(to=dt.date(2025, 8, 1), basis="9MSP", decided_on=dt.date(2019, 9, 4))
    action = TreatyAction.objects.get(state=laos)
    action.done_on = dt.date(2010, 3, 20)
    action.save()

    registry.bring_up_to_date(TODAY)

    root.refresh_from_db()
    extended.refresh_from_db()
    assert (root.due_on, root.stands_from) == (dt.date(2020, 9, 1), dt.date(2010, 9, 1))
    assert (extended.due_on, extended.by_rule_on) == (dt.date(2025, 8, 1), dt.date(2020, 9, 1))


def test_a_state_that_left_and_acceded_again_owes_anew_beside_what_it_owed(laos):
    first = Obligation.objects.get(state=laos, kind="art7-initial")
    clock = first.clock_from
    factories.TreatyActionFactory(state=laos, kind="withdrawal", done_on=dt.date(2020, 1, 10))
    factories.TreatyActionFactory(state=laos, kind="accession", done_on=dt.date(2024, 3, 5))

    registry.bring_up_to_date(TODAY)

    first.refresh_from_db()
    assert first.clock_from == clock
    again = Obligation.objects.get(state=laos, kind="art7-initial", reopens=first)
    assert again.deadlines.get().due_on == dt.date(2025, 2, 28)
    owed = Deadline.objects.standing(TODAY).filter(obligation__kind="art7-annual")
    assert sorted(owed.values_list("year", flat=True)) == [*range(2010, 2020), 2024, 2025, 2026]
    assert registry.bring_up_to_date(TODAY) == 0


def art4(state) -> Deadline:
    obligation = registry.open_obligation(
        state, "art4", known_on=dt.date(2010, 8, 1), clock_from=dt.date(2010, 8, 1)
    )
    return obligation.deadlines.get()


def test_a_deadline_is_extended_once(laos):
    root = art4(laos)
    root.extend(to=dt.date(2025, 8, 1), basis="9MSP", decided_on=dt.date(2019, 9, 4))

    with pytest.raises(ValidationError, match="was extended already"):
        root.extend(to=dt.date(2026, 8, 1), basis="9MSP", decided_on=dt.date(2019, 9, 4))

    assert list(root.obligation.deadlines.values_list("position", flat=True)) == [0, 1]


def test_an_extension_lengthens(laos):
    with pytest.raises(ValidationError, match="is not later than"):
        art4(laos).extend(to=dt.date(2019, 1, 1), basis="9MSP", decided_on=dt.date(2018, 1, 1))


def test_a_day_other_than_the_rules_needs_a_decision_or_a_reason(laos):
    root = art4(laos)
    root.due_on = dt.date(2021, 1, 1)

    with pytest.raises(IntegrityError, match="deadline_differs_with_authority"):
        root.save()


def test_an_obligation_has_one_chain(laos):
    root = art4(laos)

    with pytest.raises(IntegrityError, match="deadline_one_chain"):
        factories.DeadlineFactory(
            obligation=root.obligation,
            year=None,
            due_on=root.due_on,
            stands_from=root.stands_from,
        )


def test_two_clocks_under_article_4_are_lawful(laos):
    art4(laos)

    second = registry.open_obligation(
        laos,
        "art4",
        clause="4(1)(b)",
        known_on=dt.date(2022, 5, 1),
        clock_from=dt.date(2022, 5, 1),
    )

    assert second.deadlines.get().due_on == dt.date(2032, 5, 1)


def test_an_act_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="an act needs a reason"), act(by=None, reason=" "):
        pass


@pytest.mark.django_db(transaction=True)
def test_an_edit_outside_an_act_is_refused_by_the_database(laos):
    def edit() -> str:
        """In a thread of its own, where no act has begun."""
        try:
            State.objects.filter(pk="LAO").update(note="no reason given")
        except IntegrityError as refused:
            return str(refused)
        finally:
            connection.close()
        return "it was let through"

    with ThreadPoolExecutor(1) as alone:
        answer = alone.submit(edit).result()

    assert "pgh_context" in answer


def test_history_keeps_who_and_why(laos, officer):
    with act(by=officer, reason="spelling, note 4/2026"):
        laos.name_fr = "Laos"
        laos.save()

    kept = laos.history.order_by("-pgh_id").first()
    assert kept.pgh_context["reason"] == "spelling, note 4/2026"
    assert kept.pgh_context["actor"] == "ISU officer"
    assert kept.pgh_context["user"] == officer.pk


def test_history_cannot_be_changed(laos):
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        laos.history.update(note="never said")


# --- what was recorded by mistake -------------------------------------------------------------


def test_an_extension_recorded_by_mistake_goes_and_the_deadline_before_it_stands_again(laos):
    root = art4(laos)
    wrong = root.extend(to=dt.date(2030, 2, 1), basis="14MSP", decided_on=dt.date(2024, 9, 13))

    again = wrong.take_back()

    assert again == root
    assert list(Deadline.objects.standing(TODAY).filter(obligation=root.obligation)) == [root]
    kept = Deadline.pgh_event_models["delete"].objects.get(pgh_obj_id=wrong.pk, pgh_label="delete")
    assert (kept.basis, kept.due_on) == ("14MSP", dt.date(2030, 2, 1))


def test_only_the_deadline_that_stands_is_taken_back(laos):
    first = art4(laos).extend(to=dt.date(2025, 2, 1), basis="9MSP", decided_on=dt.date(2019, 9, 4))
    first.extend(to=dt.date(2030, 2, 1), basis="12MSP", decided_on=dt.date(2024, 9, 13))

    with pytest.raises(ValidationError, match="extended already"):
        first.take_back()


def test_a_day_set_by_hand_is_taken_back_to_the_rule(laos):
    row = Deadline.objects.get(obligation__state=laos, year=2024)
    row.set_day(dt.date(2025, 5, 31), reason="a letter of another State")

    again = Deadline.objects.get(pk=row.pk).take_back()

    assert (again.due_on, again.reason) == (dt.date(2025, 4, 30), "")
    with pytest.raises(ValidationError, match="The rule gives this day"):
        again.take_back()


def test_a_report_that_met_a_day_set_by_hand_meets_the_day_that_stands_again(laos):
    row = Deadline.objects.get(obligation__state=laos, year=2024)
    row.set_day(dt.date(2025, 5, 31), reason="the first letter")
    row.refresh_from_db()
    second = row.set_day(dt.date(2025, 6, 30), reason="the second letter")
    Deadline.objects.filter(pk=second.pk).update(met_on=dt.date(2025, 5, 20))

    again = second.take_back()

    assert again.met_on == Deadline.objects.get(pk=row.pk).met_on == dt.date(2025, 5, 20)


def test_what_sources_say_is_not_taken_back(laos):
    row = art4(laos).extend(to=dt.date(2030, 2, 1), basis="14MSP", decided_on=dt.date(2024, 9, 13))
    ObligationEvent.objects.create(
        state=laos,
        article=4,
        obligation=row.obligation,
        position=1,
        kind=ObligationEvent.Kind.EXTENSION,
        new_deadline=row.due_on,
        source="CCM/MSP/2024/6",
        confidence="high",
    )

    with pytest.raises(ValidationError, match="sources say"):
        row.take_back()
    with pytest.raises(ValidationError, match="sources say"):
        registry.take_back_obligation(row.obligation)


def test_an_obligation_recorded_by_mistake_goes_with_its_deadline(laos):
    obligation = art4(laos).obligation

    registry.take_back_obligation(obligation)

    assert not Obligation.objects.filter(pk=obligation.pk).exists()
    assert not Deadline.objects.filter(obligation=obligation.pk).exists()
    gone = Obligation.pgh_event_models["delete"].objects.filter(pgh_label="delete")
    assert gone.filter(pgh_obj_id=obligation.pk).exists()


def test_an_obligation_goes_only_when_nothing_rests_on_it(laos):
    root = art4(laos)
    decided = root.extend(to=dt.date(2030, 2, 1), basis="14MSP", decided_on=dt.date(2024, 9, 13))
    report = Obligation.objects.get(state=laos, kind="art7-initial")

    with pytest.raises(ValidationError, match="extension"):
        registry.take_back_obligation(root.obligation)
    with pytest.raises(ValidationError, match="follows from entry into force"):
        registry.take_back_obligation(report)

    decided.take_back()
    registry.take_back_obligation(root.obligation)
    assert not Obligation.objects.filter(state=laos, kind="art4").exists()
