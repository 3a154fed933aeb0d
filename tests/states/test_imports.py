"""Files in and out of the registers: a preview first, a sentence per bad row, all or nothing."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from html import unescape
from typing import Any

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from states.history import act
from states.models import Contact, Deadline, State, TreatyAction, User
from tests import factories
from tests.conftest import SignedIn

HEADS = ["State", "Purpose", "Place", "E-mail", "Name", "Telephone", "Last confirmed"]


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


def workbook(heads: list[str], *lines: list[object]) -> SimpleUploadedFile:
    """An .xlsx file."""
    content = tablib.Dataset(*lines, headers=heads).export("xlsx")
    return SimpleUploadedFile("contacts.xlsx", content)


def bomb() -> bytes:
    """A small file that fills the memory of whoever unpacks it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(31 * 1024 * 1024))
    return packed.getvalue()


def preview(client: Client, url: str, file: SimpleUploadedFile):
    """The page that says what the file would do."""
    return client.post(url, {"file": file})


def confirm(client: Client, url: str, page, reason: str = "Note 7/2026"):
    """The second step, with what the preview carried."""
    form = page.context["confirm"]
    return client.post(
        url, {"lines": form["lines"].value(), "seen": form["seen"].value(), "reason": reason}
    )


CONTACTS = "/admin/states/contact/import/"
ACTIONS = "/admin/states/treatyaction/import/"


