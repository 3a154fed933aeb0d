"""Everything that published reports say, and their files, for those who take it all at once."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from ccm_portal import streams
from ccm_portal.asked import Unclear, choice, public
from ccm_portal.selection import Selection, forms
from records import bundles, sheets
from reporting import coverpage, export
from reporting.models import Report
from states.words import day

ORDER = ("-year", "state", "kind", "-number", "pk")


@public
def answers_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every answer of the chosen reports, one a row, as .csv or .xlsx; `only` names a form."""
    chosen = Selection(request)
    only = choice(request, "only", forms())
    questions = {field.key: field for field in coverpage.BY_KEY[only].fields} if only else {}
    question = choice(request, "question", questions)
    reports, names = _in_order(chosen), chosen.names
    return streams.table(
        request,
        form,
        name=_name("answers", chosen),
        title=_("Answers in transparency reports under Article 7"),
        above=[
            _("As at %(day)s") % {"day": day(chosen.on)},
            *chosen.in_words(),
            _("As the States reported; notes of the ISU stand in a column of their own."),
        ],
        columns=export.COLUMNS | {"as_at": 12},
        rows=lambda: (
            [row | {"as_at": chosen.on} for row in of_one]
            for of_one in export.answers(reports, names, only, question)
        ),
    )


@public
def files_of_year(request: HttpRequest) -> HttpResponseBase:
    """The files of all chosen reports of one year as they were received, with an index."""
    chosen = Selection(request)
    wanted = chosen.wanted
    if wanted.first is None or wanted.first != wanted.last:
        raise Unclear(
            _("Choose the year whose reports you want, such as %(year)s.")
            % {"year": chosen.on.year - 1},
            "year",
            "",
        )
    found = export.files(_in_order(chosen), chosen.names)
    columns = [sheets.Column(name, name) for name in (*export.INDEX, "as_at")]
    lines = [line | {"as_at": chosen.on} for _member, line in found]
    index = "".join(sheets.csv_lines(columns, lines))
    return streams.answer(
        request,
        lambda: bundles.bundle([("index.csv", index)], (member for member, _line in found)),
        name=f"{_name('reports', chosen)}.zip",
        kind=bundles.MEDIA_TYPE,
    )


def _in_order(chosen: Selection) -> QuerySet[Report]:
    return chosen.reports().order_by(*ORDER)


def _name(what: str, chosen: Selection) -> str:
    wanted = chosen.wanted
    years = dict.fromkeys(year for year in (wanted.first, wanted.last) if year)
    return "-".join(["article-7", what, *map(str, years), "as-at", chosen.on.isoformat()])
