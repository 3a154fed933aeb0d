"""What the law forbids of treaty actions is refused, what is doubtful is asked, what was wrong is
taken back: alike in the form, in a file and in the database."""

import datetime as dt
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from html import unescape
from typing import Any

import pytest
import tablib
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from states.history import act
from states.loading import load_treaty
from states.models import Deadline, Obligation, ObligationEvent, State, TreatyAction, User
from states.registry import bring_up_to_date, open_obligation
from tests import factories
from tests.conftest import SignedIn

IMPORT = "/admin/states/treatyaction/import/"
ADD = "/admin/states/treatyaction/add/"
TODAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


def row(state: State, kind: str, done_on: str, **facts: Any) -> TreatyAction:
    return TreatyAction(state=state, kind=kind, done_on=dt.date.fromisoformat(done_on), **facts)


def imported(client: SignedIn, *lines: list[object]) -> Any:
    """The preview of a file with these actions."""
    heads = [
        "State",
        "Action",
        "Done on",
        "Takes effect on",
        "Why the effect differs from the rule",
    ]
    content = tablib.Dataset(*([*line, "", ""][:5] for line in lines), headers=heads).export("xlsx")
    return client.post(IMPORT, {"file": SimpleUploadedFile("a.xlsx", content)})


@pytest.mark.django_db(transaction=True)
def test_of_two_who_record_an_instrument_at_once_the_second_is_refused(db: None) -> None:
    state = factories.StateFactory(iso3="VUT", name_en="Vanuatu")
    checked = threading.Event()

    def record(kind: str, *, first: bool) -> str:
        try:
            with act(by=None, reason="arranged by a test"), transaction.atomic():
                if not first:
                    checked.wait(5)
                action = row(state, kind, "2015-01-15")
                action.full_clean()
                checked.set()
                if first:
                    time.sleep(0.3)
                action.save()
        except ValidationError as refused:
            return str(refused)
        finally:
            connection.close()
        return "recorded"

    with ThreadPoolExecutor(2) as two:
        first = two.submit(record, "ratification", first=True)
        second = two.submit(record, "accession", first=False)

    assert first.result() == "recorded"
    assert "an instrument stands already" in second.result()


FORBIDDEN = [
    ("accession", "2015-01-15", "an instrument stands already (ratification of 18 March 2009)"),
    ("ratification", "2008-12-10", "an instrument stands already"),
    ("signature", "2010-08-01", "open for signature until its entry into force"),
    ("signature", "2009-12-03", "has signed already (signature of 3 December 2008)"),
    ("withdrawal", "2010-07-31", "nobody withdraws before the Convention is in force"),
    ("withdrawal", "2026-11-21", "This day has not come yet."),
    ("declaration", "1999-05-01", "opened for signature on 3 December 2008"),
]


@pytest.mark.parametrize(("kind", "done_on", "sentence"), FORBIDDEN)
def test_what_the_law_forbids_is_refused_in_the_form_and_in_a_file(
    assistant: User,
    laos: State,
    today: dt.date,
    an_act: ExitStack,
    kind: str,
    done_on: str,
    sentence: str,
) -> None:
    row(laos, "signature", "2008-12-03").save()
    client = SignedIn(assistant)
    an_act.close()
    before = TreatyAction.objects.count()

    typed = client.post(
        ADD,
        {"state": "LAO", "kind": kind, "done_on": done_on, "confidence": "high", "reason": "C.N."},
    )
    file = imported(client, ["LAO", kind, done_on])

    assert sentence in unescape(typed.text)
    assert sentence in " ".join(file.context["preview"].wrong)
    assert TreatyAction.objects.count() == before


def test_a_state_withdraws_once_the_convention_is_in_force_for_it_and_once(peru: State) -> None:
    with pytest.raises(ValidationError, match="enters into force for the State on 1 March 2013"):
        row(peru, "withdrawal", "2013-02-28").full_clean()
    left = row(peru, "withdrawal", "2014-02-28")
    left.full_clean()
    left.save()

    with pytest.raises(ValidationError, match="the State has withdrawn already"):
        row(peru, "withdrawal", "2015-02-28").full_clean()
    row(peru, "accession", "2016-01-10").full_clean()


def test_a_withdrawal_needs_something_to_withdraw_from(today: dt.date, db: None) -> None:
    with pytest.raises(ValidationError, match="no instrument that it could withdraw"):
        row(factories.StateFactory(), "withdrawal", "2015-02-28").full_clean()


