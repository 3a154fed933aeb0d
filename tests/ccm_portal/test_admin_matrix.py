"""Every address of the admin, read and posted to as each person: no error, no way round a right."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from records.models import Document, Enquiry, Event, Letter, NoteVerbale, Revision, Stage, Tool
from records.models.events import record
from reporting import filing
from reporting.archive import running
from reporting.models import (
    Archive,
    ArchiveLine,
    FigureNote,
    Measure,
    MeasureGroup,
    MeasureNote,
    Report,
    Transcription,
)
from states import access, passes
from states.history import act
from states.models import (
    Appointment,
    Contact,
    Deadline,
    DecisionDay,
    FormerName,
    ObligationEvent,
    Outage,
    Pass,
    PassUse,
    Practice,
    RecordsKept,
    RecoveryRequest,
    State,
    StateUserPermission,
    TreatyAction,
    User,
)
from states.models.rights import Role
from tests import factories
from tests.conftest import TODAY, SignedIn, appointed
from tests.matrix import World, standing
from tests.reporting import zips

STAFF = ("assistant", "officer", "director", "finance_officer", "acting_director")
ROLES = {name: Role(name.replace("_", "-")) for name in STAFF}
# Who holds exactly the rights of another posts to what acts; the other posts everywhere.
SAME_RIGHTS = {
    Role.OFFICER: access.SECRETARIAT_ROLES[Role.ASSISTANT],
    Role.ACTING_DIRECTOR: access.SECRETARIAT_ROLES[Role.DIRECTOR],
}
OTHERS = ("stranger", "drafter", "focal_point", "other_focal_point", "observer")


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


@pytest.fixture(scope="module")
def kept(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Two of everything, and an acting Director, on 20 November 2026."""
    folder = tmp_path_factory.mktemp("documents")
    with time_machine.travel(TODAY, tick=False), standing(folder, django_db_blocker) as made:
        made.people["acting_director"] = appointed(
            Role.ACTING_DIRECTOR, None, "acting@matrix.example", "acting Director"
        )
        yield made


@pytest.fixture
def world(kept: World, today: dt.date, db: None) -> World:
    """The world as it was before any test; what a test does to its rows goes with the test."""
    return deepcopy(kept)


@pytest.fixture(autouse=True)
def documents() -> None:
    """The world brings its own place for files."""


def letter(world: World, status: str, **facts: Any) -> Letter:
    """A letter to Lao PDR."""
    contact = Contact.objects.filter(state=world.laos).first() or factories.ContactFactory(
        state=world.laos
    )
    return Letter.objects.create(
        key=f"test/{status}/{Letter.objects.count()}",
        kind="art7-annual",
        state=world.laos,
        contact=contact,
        to=contact.email,
        subject="A reminder",
        body="Text",
        status=status,
        **facts,
    )


