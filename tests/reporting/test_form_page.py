"""One form at a time is filled in: what was typed is kept, also what is no answer yet."""

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from records.models import Upload
from reporting import answering, boxes, filing, receipt
from reporting.art7_2010 import ART7_2010
from reporting.models import FormAnswers, Report
from reporting.schema import Table, simple
from states.models import State
from tests.conftest import appointed
from tests.reporting.papers import chosen, picture, received

pytestmark = pytest.mark.usefixtures("today")
CLEARANCE = ART7_2010.form("clearance")


@pytest.fixture
def draft(laos, focal_point):
    return filing.begin(laos, "annual", 2025, by=focal_point)


@pytest.fixture
def at(focal_point, signed_in):
    return signed_in(focal_point)


def address(form="clearance"):
    return reverse("report-form", args=["LAO", "annual", 2025, form])


def seen_on(client, form="clearance"):
    return client.get(address(form)).context["seen"]


def area(number, row="aaaa", **cells):
    """What the page sends of one row of the areas."""
    sent = {f"areas.{row}.area": f"Area {number}", f"areas.{row}.size": str(number)}
    return sent | {f"areas.{row}.{name}": value for name, value in cells.items()}


def stored(form="clearance"):
    return FormAnswers.objects.get(form=form)


def test_what_is_filled_in_is_kept_and_shown_again(at, draft):
    sent = area(1250, position="", **{"position.latitude": "19,5", "position.longitude": "102.25"})
    at.post(
        address(),
        sent | {"areas.rows": ["aaaa"], "programme": "Two teams.\r\nOne more.", "seen": ""},
    )

    row = stored()
    assert row.said == {
        "areas": [
            {
                "id": "aaaa",
                "area": "Area 1250",
                "size": 1250,
                "position": {"latitude": 19.5, "longitude": 102.25},
            }
        ],
        "programme": "Two teams.\nOne more.",
    }
    assert row.touched_by.email == "fp.lao@example.org"
    page = at.get(address()).text
    assert 'value="19.5"' in page
    assert "Two teams.\nOne more.</textarea>" in page


def test_what_is_no_answer_stays_as_it_was_typed_with_a_sentence(at, draft):
    answer = at.post(
        address(),
        {
            "areas.rows": ["aaaa", "bbbb"],
            "areas.aaaa.area": "North",
            "areas.aaaa.size": "about 3",
            "areas.bbbb.size": "1,234",
            "completed_on": "03/04/2012",
            "seen": "",
            "go": "1",
        },
        follow=True,
    )

    assert answer.redirect_chain[-1][0] == address()
    assert stored().said == {"areas": [{"id": "aaaa", "area": "North"}, {"id": "bbbb"}]}
    for page in (answer, at.get(address())):
        for typed in ("about 3", "1,234", "03/04/2012"):
            assert f'value="{typed}"' in page.text
        assert "“about 3” is not a number" in page.text
        assert "two ways: write 1234 or 1.234" in page.text
        assert 'href="?areas.page=1#areas.bbbb.size"' in page.text
    again = at.post(
        address(),
        {
            "areas.rows": ["aaaa", "bbbb"],
            "areas.aaaa.area": "North",
            "areas.aaaa.size": "3",
            "areas.bbbb.size": "1234",
            "completed_on": "2012-01-31",
            "seen": page.context["seen"],
        },
        follow=True,
    )
    assert again.context["filled"].errors == {}
    assert stored().unread == {}


def test_a_form_in_which_something_is_answered_is_marked_as_changed(at, draft):
    at.post(address(), {"programme": "Two teams.", "seen": "", "mark.asked": "1"})

    draft.refresh_from_db()
    assert draft.marks["clearance"] == {"mark": "changed"}


def test_a_form_that_does_not_apply_keeps_its_sentence_for_the_cover_page(at, draft):
    page = at.get(address("conversion")).text
    assert "Lao People&#x27;s Democratic Republic has never produced cluster munitions." in page

    at.post(
        address("conversion"),
        {
            "mark.asked": "1",
            "mark": "not-applicable",
            "mark.sentence": "Laos has never produced any.",
            "seen": "",
        },
    )

    draft.refresh_from_db()
    assert draft.marks["conversion"] == {
        "mark": "not-applicable",
        "sentence": "Laos has never produced any.",
    }
    assert "not-applicable" not in at.get(address("measures")).text.split("mark.sentence")[0]


