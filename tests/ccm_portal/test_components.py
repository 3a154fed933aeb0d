"""The components, really rendered: what they say, to whom, and what they never say."""

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from ccm_portal.gallery import gallery_context
from ccm_portal.templatetags import days, marks
from ccm_portal.timeline import Mark, timeline
from states.explanation import Step

TODAY = date(2026, 11, 20)


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def render_at(path: str, source: str, **values: object) -> str:
    return Template(source).render(RequestContext(RequestFactory().get(path), values))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class Question(forms.Form):
    """Two questions and a group."""

    name = forms.CharField(label="Name of the office", help_text="As on its letters.")
    note = forms.CharField(label="Remark", required=False)
    how = forms.ChoiceField(label="Channel", choices=[("p", "Post")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="May be published", required=False)


def test_a_day_is_written_in_words():
    assert days.day(date(2027, 4, 30)) == "30 April 2027"


def test_a_day_follows_the_language_of_the_reader():
    said = []

    for language in ("en", "fr", "es", "en"):
        with translation.override(language):
            said.append(days.day(date(2027, 8, 30)))

    assert said == ["30 August 2027", "30 août 2027", "30 de agosto de 2027", "30 August 2027"]


def test_the_day_of_a_moment_is_the_day_in_geneva():
    assert days.day(datetime(2027, 4, 30, 22, 30, tzinfo=UTC)) == "1 May 2027"


def test_a_partial_day_is_printed_as_it_was_published():
    assert [days.day(one) for one in ("2023-06", "2023", "2023-06-05", "mid-2023", "", None)] == [
        "June 2023",
        "2023",
        "5 June 2023",
        "mid-2023",
        "",
        "",
    ]


def test_the_weekday_is_named_where_someone_must_act():
    assert days.weekday(date(2027, 4, 30)) == "Friday, 30 April 2027"


def test_a_first_of_the_month_is_written_as_each_language_does():
    said = {}

    for language in ("en", "fr", "es"):
        with translation.override(language):
            said[language] = [days.day(date(2010, 8, 1)), days.day("2010-08")]

    assert said == {
        "en": ["1 August 2010", "August 2010"],
        "fr": ["1er août 2010", "août 2010"],
        "es": ["1 de agosto de 2010", "agosto de 2010"],
    }


def test_a_moment_in_a_sentence_is_that_of_genevas_clock():
    assert days.clock(datetime(2027, 4, 30, 22, 30, tzinfo=UTC)) == "1 May 2027, 00:30"
    assert days.clock(None) == ""


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2027, 4, 30), "in 161 days"),
        (date(2026, 11, 21), "tomorrow"),
        (date(2026, 11, 20), "today"),
        (date(2026, 11, 19), "1 day ago"),
        (date(2026, 11, 8), "12 days ago"),
        (date(2028, 11, 20), "in 731 days"),
        (date(2028, 11, 21), "in more than 2 years"),
        (date(2030, 8, 1), "in more than 3 years"),
        (date(2024, 11, 19), "more than 2 years ago"),
    ],
)
def test_days_left_are_said_in_words(due, said):
    assert days.left(due, date(2026, 11, 20)) == said


def test_a_colon_stands_as_the_language_wants_it_and_escapes_what_it_joins():
    template = "{% colon head rest %}"
    assert render(template, head="Iraq", rest="clearance") == "Iraq: clearance"
    assert render(template, head="<b>", rest="&") == "&lt;b&gt;: &amp;"
    with translation.override("fr"):
        assert (
            render(template, head="Irak", rest="dépollution")
            == "Irak\N{NO-BREAK SPACE}: dépollution"
        )


def test_a_moment_names_the_clock_of_geneva():
    html = render("{% moment at %}", at=datetime(2026, 11, 20, 13, 3, tzinfo=UTC))

    assert words(html) == "20 November 2026, 14:03 in Geneva"
    assert 'datetime="2026-11-20T14:03+01:00" data-local' in html


@pytest.mark.parametrize("key", sorted(marks.STATUSES))
def test_every_status_is_a_shape_and_a_word(key):
    html = render("{% status key %}", key=key)

    assert "<svg" in html
    assert words(html) == str(marks.STATUSES[key][2])


def test_two_statuses_of_a_state_never_share_a_shape():
    of_a_state = ("party", "deposited", "signatory", "not-party", "withdrawn")

    assert len({marks.STATUSES[key][1] for key in of_a_state}) == len(of_a_state)