def rows(world: World) -> dict[type[models.Model], models.Model]:
    """One row of every register, final where the register has final rows."""
    stage = Stage.objects.create(
        slug="annual-1-march",
        kind="art7-annual",
        anchor="calendar",
        calendar_month=3,
        calendar_day=1,
        template="annual-reminder",
    )
    focal_point = world.people["focal_point"]
    assistant = world.people["assistant"]
    _row, secret = passes.make("invitation", f"user/{focal_point.pk}", "a@example.org", by=None)
    use = passes.use(secret, "invitation", act="set a password")
    document = Document.objects.create(
        reference="ISU-2026-01", kind="note", family="secretariat", audience="public"
    )
    revision = Revision.objects.create(
        document=document,
        title="A note",
        body="<p>Text</p>",
        status="issued",
        issued_at=timezone.now(),
        issued_by=assistant,
    )
    note = NoteVerbale.objects.create(
        reference="NV-2026-01",
        direction="received",
        state=world.laos,
        received_on=dt.date(2026, 3, 1),
        subject="Appointment",
        registered_by=assistant,
    )
    archive = running.receive(zips.archive(zips.line("PER", 2015)), by=assistant)
    running.advance(archive.pk)
    return {
        State: world.laos,
        TreatyAction: world.laos.actions.get(),
        FormerName: FormerName.objects.create(
            state=world.laos,
            name_en="Laos",
            name_fr="Laos",
            name_es="Laos",
            until_on=dt.date(1975, 12, 2),
        ),
        type(world.icrc): world.icrc,
        Contact: factories.ContactFactory(state=world.laos),
        User: world.people["drafter"],
        Appointment: focal_point.appointments.get(),
        Pass: use,
        PassUse: PassUse.objects.get(),
        RecoveryRequest: RecoveryRequest.objects.create(
            user=focal_point, reason="rang them", asked_by=assistant
        ),
        Practice: Practice.objects.create(key="lateness-in-public", value="no"),
        world.laos.obligations.model: world.laos.obligations.get(kind="art7-initial"),
        Deadline: Deadline.objects.get(obligation__state=world.laos, year=2024),
        ObligationEvent: ObligationEvent.objects.create(
            state=world.laos, article=4, position=1, kind="open", source="x", confidence="high"
        ),
        DecisionDay: DecisionDay.objects.create(
            code="12MSP", decided_on=dt.date(2024, 9, 13), source="report"
        ),
        RecordsKept: RecordsKept.objects.create(kind="art7-annual"),
        Outage: Outage.objects.create(started_at=timezone.now()),
        Stage: stage,
        Letter: letter(world, "sent", sent_at=timezone.now()),
        Document: document,
        Revision: revision,
        type(world.upload): world.handed_in.original,
        Event: record("publish", world.handed_in, by=assistant, state=world.laos),
        NoteVerbale: note,
        Tool: Tool.objects.create(key="guide", kind="guide", title_en="A guide"),
        Enquiry: Enquiry.objects.create(question="When?", mailbox="a@example.org"),
        Report: world.handed_in,
        Measure: Measure.objects.create(
            report=world.published, state=world.laos, position=0, row="law00001", title="Act"
        ),
        MeasureNote: MeasureNote.objects.create(
            state=world.laos, kind="law", title="Act", source="Gazette"
        ),
        MeasureGroup: MeasureGroup.objects.create(
            key="legislation", name_en="Legislation", name_fr="Loi", name_es="Ley", kinds=["law"]
        ),
        FigureNote: FigureNote.objects.create(
            report=world.published,
            text="Another number.",
            source="a letter",
            signed_by="ISU",
            signed_on=dt.date(2026, 11, 1),
            made_by=assistant,
        ),
        Transcription: Transcription.objects.create(report=world.handed_in, begun_by=assistant),
        Archive: archive,
        ArchiveLine: archive.lines.get(),
    }


def addresses(world: World) -> list[str]:
    """Every address of the admin that a row or a list has."""
    found = [
        reverse(f"admin:{name}")
        for name in (
            "index",
            "outlook",
            "digest",
            "switch_letters",
            "save_filter",
            "autocomplete",
            "reporting_archive_template",
            "reporting_archive_complete",
        )
    ]
    found += [
        reverse("admin:reporting_report_queue"),
        reverse("admin:reporting_report_queue_csv"),
        reverse("admin:reporting_report_review", args=[world.handed_in.pk]),
    ]
    found += [reverse("admin:jsi18n"), reverse("admin:forget_filter", args=[12345])]
    found += ["/admin/states/", "/admin/records/", "/admin/nonsense/", "/admin/auth/group/"]
    one_of = rows(world)
    assert set(one_of) == set(admin.site._registry), "give each register a row here"
    for model, register in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pk = one_of[model].pk
        found += [reverse(f"{base}_{name}") for name in ("changelist", "add")]
        found += [reverse(f"{base}_{name}", args=[pk]) for name in ("change", "history", "delete")]
        for one in register.all_acts():
            if one.on_list:
                found.append(reverse(f"{base}_act_list", args=[one.slug]))
            else:
                found.append(reverse(f"{base}_act", args=[pk, one.slug]))
        found += [reverse(f"{base}_export", args=[kind]) for kind in ("xlsx", "csv")]
        if getattr(register, "resource", None) is not None:
            found.append(reverse(f"{base}_import"))
    return found


# What a page might send, and what somebody who plays with the page might.
POST: dict[str, Any] = {
    "reason": "because",
    "note": "because",
    "text": "why?",
    "on": "2026-11-01",
    "which": "received_by_unoda",
    "value": "yes",
    "is_superuser": "on",
    "groups": "1",
    "user_permissions": "1",
    "status": "published",
    "state": "LAO",
    "name": "n",
    "_save": "Save",
}


def answers(client: Client, ask: Callable[[Client], Any]) -> int:
    """The status of an answer whose changes are rolled back."""
    with transaction.atomic():
        status = ask(client).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("person", OTHERS)
