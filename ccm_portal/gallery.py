"""Sample data of the gallery: the components with the four fictional States and nothing real."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ccm_portal.timeline import Mark, timeline
from reporting.coverpage import FORMS
from reporting.schema import Form
from states.explanation import Step
from states.words import day

AS_AT = date(2026, 11, 20)
STATES = (
    ("XAA", lazy("Arvalia"), "party"),
    ("XAB", lazy("Borduna"), "deposited"),
    ("XAC", lazy("Calderra"), "signatory"),
    ("XAD", lazy("Dunmark"), "not-party"),
)
WORDS = {
    "party": lazy("State Party"),
    "deposited": lazy("Deposited, not yet in force"),
    "signatory": lazy("Signatory"),
    "not-party": lazy("Not party"),
    "withdrawn": lazy("Withdrawn"),
}


class SampleForm(forms.Form):
    """One of each kind of question."""

    title = forms.CharField(
        label=lazy("Title of the report"),
        help_text=lazy("As it should stand in the public list."),
        max_length=120,
    )
    covers = forms.DateField(
        label=lazy("Last day the report covers"),
        help_text=lazy(
            "For an annual report, 31 December of the year before (Article 7, paragraph 2)."
        ),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    channel = forms.ChoiceField(
        label=lazy("How it reached us"),
        choices=[("mail", lazy("E-mail")), ("post", lazy("Post")), ("note", lazy("Note verbale"))],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=lazy("Language of the report"),
        choices=[("en", lazy("English")), ("fr", lazy("French")), ("es", lazy("Spanish"))],
    )
    report = forms.FileField(
        label=lazy("The report"),
        help_text=lazy("PDF, Word or Excel, up to 50 MB."),
        widget=forms.FileInput(
            attrs={
                "data-preview": True,
                "data-limit": 50 * 1024 * 1024,
                "data-words-size": lazy("{name}, {size}."),
                "data-words-large": lazy("{name} is {size}; the most we can take is {limit}."),
            }
        ),
    )
    remarks = forms.CharField(
        label=lazy("Remarks to the ISU"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    consent = forms.BooleanField(label=lazy("The report may be published"), required=False)


def gallery_context() -> dict[str, Any]:
    """Everything that gallery.html shows; the same on every call."""
    wrong = SampleForm({"title": "", "covers": "", "channel": "", "language": "en"})
    return {
        "as_at": AS_AT,
        "today": AS_AT - timedelta(days=1),
        "statuses": [
            (_("Of a State"), ["party", "deposited", "signatory", "not-party", "withdrawn"]),
            (_("Of a report"), ["draft", "handed-in", "published"]),
            (
                _("Of a letter"),
                ["held", "queued", "sending", "sent", "overtaken", "failed", "doubtful"],
            ),
        ],
        "states": _states(),
        "regions": _regions(),
        "key": [{"status": key, "words": words, "code": "XAA"} for key, words in WORDS.items()],
        "line": timeline(_life(), AS_AT),
        "name": STATES[0][1],
        "why": _why(),
        "deadlines": _deadlines(),
        "figures": [
            {"number": 2, "name": _("States for which it is in force"), "as_at": AS_AT, "url": "#"},
            {"number": 1, "name": _("signatories that have not ratified"), "as_at": AS_AT},
            {"number": 3, "name": _("reports received in 2026"), "as_at": AS_AT},
        ],
        "facts": [
            {"term": _("Signature"), "day": date(2008, 12, 3)},
            {
                "term": _("Ratification"),
                "day": date(2010, 2, 16),
                "source": _("Depositary notification (fictional)"),
            },
            {"term": _("In force since"), "day": date(2010, 8, 1), "note": _("Article 17")},
            {"term": _("Declaration of compliance, Article 3"), "day": "2015-09", "url": "#"},
            {"term": _("Office for reports"), "text": _("Office for Treaties, Foreign Ministry")},
        ],
        "badges": [
            {"text": _("Manuscript, symbol to be assigned")},
            {"day": date(2026, 4, 28)},
            {"text": "English", "url": "#", "lang": "en"},
            {"text": "Français", "url": "#", "lang": "fr"},
            {"text": "العربية", "url": "#", "lang": "ar"},
            {"text": _("PDF, 212 kB"), "url": "#"},
        ],
        "steps": [
            {
                "url": "#",
                "label": _("Record receipt"),
                "primary": True,
                "help": _("Writes to the focal point: one letter."),
            },
            {"url": "#", "label": _("Ask for clarification"), "help": _("The report stays in.")},
            {"url": "#", "label": _("Publish")},
        ],
        "blank_form": SampleForm(auto_id="blank_%s"),
        "wrong_form": wrong,
        "tasks": _tasks(),
        "saved": datetime(2026, 11, 20, 14, 3, tzinfo=ZoneInfo("Europe/Zurich")),
        "acts": [
            (_("Arvalia: report for 2025 handed in"), date(2026, 11, 18), _("Record receipt")),
            (_("Calderra: contact bounced twice"), date(2026, 11, 12), _("Ask for an address")),
        ],
        "filters": [
            {
                "name": "status",
                "label": _("Status"),
                "options": [
                    {"value": "", "label": _("All"), "selected": False},
                    {"value": "party", "label": _("State Party"), "selected": True},
                ],
            },
        ],
        "sort": {
            "name": "sort",
            "label": _("Order"),
            "options": [{"value": "name", "label": _("By name"), "selected": True}],
        },
        "active": [{"words": _("Status: State Party"), "href": "?"}],
        "downloads": [
            {"href": "#", "label": ".csv", "type": "text/csv"},
            {"href": "#", "label": ".json", "type": "application/json"},
            {"href": "#", "label": ".ics", "type": "text/calendar"},
        ],
        "page": Paginator(range(197), 50).page(2),
        "is_demo": True,
    }


def _states() -> list[dict[str, Any]]:
    force = {"XAA": date(2010, 8, 1), "XAB": date(2027, 1, 1)}
    due = {"XAA": date(2027, 4, 30), "XAB": date(2027, 6, 30)}
    last = {"XAA": _("for 2025, published")}
    return [
        {
            "code": code,
            "name": name,
            "status": status,
            "in_force_on": force.get(code),
            "due_on": due.get(code),
            "last": last.get(code, ""),
        }
        for code, name, status in STATES
    ]


def _regions() -> list[dict[str, Any]]:
    # Each fictional State stands in each group once with another status, to show all five.
    keys = list(WORDS)
    groups = (_("Africa"), _("Asia and the Pacific"), _("Eastern Europe"), _("Latin America"))
    return [
        {
            "name": group,
            "tiles": [
                {
                    "code": code,
                    "name": name,
                    "status": keys[(number + shift) % len(keys)],
                    "words": WORDS[keys[(number + shift) % len(keys)]],
                    "url": "#",
                }
                for number, (code, name, _status) in enumerate(STATES * 4)
            ],
        }
        for shift, group in enumerate(groups)
    ]


def _life() -> list[Mark]:
    marks = [
        Mark(date(2008, 12, 3), _("Signed in Oslo"), source=_("Article 15")),
        Mark(date(2010, 2, 16), _("Deposited its ratification"), source=_("Article 16")),
        Mark(date(2010, 8, 1), _("In force"), source=_("Article 17")),
        Mark(date(2018, 8, 1), _("Stockpiles to be destroyed by"), "deadline", source="3(2)"),
        Mark(date(2017, 9, 5), _("Declared its stockpiles destroyed"), "decision", url="#"),
        Mark(date(2019, 9, 3), _("Extension granted to 1 August 2024"), "decision", url="#"),
        Mark(date(2020, 8, 1), _("Areas to be cleared by"), "deadline", source="4(1)"),
        Mark(date(2028, 8, 1), _("Areas to be cleared by"), "deadline", True, source="4(5)"),
    ]
    marks += [
        Mark(date(year, 4, 28), _("Report for %(year)s") % {"year": year - 1}, "report", url="#")
        for year in range(2012, 2027)
    ]
    return marks


def _why() -> list[Step]:
    deposited, in_force = date(2010, 2, 16), date(2010, 8, 1)
    fictional = _("Depositary notification (fictional)")
    return [
        Step(
            _("The instrument of %(kind)s was deposited on %(day)s.")
            % {"kind": _("ratification"), "day": day(deposited)},
            "16",
            deposited,
            fictional,
        ),
        Step(
            _("The Convention entered into force on %(day)s.") % {"day": day(in_force)},
            "17(1)",
            in_force,
            fictional,
        ),
        Step(
            _("Contaminated areas are to be cleared within ten years: by %(day)s.")
            % {"day": day(date(2020, 8, 1))},
            "4(1)(a)",
            date(2020, 8, 1),
        ),
        Step(
            _("%(by)s extended the deadline to %(day)s (decided on %(decided)s).")
            % {
                "by": _("Decision of the meeting (fictional)"),
                "day": day(date(2028, 8, 1)),
                "decided": day(date(2020, 5, 5)),
            },
            "4(5)",
            date(2028, 8, 1),
        ),
    ]


def _deadlines() -> list[dict[str, Any]]:
    return [
        {"what": _("Annual report for 2026"), "day": date(2027, 4, 30), "tone": "plain"},
        {"what": _("Initial report"), "day": date(2026, 12, 4), "tone": "soon", "act": True},
        {
            "what": _("Destruction of stockpiles"),
            "day": date(2018, 8, 1),
            "tone": "settled",
            "words": _("Declared fulfilled on 5 September 2017"),
        },
        {
            "what": _("Annual report for 2025"),
            "day": date(2026, 4, 30),
            "tone": "late",
            "words": _("Our records do not yet show this report"),
        },
        {
            "what": _("Clearance of areas"),
            "day": date(2025, 8, 1),
            "tone": "unknown",
            "words": _("Later decisions are not recorded here"),
        },
    ]


def _tasks() -> list[dict[str, Any]]:
    measures, stockpiles, technical = (_form(form) for form in FORMS[:3])
    return [
        {"label": _("Cover page"), "url": "#", "tone": "settled", "words": _("done")},
        {
            "label": measures,
            "url": "#",
            "tone": "soon",
            "words": _("2 questions"),
            "current": True,
        },
        {"label": stockpiles, "url": "#", "tone": "late", "words": _("1 to mend")},
        {"label": technical, "tone": "quietly", "words": _("not begun")},
    ]


def _form(form: Form) -> str:
    # French prints two of the letters the other way round.
    letter = form.letter_in(get_language() or "en")
    return _("Form %(letter)s: %(title)s") % {"letter": letter, "title": form.title}