def test_a_status_that_nobody_drew_is_noticed():
    with pytest.raises(KeyError, match="ratifying"):
        render("{% status 'ratifying' %}")


def test_the_words_of_a_mark_are_escaped():
    assert "<b>" not in render("{% mark 'late' words %}", words="<b>late</b>")


def test_a_deadline_explains_itself_step_by_step():
    steps = [
        Step("Deposited on 16 February 2010.", "16", date(2010, 2, 16), "CN"),
        Step("In force on 1 August 2010.", "17(1)", date(2010, 8, 1)),
    ]

    html = render(
        "{% deadline 'Initial report' due on steps=steps %}",
        due=date(2011, 1, 28),
        on=date(2010, 12, 1),
        steps=steps,
    )

    assert words(html) == (
        "Initial report 28 January 2011 in 58 days Why this date? "
        "Deposited on 16 February 2010. Article 16 · CN In force on 1 August 2010. Article 17(1)"
    )
    assert '<time datetime="2011-01-28">' in html


def test_a_past_deadline_is_not_called_late_unless_the_page_says_so():
    plain = render(
        "{% deadline 'Annual report' due on %}", due=date(2026, 4, 30), on=date(2026, 11, 20)
    )
    told = render(
        "{% deadline 'Annual report' due on tone='late' words='not yet in our records' %}",
        due=date(2026, 4, 30),
        on=date(2026, 11, 20),
    )

    assert words(plain) == "Annual report 30 April 2026"
    assert words(told) == "Annual report 30 April 2026 not yet in our records"


def test_a_settled_deadline_counts_no_days():
    html = render(
        "{% deadline 'Clearance' due on tone='settled' %}",
        due=date(2030, 1, 1),
        on=date(2026, 11, 20),
    )

    assert "days" not in words(html)


def test_each_step_is_a_form_with_its_token():
    open_steps = [
        {"url": "/a/", "label": "Record receipt", "primary": True, "help": "One letter."},
        {"url": "/b/", "label": "Publish", "name": "on", "value": "2026-11-20"},
    ]

    html = render_at("/", "{% steps open_steps %}", open_steps=open_steps)

    assert html.count('method="post"') == 2
    assert len(re.findall(r'name="csrfmiddlewaretoken" value="\w{64}"', html)) == 2
    assert html.count('class="act"') == 1
    assert 'name="on" value="2026-11-20"' in html


def test_errors_come_first_and_lead_to_their_fields():
    html = render("{% errors form %}", form=Question({"name": ""}))

    assert '<a href="#id_name">Name of the office: This field is required.</a>' in html
    assert '<a href="#id_how_0">Channel: This field is required.</a>' in html
    assert "2 things to mend" in html


@pytest.mark.parametrize("form", [Question(), Question({"name": "Treaties", "how": "p"})])
def test_a_form_without_errors_has_no_summary(form):
    assert words(render("{% errors form %}", form=form)) == ""


def test_a_field_ties_help_and_error_to_its_widget():
    html = render("{% for one in form %}{% field one %}{% endfor %}", form=Question({"name": ""}))

    described = re.search(r'<input[^>]*name="name"[^>]*aria-describedby="([^"]+)"', html)
    assert described
    for identifier in described[1].split():
        assert html.count(f'id="{identifier}"') == 1
    assert "<legend>Channel" in html
    assert "Remark" in html
    assert html.count("(if you wish)") == 1


def test_pages_keep_the_rest_of_the_address():
    html = render_at(
        "/reports/?q=a&page=2", "{% pagination page %}", page=Paginator(range(120), 50).page(2)
    )

    assert "?q=a&amp;page=1" in html
    assert "?q=a&amp;page=3" in html
    assert "51 to 100 of 120" in words(html)


def test_one_page_needs_no_pages():
    html = render_at("/reports/", "{% pagination page %}", page=Paginator([1], 50).page(1))

    assert words(html) == ""


def test_another_day_keeps_the_filters_and_drops_the_page():
    html = render_at(
        "/states/?status=party&page=3&as_at=2015-01-01",
        "{% as_at_bar as_at today %}",
        as_at=date(2015, 1, 1),
        today=date(2026, 11, 20),
    )

    assert 'name="status" value="party"' in html
    assert 'name="page"' not in html
    assert html.count('name="as_at"') == 1
    assert words(html).startswith("As at 1 January 2015")
    assert 'href="?status=party&amp;page=3"' in html