def test_nothing_of_the_admin_exists_for_others(
    world: World, an_act: ExitStack, person: str
) -> None:
    found = addresses(world)
    if person not in {"stranger", "focal_point"}:
        found = found[::10]
    client = SignedIn(world.people[person])
    an_act.close()

    posted = {url: answers(client, lambda c, url=url: c.post(url, POST)) for url in found}

    assert {url: status for url, status in posted.items() if status != 404} == {}
    assert client.get(reverse("admin:index")).status_code == 404
    assert client.get(reverse("admin:states_state_change", args=["LAO"])).status_code == 404


def test_an_anonymous_reader_is_sent_to_sign_in(world: World, an_act: ExitStack) -> None:
    found = addresses(world)
    an_act.close()

    for url in found:
        answer = Client().get(url)

        assert answer.status_code == 302, url
        assert answer["Location"].startswith(("/account/login/", "/admin/login/")), url


@pytest.mark.parametrize("person", STAFF)
def test_no_address_fails_for_staff(world: World, an_act: ExitStack, person: str) -> None:
    found = addresses(world)
    if ROLES[person] in SAME_RIGHTS:
        assert access.SECRETARIAT_ROLES[ROLES[person]] == SAME_RIGHTS[ROLES[person]]
        found = [url for url in found if "/act/" in url or url.endswith(("/add/", "/import/"))]
    client = SignedIn(world.people[person])
    an_act.close()

    # Whoever holds every right sees every page; posting is tried by each.
    said = {}
    if person == "director":
        said = {url: answers(client, lambda c, url=url: c.get(url)) for url in found}
    posted = {url: answers(client, lambda c, url=url: c.post(url, POST)) for url in found}

    assert {url: status for url, status in (said | posted).items() if status >= 500} == {}


def test_a_finance_officer_reads_the_registry_and_changes_nothing_of_it(
    world: World, an_act: ExitStack
) -> None:
    one_of = rows(world)
    client = SignedIn(world.people["finance_officer"])
    an_act.close()

    for model, register in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        before = list(model._default_manager.filter(pk=one_of[model].pk).values())
        for url in (reverse(f"{base}_change", args=[one_of[model].pk]), reverse(f"{base}_add")):
            assert answers(client, lambda c, url=url: c.post(url, POST)) in {403, 404}, url
        for one in register.all_acts():
            args = [one.slug] if one.on_list else [one_of[model].pk, one.slug]
            url = reverse(f"{base}_act{'_list' if one.on_list else ''}", args=args)
            assert answers(client, lambda c, url=url: c.post(url, POST)) in {403, 404}, url
        assert list(model._default_manager.filter(pk=one_of[model].pk).values()) == before


@pytest.mark.parametrize("person", STAFF)
def test_nobody_deletes_anything(world: World, an_act: ExitStack, person: str) -> None:
    one_of = rows(world)
    client = SignedIn(world.people[person])
    an_act.close()

    for model, row in one_of.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        answer = client.post(reverse(f"{base}_delete", args=[row.pk]), {"post": "yes"})
        client.post(
            reverse(f"{base}_changelist"),
            {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"},
        )

        assert answer.status_code in {403, 404}, model
        assert model._default_manager.filter(pk=row.pk).exists(), model


FINAL = [
    *(Event, PassUse, Letter, Revision, NoteVerbale),
    *(Report, Transcription, Appointment, ObligationEvent),
]


@pytest.mark.parametrize("person", ["assistant", "director", "finance_officer"])
def test_a_final_row_is_read_only_with_a_sentence(
    world: World, an_act: ExitStack, person: str
) -> None:
    one_of = rows(world)
    client = SignedIn(world.people[person])
    an_act.close()

    for model in FINAL:
        row = one_of[model]
        url = reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]
        )
        before = model._default_manager.filter(pk=row.pk).values().get()
        read = client.get(url)
        posted = client.post(url, POST | {"subject": "other", "body": "other", "title": "other"})

        assert posted.status_code in {403, 404, 409}, model
        assert model._default_manager.filter(pk=row.pk).values().get() == before
        if read.status_code == 200:
            assert 'name="_save"' not in read.text, model
            assert read.context["final_sentence"], model