def test_two_people_fill_in_two_forms_and_do_not_meet(at, draft, laos, signed_in):
    other = signed_in(appointed("drafter", laos, "other@example.org", "Drafter, Lao PDR"))
    first, second = seen_on(at), seen_on(other, "resources")

    at.post(address(), {"programme": "Mine.", "seen": first})
    answer = other.post(address("resources"), {"needs": "Theirs.", "seen": second})

    assert answer.status_code == 302
    assert stored().said == {"programme": "Mine."}
    assert stored("resources").said == {"needs": "Theirs."}


def test_of_two_people_at_one_form_the_second_sees_both_texts_and_loses_neither(
    at, draft, laos, signed_in
):
    other = signed_in(appointed("drafter", laos, "other@example.org", "Drafter, Lao PDR"))
    seen = seen_on(other)
    at.post(address(), {"programme": "Mine.", "seen": seen_on(at)})

    answer = other.post(address(), {"programme": "Theirs.", "seen": seen})

    assert answer.status_code == 409
    assert "Focal point, Lao PDR saved this form" in answer.text
    [difference] = answer.context["apart"]
    assert (difference.stands, difference.typed) == ("Mine.", "Theirs.")
    assert "Theirs.</textarea>" in answer.text
    assert stored().said == {"programme": "Mine."}
    other.post(address(), {"programme": "Theirs.", "seen": answer.context["seen"]})
    assert stored().said == {"programme": "Theirs."}


def test_the_same_answers_pressed_twice_are_one_save(at, draft):
    at.post(address(), {"programme": "Mine.", "seen": ""})
    before = stored().touched_at

    answer = at.post(address(), {"programme": "Mine.", "seen": ""})

    assert answer.status_code == 302
    assert stored().touched_at == before


def test_rows_are_added_removed_and_those_on_another_page_stay(at, draft):
    rows = [{"id": f"r{n:05d}", "area": f"Area {n}", "size": n} for n in range(1, 31)]
    FormAnswers.objects.create(report=draft, form="clearance", said={"areas": rows})
    page = at.get(f"{address()}?areas.page=2")
    shown = [line.id for line in page.context["filled"].questions[0].lines]
    assert shown == [f"r{n:05d}" for n in range(26, 31)]

    answer = at.post(
        f"{address()}?areas.page=2",
        area(26, "r00026")
        | area(28, "r00028")
        | {
            "areas.rows": ["r00026", "r00027", "r00028", "newrow01"],
            "areas.r00027.remove": "1",
            "areas.newrow01.area": "New",
            "seen": page.context["seen"],
        },
    )

    names = [row.get("area") for row in stored().said["areas"]]
    assert names == [*(f"Area {n}" for n in (*range(1, 27), 28, 29, 30)), "New"]
    assert answer.url == f"{address()}?areas.page=2"


def test_more_rows_are_offered_when_asked_for(at, draft):
    answer = at.post(
        address(), area(1) | {"areas.rows": ["aaaa"], "seen": "", "add": "areas"}, follow=True
    )

    assert len(answer.context["filled"].questions[0].lines) == 4


def test_rows_copied_from_a_spreadsheet_are_added(at, draft):
    copied = (
        "Name of the area\tLocation\tPosition: Latitude\tLongitude\tSize\tType of remnants\r\n"
        "North\t48Q 123\t19.5\t102\t1 250\tBLU-26\r\n"
        '"South,\nby the river"\t\t\t\t2 000 000\tBLU-26\r\n'
        "\t\t\t\t\t\r\n"
        "East\t\t\t\tunknown\t\r\n"
    )

    answer = at.post(address(), {"areas.paste": copied, "seen": "", "add": "areas"}, follow=True)

    assert "3 rows were added." in answer.text
    first, second, third = stored().said["areas"]
    assert first["position"] == {"latitude": 19.5, "longitude": 102}
    assert (first["size"], first["remnants"]) == (1250, "BLU-26")
    assert (second["area"], second["size"]) == ("South, by the river", 2_000_000)
    assert third["area"] == "East"
    assert "“unknown” is not a number" in answer.text


