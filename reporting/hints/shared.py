"""What to write, with an example, in columns that several forms share, and by kind of answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# By the key of the column.
COLUMNS: dict[str, tuple[Any, Any]] = {
    "text": (
        _("The law as a file, in its own language; it becomes public with the report."),
        "act-on-cluster-munitions.pdf",
    ),
    "remark": (
        _("Anything that helps to understand the row; leave it empty if nothing does."),
        _("Counted anew in March; eleven more than in the last report."),
    ),
    "type": ("", "AV-12"),
    "lots": (
        _("The numbers on the crates or shells, if they can be read."),
        "AV-1987-04, AV-1987-05",
    ),
    "submunition": (_("What is inside: its name and model."), "AV-12/s"),
    "quantity": (_("How many munitions, in digits; 0 where there is none."), "400"),
    "submunitions": (_("How many in all these munitions together."), "58800"),
    "site": (_("Its name, and the nearest town."), _("Northern depot, near Eastbridge")),
    "method": (_("How they are destroyed."), _("Disassembly, closed burning of the filling")),
    "year": (_("The calendar year, in four digits."), "2027"),
    "area": (_("The name that the State uses from year to year."), _("Lower valley 3")),
    "location": (
        _("Map reference and grid, enough to find the area."),
        _("Sheet 12, squares 45 to 47"),
    ),
    "remnants": (
        _("The submunitions or dispensers that lie there; “unknown” where nobody knows."),
        "AV-12/s",
    ),
    "place": (_("Region or district."), _("Lower valley")),
    "sector": (
        _("Clearance, risk education, victim assistance, destruction of stocks."),
        _("clearance"),
    ),
}

# By the kind of answer, where nothing else is said.
KINDS: dict[str, tuple[Any, Any]] = {
    "date": (_("Year, month and day."), "2025-06-30"),
    "yes-no": (_("Leave it open if you do not know."), _("yes")),
    "quantity": (_("How many, in digits; 0 where there is none."), "112"),
    "area": (_("In square metres: one square kilometre is 1000000."), "250000"),
    "money": (_("The amount in digits, and the currency by its three letters."), "120000 USD"),
    "choice": (_("Choose the words that fit best."), ""),
    "state": (_("Choose it from the list, or write its name."), _("a name from the list")),
    "file": (_("PDF, Word, Excel, JPEG or PNG, up to 50 MB."), "annex-1.pdf"),
    "photograph": (
        _("JPEG or PNG in colour; something beside it that shows its size helps."),
        "AV-12.jpg",
    ),
    "coordinates": (
        _("Decimal degrees (WGS 84); south and west with a minus."),
        "12.500000, 44.250000",
    ),
    "breakdown": (
        _("How many persons of each group; leave open what is not known."),
        _("women 31, men 22, girls 412, boys 398"),
    ),
}