@pytest.mark.parametrize("person", STAFF)
def test_a_draft_only_exists_for_the_secretariat(
    world: World, an_act: ExitStack, person: str
) -> None:
    draft = world.draft
    draft.note = "not for the ISU"
    draft.save()
    client = SignedIn(world.people[person])
    an_act.close()

    page = client.get(reverse("admin:reporting_report_change", args=[draft.pk]))
    history = client.get(reverse("admin:reporting_report_history", args=[draft.pk]))
    act_page = client.post(
        reverse("admin:reporting_report_act", args=[draft.pk, "publish"]), {"on": "2026-11-20"}
    )
    listed = client.get(reverse("admin:reporting_report_changelist"))
    state = client.get(reverse("admin:states_state_change", args=["LAO"]))
    files = client.get(reverse("admin:records_upload_changelist"))
    file = client.get(reverse("admin:records_upload_change", args=[draft.original_id]))

    assert page.status_code == history.status_code == file.status_code == 404
    assert act_page.status_code in {403, 404}
    for answer in (listed, state, files):
        assert "not for the ISU" not in answer.text
        assert reverse("admin:reporting_report_change", args=[draft.pk]) not in answer.text
    if person != "finance_officer":
        assert "last touched on 20 November 2026" in listed.text
        assert "last touched on 20 November 2026" in state.text


def test_a_draft_is_read_while_its_state_invites(world: World, an_act: ExitStack) -> None:
    filing.invite(world.draft, dt.date(2026, 11, 30), by=world.people["focal_point"])
    client = SignedIn(world.people["assistant"])
    an_act.close()

    page = client.get(reverse("admin:reporting_report_change", args=[world.draft.pk]))

    assert page.status_code == 200
    assert "until 30 November 2026" in page.text


def test_a_personal_permission_opens_nothing(world: World, an_act: ExitStack) -> None:
    finance = world.people["finance_officer"]
    stranger = world.people["stranger"]
    every = Permission.objects.all()
    finance.user_permissions.set(every)
    stranger.user_permissions.set(every)
    an_act.close()

    url = reverse("admin:states_state_change", args=["LAO"])
    changed = SignedIn(finance).post(url, {"name_en": "Other", "reason": "x"})
    seen = SignedIn(stranger).get(url)

    assert changed.status_code == 403
    assert seen.status_code == 404
    assert not StateUserPermission.objects.exists()
    assert State.objects.get(pk="LAO").name_en != "Other"


def test_whoever_is_no_longer_appointed_finds_nothing(world: World, an_act: ExitStack) -> None:
    assistant = world.people["assistant"]
    client = SignedIn(assistant)
    access.end_appointment(
        assistant.appointments.get(), on=dt.date(2026, 11, 19), by=None, reason="left"
    )
    an_act.close()

    assert client.get(reverse("admin:index")).status_code == 404


def test_without_a_second_factor_nobody_enters(world: World, an_act: ExitStack) -> None:
    client = Client()
    client.force_login(
        world.people["assistant"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    an_act.close()

    answer = client.get(reverse("admin:index"))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/2fa/") or "mfa" in answer["Location"]


def test_each_row_that_may_be_changed_is_saved_as_its_page_shows_it(
    world: World, an_act: ExitStack
) -> None:
    held = rows(world)
    held[Letter] = letter(world, "held")
    client = SignedIn(world.people["director"])
    an_act.close()
    told = {}
    for model, row in held.items():
        url = reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]
        )
        page = client.get(url)
        form = page.context["adminform"].form
        if "reason" not in form.fields:
            continue

        answer = client.post(url, shown_by(form) | {"reason": "as it was"})

        told[model] = answer.status_code
        assert answer.status_code == 302, (model, answer.context["errors"])

    assert {State, Deadline, Letter, Stage, Practice} < set(told)


def test_no_error_of_a_form_is_invisible(world: World, an_act: ExitStack) -> None:
    held = rows(world)
    held[Letter] = letter(world, "held")
    client = SignedIn(world.people["director"])
    an_act.close()
    for model, row in held.items():
        url = reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]
        )
        if "reason" not in client.get(url).context["adminform"].form.fields:
            continue

        answer = client.post(url, {})

        form = answer.context["adminform"].form
        for name in form.errors.keys() & form.fields.keys():
            assert f'id="{form[name].auto_id}_error"' in answer.text, (model, name)


def test_an_error_of_a_field_that_stands_nowhere_is_said_above_the_form(
    world: World, an_act: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = rows(world)[Stage]
    client = SignedIn(world.people["director"])
    an_act.close()
    monkeypatch.setattr(admin.site._registry[Stage], "fields", ["slug", "note"])

    answer = client.post(
        reverse("admin:records_stage_change", args=[row.pk]), {"reason": "as it was"}
    )

    assert "What falls due: This field is required." in answer.text


def shown_by(form: Any) -> dict[str, Any]:
    """What a browser sends of a form that nobody touches."""
    data = {name: value for name, value in form.now.items() if value is not False}
    data |= {"seen": form["seen"].value()}
    return {name: "on" if value is True else value for name, value in data.items()}