@pytest.mark.parametrize(
    ("kind", "done_on", "constraint"),
    [
        ("ratification", "1999-05-01", "treaty_action_after_opening"),
        ("signature", "2010-08-01", "treaty_action_signed_while_open"),
        ("withdrawal", "2010-07-31", "treaty_action_withdrawn_in_force"),
    ],
)
def test_the_database_refuses_a_day_that_the_convention_rules_out(
    laos: State, kind: str, done_on: str, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row(laos, kind, done_on).save()


def test_the_database_refuses_an_effect_before_the_deed(peru: State) -> None:
    action = row(
        peru,
        "withdrawal",
        "2020-01-10",
        takes_effect_on=dt.date(2020, 1, 9),
        effect_reason="as published",
    )

    with pytest.raises(IntegrityError, match="treaty_action_effect_follows"), transaction.atomic():
        action.save()


def test_a_day_of_effect_without_its_reason_is_refused_not_dropped(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    factories.StateFactory(iso3="VUT", name_en="Vanuatu")
    client = SignedIn(assistant)
    an_act.close()
    sentence = "By the rule it takes effect on 1 March 2026. Say why on another day"

    typed = client.post(
        ADD,
        {
            "state": "VUT",
            "kind": "accession",
            "done_on": "2025-09-04",
            "takes_effect_on": "2026-04-01",
            "confidence": "high",
            "reason": "C.N.",
        },
    )
    file = imported(client, ["VUT", "accession", "2025-09-04", "2026-04-01"])
    by_rule = imported(client, ["VUT", "accession", "2025-09-04", "2026-03-01"])

    assert sentence in typed.context["adminform"].form.errors["effect_reason"][0]
    assert sentence in " ".join(file.context["preview"].wrong)
    assert by_rule.context["preview"].wrong == []


def test_a_corrected_deposit_moves_the_day_of_effect_that_nobody_typed(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    action = laos.actions.get()
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(
        reverse("admin:states_treatyaction_change", args=[action.pk]),
        {
            "done_on": "2012-01-20",
            "takes_effect_on": "2010-08-01",
            "confidence": "high",
            "reason": "C.N.",
            "sure": "on",
        },
    )

    assert answer.status_code == 302
    action.refresh_from_db()
    assert (action.kind, action.takes_effect_on) == ("ratification", dt.date(2012, 7, 1))


def test_what_is_doubtful_is_asked_and_may_stand(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    factories.StateFactory(iso3="VUT", name_en="Vanuatu")
    client = SignedIn(assistant)
    an_act.close()
    data = {
        "state": "VUT",
        "kind": "ratification",
        "done_on": "2025-09-04",
        "confidence": "high",
        "reason": "C.N.",
    }

    asked = client.post(ADD, data)
    file = imported(client, ["VUT", "ratification", "2025-09-04"])
    done = client.post(ADD, data | {"sure": "on"})

    assert "no earlier signature of Vanuatu is recorded" in asked.text
    assert 'type="checkbox" name="sure"' in asked.text
    assert "no earlier signature of Vanuatu is recorded" in file.context["preview"].doubts[0]
    assert file.context["confirm"] is not None
    assert done.status_code == 302


def test_a_file_that_brings_a_signature_and_a_ratification_is_not_doubted(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    factories.StateFactory(iso3="VUT", name_en="Vanuatu")
    client = SignedIn(assistant)
    an_act.close()

    file = imported(
        client, ["VUT", "ratification", "2011-09-04"], ["VUT", "signature", "2008-12-03"]
    )

    assert (file.context["preview"].wrong, file.context["preview"].doubts) == ([], [])


def take_back(action: TreatyAction) -> str:
    return reverse("admin:states_treatyaction_act", args=[action.pk, "take-back"])


def test_an_action_recorded_by_mistake_is_taken_back_and_all_that_followed_from_it(
    assistant: User, laos: State, peru: State, today: dt.date, an_act: ExitStack
) -> None:
    open_obligation(
        laos, "art4", known_on=dt.date(2010, 8, 1), clock_from=dt.date(2010, 8, 1)
    ).deadlines.get().extend(to=dt.date(2025, 8, 1), basis="9MSP", decided_on=dt.date(2019, 9, 4))
    action = laos.actions.get()
    client = SignedIn(assistant)
    an_act.close()

    asked = client.get(take_back(action))
    silent = client.post(take_back(action), {"reason": ""})
    done = client.post(take_back(action), {"reason": "The notification named another State"})
    page = client.get(reverse("admin:states_state_change", args=["LAO"])).text

    follow = 1 + len(range(2010, 2027)) + 2
    assert f"{follow} deadlines that follow from it go with it." in asked.text
    assert silent.status_code == 422
    assert done.status_code == 302
    assert not laos.standing().is_party
    assert set(Obligation.objects.values_list("state", flat=True)) == {"PER"}
    assert "The notification named another State" in page
    assert "18 March 2009" in page


def test_a_withdrawal_taken_back_leaves_the_state_bound_and_owing(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    left = factories.TreatyActionFactory(
        state=laos, kind="withdrawal", done_on=dt.date(2020, 1, 10)
    )
    bring_up_to_date(TODAY)
    owed = Deadline.objects.standing(TODAY).filter(obligation__kind="art7-annual")
    before = set(owed.values_list("year", flat=True))
    client = SignedIn(assistant)
    an_act.close()

    client.post(take_back(left), {"reason": "It was of another treaty"})

    assert before == set(range(2010, 2020))
    assert laos.standing().is_party
    assert set(owed.all().values_list("year", flat=True)) == set(range(2010, 2027))


def test_nothing_is_taken_back_from_under_what_rests_on_it(
    assistant: User, laos: State, peru: State, today: dt.date, an_act: ExitStack
) -> None:
    factories.TreatyActionFactory(state=laos, kind="withdrawal", done_on=dt.date(2020, 1, 10))
    heard = open_obligation(
        peru, "art4", known_on=dt.date(2013, 3, 1), clock_from=dt.date(2013, 3, 1)
    )
    ObligationEvent.objects.create(
        state=peru,
        article=4,
        position=1,
        kind="open",
        source="x",
        confidence="high",
        obligation=heard,
    )
    client = SignedIn(assistant)
    an_act.close()
    reason = {"reason": "typing"}

    of_laos = client.post(take_back(laos.actions.get(kind="ratification")), reason)
    of_peru = client.post(take_back(peru.actions.get()), reason)

    assert "there is no instrument that it could withdraw" in of_laos.text
    assert "What sources say of Articles 3 and 4 rests on this action" in of_peru.text
    assert TreatyAction.objects.count() == 3


def test_what_was_taken_back_does_not_come_in_again_with_the_treaty_data(db: None) -> None:
    load_treaty(TODAY)
    State.objects.get(pk="TUN").actions.all().delete()

    added = load_treaty(TODAY)

    assert added["treaty actions"] == 0