def test_a_state_is_named_in_any_language_and_an_unknown_one_gets_a_sentence(at, draft, peru):
    State.objects.filter(pk="PER").update(name_fr="Pérou")
    form = address("retained-transferred")
    sent = {"transferred.rows": ["aaaa", "bbbb"], "seen": ""}

    answer = at.post(
        form,
        sent | {"transferred.aaaa.receiver": "pérou", "transferred.bbbb.receiver": "Atlantis"},
        follow=True,
    )

    assert stored("retained-transferred").said["transferred"][0] == {
        "id": "aaaa",
        "receiver": "PER",
    }
    assert "“Atlantis” is not a State" in answer.text
    assert 'value="Peru"' in answer.text


def test_a_file_of_an_answer_is_read_by_the_state_and_by_no_other(
    at, draft, focal_point, other_focal_point, officer, signed_in
):
    at.post(
        address("measures"),
        {
            "measures.rows": ["aaaa"],
            "measures.aaaa.title": "Act 12",
            "measures.aaaa.text.file": chosen(),
            "seen": "",
        },
    )

    [upload] = Upload.objects.filter(state="LAO")
    assert stored("measures").said["measures"][0]["text"] == upload.pk
    link = reverse("file", args=[upload.pk, upload.name])
    assert link in at.get(address("measures")).text
    assert at.get(link).getvalue().startswith(b"%PDF")
    for reader in (other_focal_point, officer):
        assert signed_in(reader).get(link).status_code == 404


def test_a_file_of_another_state_is_never_taken(at, draft, peru):
    foreign = received(peru)

    at.post(
        address("measures"),
        {
            "measures.rows": ["aaaa"],
            "measures.aaaa.title": "Act 12",
            "measures.aaaa.text": str(foreign.pk),
            "seen": "",
        },
    )

    assert stored("measures").said["measures"] == [{"id": "aaaa", "title": "Act 12"}]
    assert not draft.attachments.exists()


def test_a_photograph_is_a_picture_and_a_file_can_be_taken_out(at, draft):
    form = address("technical-characteristics")
    sent = {"types.rows": ["aaaa"], "types.aaaa.type": "BL-755", "seen": ""}
    refused = at.post(form, sent | {"types.aaaa.photograph.file": chosen()}, follow=True)
    assert "is no picture: choose a JPEG or PNG file" in refused.text

    seen = refused.context["seen"]
    taken = at.post(
        form,
        sent | {"types.aaaa.photograph.file": picture(), "seen": seen},
        follow=True,
    )
    assert draft.attachments.count() == 1
    kept = stored("technical-characteristics").said["types"][0]["photograph"]

    at.post(
        form,
        sent
        | {
            "types.aaaa.photograph": str(kept),
            "types.aaaa.photograph.drop": "1",
            "seen": taken.context["seen"],
        },
    )
    assert "photograph" not in stored("technical-characteristics").said["types"][0]
    assert not draft.attachments.exists()


def test_what_was_handed_in_stays_in_every_form(draft, focal_point, peru):
    row = FormAnswers.objects.create(report=draft, form="clearance", said={"programme": "x"})
    Report.objects.filter(pk=draft.pk).update(original=received(draft.state))
    draft.refresh_from_db()
    receipt.hand_in(draft, by=focal_point)

    for act in (
        lambda: FormAnswers.objects.filter(pk=row.pk).update(said={}),
        lambda: FormAnswers.objects.filter(pk=row.pk).delete(),
        lambda: FormAnswers.objects.create(report=draft, form="other", said={"matters": "x"}),
    ):
        with pytest.raises(ProgrammingError, match="handed in"), transaction.atomic():
            act()


def test_a_form_that_does_not_exist_is_not_there(at, draft):
    assert at.get(address("no-such-form")).status_code == 404