def test_filters_keep_the_day_and_the_language():
    html = render_at(
        "/states/?q=a&status=party&as_at=2015-01-01&lang=fr&page=2",
        "{% list_head 'States' '3 States' search='a' filters=filters %}",
        filters=[{"name": "status", "label": "Status", "options": []}],
    )

    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', html)
    assert hidden == [("as_at", "2015-01-01"), ("lang", "fr")]


def test_the_menu_knows_where_we_are():
    html = render_at("/states/XAA/", "{% nav '/states/' 'States' %}{% nav '/reports/' 'Reports' %}")

    assert html.count("aria-current") == 1
    assert 'href="/states/" aria-current="true"' in html


def test_the_language_asked_for_goes_along():
    request = RequestFactory().get("/?lang=fr")
    request.language_asked = "fr"

    html = Template("{% nav '/states/' 'x' %}").render(RequestContext(request))

    assert 'href="/states/?lang=fr"' in html


def test_languages_are_links_that_keep_the_filters():
    with translation.override("fr"):
        html = render_at("/states/?status=party", "{% languages %}")

    assert "?status=party&amp;lang=es" in html
    assert re.search(r'lang="fr" aria-current="true">Français<', html)
    assert "<form" not in html


def test_marks_that_would_touch_stand_above_each_other():
    line = timeline(
        [Mark(date(2010, 2, 16), "a"), Mark(date(2010, 3, 1), "b"), Mark(date(2020, 1, 1), "c")],
        date(2026, 11, 20),
    )

    assert line.marks[0].y == line.marks[2].y
    assert line.marks[1].y < line.marks[0].y
    assert [one.number for one in line.marks] == [1, 2, 3]


def test_reports_on_the_line_carry_no_number():
    line = timeline(
        [Mark(date(2012, 4, 30), "r", "report"), Mark(date(2010, 8, 1), "f")], date(2026, 11, 20)
    )

    assert [(one.text, one.number) for one in line.marks] == [("f", 1), ("r", None)]


@pytest.mark.parametrize("last", [2009, 2015, 2026, 2060])
def test_the_line_of_a_life_stays_on_the_paper(last):
    line = timeline(
        [Mark(date(2008, 12, 3), "a"), Mark(date(last, 12, 31), "z")], date(2026, 11, 20)
    )

    assert all(0 <= float(one.x) <= 100 for one in (*line.marks, *line.ticks))
    assert 1 <= len(line.ticks) <= 7


def test_a_life_without_facts_is_refused():
    with pytest.raises(ValueError, match="at least one mark"):
        timeline([], date(2026, 11, 20))


def test_the_line_and_the_list_say_the_same():
    line = timeline([Mark(date(2008, 12, 3), "Signed"), Mark(date(2010, 8, 1), "In force")], TODAY)

    html = render_to_string("components/timeline.html", {"line": line, "name": "Arvalia"})

    assert html.count('class="point"') == 2 * len(line.marks)
    assert "3 December 2008 Signed" in words(html)


def test_a_message_takes_the_tone_of_its_level():
    html = render("{% notice tone='error' %}<p>Not saved.</p>{% endnotice %}")

    assert html == '<div class="notice late"><div><p>Not saved.</p></div></div>'


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_gallery_breaks_no_rule_of_the_strict_policy(language):
    with translation.override(language):
        html = render_to_string(
            "gallery.html", gallery_context(), request=RequestFactory().get("/gallery/")
        )

    assert not re.search(r'\sstyle="|<style|\son[a-z]+="|javascript:', html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    identifiers = re.findall(r'\sid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html


@pytest.mark.parametrize("name", ["404.html", "403.html", "500.html"])
def test_error_pages_need_neither_request_nor_database(name):
    html = render_to_string(name)

    assert "<h1>" in html
    assert "Sign in" not in html


def test_the_sign_in_pages_are_the_portals_own():
    request = RequestFactory().get("/account/password/reset/")

    html = render_to_string(
        "account/password_reset.html",
        {"form": Question({"name": ""}), "redirect_field": ""},
        request=request,
    )

    assert "Portal of the Implementation Support Unit" in html
    assert "2 things to mend" in html
    assert html.count('<button type="submit" class="act">') == 1