def test_contacts_come_in_after_a_preview_with_one_reason(
    assistant: User, laos: State, peru: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    file = workbook(
        HEADS,
        ["LAO", "article-7", "capital", "mfa@gov.la", "MFA", "+856 21 1", dt.datetime(2026, 5, 1)],
        ["Peru", "General correspondence", "Geneva", "mission@pe", "", "", ""],
    )

    page = preview(client, CONTACTS, file)
    before = Contact.objects.count()
    bad = unescape(page.text)
    file = workbook(
        HEADS,
        ["LAO", "article-7", "capital", "mfa@gov.la", "MFA", "+856 21 1", dt.datetime(2026, 5, 1)],
        ["Peru", "General correspondence", "Geneva", "mission@gob.pe", "", "", ""],
    )
    good = preview(client, CONTACTS, file)
    done = confirm(client, CONTACTS, good)

    assert (page.status_code, before) == (422, 0)
    assert "Line 3, column “E-mail”:" in bad
    assert good.context["preview"].counts["new"] == 2
    assert done.status_code == 302
    row = Contact.objects.get(state=laos)
    assert (row.name, row.telephone, row.confirmed_on) == ("MFA", "+856 21 1", dt.date(2026, 5, 1))
    assert row.history.get().pgh_context["reason"] == "Note 7/2026"
    assert row.history.get().pgh_context["actor"] == "ISU assistant"


def test_each_bad_row_gets_its_sentence_and_nothing_is_half_saved(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    file = workbook(
        HEADS,
        ["LAO", "article-7", "capital", "good@gov.la", "", "", ""],
        ["Laputa", "article-7", "capital", "b@gov.la", "", "", ""],
        ["LAO", "gossip", "capital", "c@gov.la", "", "", ""],
        ["LAO", "article-7", "capital", "d@gov.la", "", "", "30/04/2026"],
    )

    page = preview(client, CONTACTS, file)

    assert page.status_code == 422
    assert page.context["preview"].wrong == [
        "Line 3, column “State”: “Laputa” is not known here; use the code, such as LAO.",
        "Line 4, column “Purpose”: “gossip” is not one of: article-7, general, finance, "
        "victim-assistance, clearance.",
        "Line 5, column “Last confirmed”: “30/04/2026” is not a day; write it as 2027-04-30.",
    ]
    assert page.context["confirm"] is None
    assert not Contact.objects.exists()


def test_a_day_that_nobody_can_mean_is_a_bad_row(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    line = ["LAO", "article-7", "capital", "mfa@gov.la", "MFA", "", "9999-12-31"]

    page = preview(client, CONTACTS, workbook(HEADS, line))

    said = "Line 2, column “Last confirmed”: Choose a day from 1 January 1900"
    assert (page.status_code, said in unescape(page.text)) == (422, True)


def test_a_contact_is_not_confirmed_on_a_day_to_come(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    tomorrow = today + dt.timedelta(days=1)
    line = ["LAO", "article-7", "capital", "mfa@gov.la", "MFA", "", tomorrow.isoformat()]

    page = preview(client, CONTACTS, workbook(HEADS, line))

    said = "Line 2, column “Last confirmed”: This day has not come yet."
    assert (page.status_code, said in unescape(page.text)) == (422, True)


def test_an_address_that_a_file_corrects_has_not_come_back(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    bounced = factories.ContactFactory(state=laos, email="old@gov.la", bounced_on=today)
    other = factories.ContactFactory(state=laos, email="kept@gov.la", bounced_on=today)
    client = SignedIn(assistant)
    an_act.close()
    file = workbook(
        ["No.", *HEADS],
        [bounced.pk, "LAO", bounced.purpose, bounced.place, "new@gov.la", "", "1", ""],
        [other.pk, "LAO", other.purpose, other.place, "kept@gov.la", "", "2", ""],
    )

    confirm(client, CONTACTS, preview(client, CONTACTS, file))

    bounced.refresh_from_db()
    other.refresh_from_db()
    assert (bounced.email, bounced.bounced_on) == ("new@gov.la", None)
    assert (other.telephone, other.bounced_on) == ("2", today)


def test_the_same_file_twice_changes_nothing(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    line = ["LAO", "article-7", "capital", "mfa@gov.la", "MFA", "", ""]

    confirm(client, CONTACTS, preview(client, CONTACTS, workbook(HEADS, line)))
    again = preview(client, CONTACTS, workbook(HEADS, line))

    assert again.context["preview"].counts["skip"] == 1
    assert "Everything in the file is in the register already." in again.text
    assert Contact.objects.count() == 1


def test_without_a_reason_nothing_is_imported(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    line = ["LAO", "article-7", "capital", "mfa@gov.la", "MFA", "", ""]

    page = preview(client, CONTACTS, workbook(HEADS, line))
    answer = confirm(client, CONTACTS, page, reason="")

    assert answer.context["confirm"].errors["reason"]
    assert not Contact.objects.exists()


def test_a_register_that_moved_since_the_preview_is_shown_again(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    row = factories.ContactFactory(state=laos, email="mfa@gov.la", name="Old")
    an_act.close()
    line = ["LAO", "article-7", "capital", "mfa@gov.la", "New", "", ""]
    page = preview(client, CONTACTS, workbook(HEADS, line))

    with act(by=None, reason="meanwhile"):
        Contact.objects.filter(pk=row.pk).update(name="Newer")
    answer = confirm(client, CONTACTS, page)

    assert answer.context["moved"]
    assert Contact.objects.get().name == "Newer"


def test_what_was_previewed_cannot_be_exchanged(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(CONTACTS, {"lines": "forged:1:2", "seen": "x", "reason": "y"})

    assert answer.status_code == 302
    assert answer["Location"] == CONTACTS
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"not a workbook", "cannot be read as .xlsx"),
        ("a.xlsx", bomb(), "Unpacked, this workbook is larger than 30 MB"),
        ("a.csv", b"State,\xff\xfe", "not in UTF-8"),
        ("a.pdf", b"%PDF", "neither an .xlsx nor a .csv file"),
        ("a.csv", b"Purpose,Place\narticle-7,capital\n", "lacks the column “State”, “E-mail”"),
        ("a.csv", b"State,Purpose,Place,E-mail\n", "nothing below it"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(
    assistant: User, an_act: ExitStack, name: str, content: bytes, sentence: str
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    page = preview(client, CONTACTS, SimpleUploadedFile(name, content))

    assert page.status_code == 422
    assert sentence in unescape(page.text)


def test_treaty_actions_bring_their_deadlines(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    factories.StateFactory(iso3="VUT", name_en="Vanuatu")
    client = SignedIn(assistant)
    an_act.close()
    file = workbook(["State", "Action", "Done on"], ["VUT", "accession", dt.datetime(2025, 9, 4)])

    done = confirm(client, ACTIONS, preview(client, ACTIONS, file))

    assert done.status_code == 302
    assert TreatyAction.objects.get().takes_effect_on == dt.date(2026, 3, 1)
    assert Deadline.objects.get(obligation__kind="art7-initial").due_on == dt.date(2026, 8, 28)


def test_an_action_that_no_source_confirms_is_refused_with_its_line(
    assistant: User, an_act: ExitStack, peru: State
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    before = TreatyAction.objects.count()
    file = workbook(
        ["State", "Action", "Done on", "Confidence"],
        ["PER", "withdrawal", dt.datetime(2026, 5, 1), "low"],
    )

    page = preview(client, ACTIONS, file)

    assert page.status_code == 422
    assert "record it once a source confirms it" in " ".join(page.context["preview"].wrong)
    assert TreatyAction.objects.count() == before


def test_a_file_changes_the_states_that_there_are_and_adds_none(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:states_state_import")
    heads = ["Code", "Two-letter code", "Name in English", "Name in French", "Name in Spanish"]
    new = workbook(heads, ["QQQ", "QQ", "Laputa", "Laputa", "Laputa"])
    known = workbook(["Code", "Note"], ["LAO", "Seen"])

    refused = preview(client, url, new)
    taken = preview(client, url, known)

    assert refused.context["preview"].wrong == [
        "Line 2, column “Code”: “QQQ” is the code of no State here. A file changes the States that"
        " there are; a new State comes with the treaty data of the portal."
    ]
    assert taken.context["preview"].counts["update"] == 1


def test_a_time_zone_is_one_that_the_clock_knows(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:states_state_import")
    heads = ["Code", "Time zone of the capital"]

    refused = preview(client, url, workbook(heads, ["LAO", "Mars/X"]))
    taken = preview(client, url, workbook(heads, ["LAO", "Asia/Vientiane"]))

    assert refused.context["preview"].wrong == [
        "Line 2, column “Time zone of the capital”: “Mars/X” is no time zone; write it as"
        " Asia/Vientiane or Europe/Vilnius, or leave it empty."
    ]
    assert taken.context["preview"].counts["update"] == 1


def test_what_goes_out_comes_back_unchanged(
    assistant: User, laos: State, peru: State, an_act: ExitStack
) -> None:
    factories.ContactFactory(state=laos, telephone="+856 21 1", name="=cmd()", may_publish=True)
    factories.ContactFactory(state=peru, from_on=dt.date(2026, 1, 1), language="es")
    client = SignedIn(assistant)
    an_act.close()

    for register in ("state", "treatyaction", "contact"):
        for kind in ("xlsx", "csv"):
            url = reverse(f"admin:states_{register}_export", args=[kind])
            file = client.get(url).content
            page = preview(
                client,
                reverse(f"admin:states_{register}_import"),
                SimpleUploadedFile(f"a.{kind}", file),
            )
            assert page.context["preview"].wrong == []
            assert page.context["preview"].touched == [], (register, kind)


def test_an_export_holds_what_the_list_shows_and_runs_nothing(
    assistant: User, laos: State, peru: State, an_act: ExitStack
) -> None:
    factories.ContactFactory(state=laos, name="=HYPERLINK()")
    factories.ContactFactory(state=peru, purpose="finance")
    client = SignedIn(assistant)
    an_act.close()

    url = reverse("admin:states_contact_export", args=["csv"])
    file = client.get(url, {"purpose__exact": "article-7"}).content.decode("utf-8-sig")

    lines = list(tablib.Dataset().load(io.StringIO(file), format="csv").dict)
    assert [line["State"] for line in lines] == ["LAO"]
    assert lines[0]["Name"] == "'=HYPERLINK()"


REGISTERS = (
    "reporting_report",
    "records_letter",
    "records_noteverbale",
    "records_stage",
    "records_event",
    "states_deadline",
    "states_appointment",
    "states_obligation",
)


@pytest.mark.parametrize("register", REGISTERS)
def test_each_list_that_leaves_the_house_has_its_files_above_it(
    assistant: User, laos: State, an_act: ExitStack, register: str
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(reverse(f"admin:{register}_changelist")).text

    for kind in ("xlsx", "csv"):
        url = reverse(f"admin:{register}_export", args=[kind])
        assert f'href="{url}"' in page
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("register", ["user", "pass", "passuse", "recoveryrequest"])
def test_who_signs_in_and_how_stays_in_the_house(
    director: User, laos: State, an_act: ExitStack, register: str
) -> None:
    client = SignedIn(director)
    an_act.close()

    page = client.get(reverse(f"admin:states_{register}_changelist"))

    assert page.status_code == 200
    assert "/export/" not in page.text
    assert client.get(reverse(f"admin:states_{register}_export", args=["csv"])).status_code == 404


def test_a_list_goes_out_as_it_is_filtered_with_days_and_words_and_runs_nothing(
    assistant: User, laos: State, peru: State, an_act: ExitStack
) -> None:
    initial = Deadline.objects.get(obligation__state=laos, obligation__kind="art7-initial")
    Deadline.objects.filter(pk=initial.pk).update(basis="=HYPERLINK()")
    client = SignedIn(assistant)
    an_act.close()

    url = reverse("admin:states_deadline_export", args=["csv"])
    file = client.get(url, {"q": "LAO", "obligation__kind__exact": "art7-initial"}).content
    lines = list(tablib.Dataset().load(io.StringIO(file.decode("utf-8-sig")), format="csv").dict)

    assert [(line["State"], line["Obligation"]) for line in lines] == [
        (laos.name_en, "Initial transparency report")
    ]
    assert lines[0]["Due on"] == initial.due_on.isoformat()
    assert lines[0]["Authority"] == "'=HYPERLINK()"


def test_a_file_of_a_list_that_cannot_be_filtered_so_leads_back_to_the_list(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    answer = client.get(reverse("admin:states_deadline_export", args=["csv"]), {"year": "soon"})

    assert answer.status_code == 302


def test_files_cost_the_same_questions_whatever_the_number_of_rows(
    assistant: User, laos: State, an_act: ExitStack, django_assert_max_num_queries: Any
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    for register in REGISTERS:
        with django_assert_max_num_queries(16):
            client.get(reverse(f"admin:{register}_export", args=["csv"]))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_whatever_separates_its_columns(
    assistant: User, laos: State, an_act: ExitStack, separator: str
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    heads = ["State", "Purpose", "Place", "E-mail", "Function"]
    cells = ["LAO", "general", "capital", "mfa@lao.example", '"Desk, disarmament; and others"']
    text = "\r\n".join([separator.join(heads), separator.join(cells), ""])
    file = SimpleUploadedFile("contacts.csv", ("\ufeff" + text).encode())

    page = preview(client, reverse("admin:states_contact_import"), file)

    assert page.context["preview"].wrong == []
    [line] = page.context["preview"].lines
    assert ("Function", "", "Desk, disarmament; and others") in line.changes


def test_a_name_that_no_page_has_room_for_is_refused_in_a_file_too(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    file = workbook(
        ["Code", "Two-letter code", "Name in English", "Name in French", "Name in Spanish"],
        ["LAO", "LA", "N" * 600, "Laos", "Laos"],
    )

    page = preview(client, reverse("admin:states_state_import"), file)

    [sentence] = page.context["preview"].wrong
    assert sentence.startswith("Line 2, column “Name in English”: This name has 600 letters")