@pytest.mark.parametrize(
    ("mark", "said", "unread", "tone", "words"),
    [
        ({}, {}, {}, "quietly", "not begun"),
        ({"mark": "changed"}, {"programme": "x"}, {}, "soon", "1 of 3 questions"),
        ({"mark": "changed"}, {"programme": "x"}, {"completed_on": "?"}, "late", "1 to mend"),
        ({"mark": "unchanged", "year": 2022}, {}, {}, "settled", "unchanged since 2022"),
        ({"mark": "unchanged"}, {}, {}, "soon", "unchanged, since when?"),
        ({"mark": "not-applicable", "sentence": "No."}, {}, {}, "settled", "not applicable"),
        ({"mark": "not-applicable"}, {}, {}, "soon", "one sentence is missing"),
    ],
)
def test_each_form_says_how_far_it_has_come(mark, said, unread, tone, words):
    row = FormAnswers(form="clearance", said=said, unread=unread)

    assert answering.progress(CLEARANCE, mark, row) == answering.Progress(tone, words)


@pytest.mark.parametrize("number", [5, 500])
def test_a_form_takes_the_same_queries_for_many_rows(at, draft, number, django_assert_num_queries):
    rows = [{"id": f"r{n:05d}", "area": f"Area {n}", "size": n} for n in range(number)]
    FormAnswers.objects.create(report=draft, form="clearance", said={"areas": rows})
    at.get(address())

    with django_assert_num_queries(10):
        at.get(address())


def a_full_page(form):
    """Every box of a form of which each table shows as many rows as a page holds."""
    sent = {"seen": "", "mark.asked": "1"}
    for asked in form.fields:
        if not isinstance(asked, Table):
            sent |= {".".join(filter(None, (asked.key, part))): "" for part, _one in simple(asked)}
            continue
        rows = [f"r{n:05d}" for n in range(boxes.ROWS_ON_A_PAGE)]
        sent[f"{asked.key}.rows"] = rows
        for row in rows:
            for column in asked.columns:
                for part, _one in simple(column):
                    sent[".".join(filter(None, (asked.key, row, column.key, part)))] = ""
    return sent


@pytest.mark.parametrize("form", ART7_2010.forms, ids=lambda form: form.key)
def test_a_full_page_of_any_form_is_saved_and_given_back_after_the_session_ended(
    at, draft, client, form
):
    sent = a_full_page(form)
    table = next((one for one in form.fields if isinstance(one, Table)), None)
    words = f"{table.key}.r00024.{table.columns[0].key}" if table else form.fields[0].key
    if table is None or table.columns[0].kind == "text":
        sent[words] = "Kept for us, please"

        answer = client.post(address(form.key), sent)

        assert answer.status_code == 403
        assert "Kept for us, please" in answer.text
    assert at.post(address(form.key), sent).status_code == 302


def test_the_page_saves_by_itself_and_goes_on_from_what_was_saved(at, draft):
    answer = at.post(address(), {"programme": "Two", "seen": "", "quietly": "1"})

    assert answer.json()["words"] == "saved at 13:00 (Geneva)"
    again = at.post(
        address(), {"programme": "Two teams", "seen": answer.json()["seen"], "quietly": "1"}
    )
    assert again.status_code == 200
    assert stored().said == {"programme": "Two teams"}


def test_a_page_that_saves_by_itself_is_told_when_somebody_else_has_saved(
    at, draft, drafter, signed_in
):
    at.post(address(), {"programme": "Mine.", "seen": ""})

    answer = signed_in(drafter).post(
        address(), {"programme": "Theirs.", "seen": "", "quietly": "1"}
    )

    assert answer.status_code == 409
    assert "Focal point, Lao PDR saved this form" in answer.json()["words"]
    assert stored().said == {"programme": "Mine."}


def test_who_else_has_the_form_open_is_said(at, draft, drafter, signed_in):
    at.get(address())

    other = signed_in(drafter)
    assert "Focal point, Lao PDR has this form open too" in other.get(address()).text
    told = at.get(reverse("report-form-open", args=["LAO", "annual", 2025, "clearance"])).json()
    assert "Drafter, Lao PDR has this form open too" in told["words"]
