"""Forms A to E of 2010: measures, and what becomes of the munitions."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reporting.art7_2010.columns import COUNTED, IF_POSSIBLE, REMARK, TYPE, VOLUNTARY
from reporting.schema import (
    CHANGED,
    UNCHANGED,
    Choice,
    Date,
    File,
    Form,
    Photograph,
    StateOf,
    Table,
    Text,
    YesNo,
)

MEASURES = Form(
    key="measures",
    letter="A",
    title=_("National implementation measures"),
    article="7(1)(a)",
    help=_(
        "Article 9 asks for all legal, administrative and other measures, with penal sanctions, "
        "to prevent and suppress what the Convention forbids. One row for each measure."
    ),
    allowed=(CHANGED, UNCHANGED),
    fields=(
        Table(
            key="measures",
            label=_("Measures taken"),
            columns=(
                Choice(
                    key="kind",
                    label=_("Kind of measure"),
                    choices=(
                        ("law", _("law")),
                        ("regulation", _("regulation")),
                        ("directive", _("directive")),
                        ("training", _("training of armed forces")),
                        ("existing-law", _("existing law held sufficient")),
                        ("in-preparation", _("law in preparation")),
                        ("other", _("other")),
                    ),
                ),
                Text(
                    key="title",
                    label=_("Measure"),
                    example=_("Act No. 12 on the prohibition of cluster munitions"),
                    long=True,
                ),
                Text(
                    key="citation",
                    label=_("Where it is published"),
                    example=_("Official Gazette No. 45, page 3"),
                    level=VOLUNTARY,
                ),
                Date(key="effective_on", label=_("In force since"), level=VOLUNTARY),
                YesNo(key="penal", label=_("Penal sanctions")),
                File(key="text", label=_("Text of the law"), level=VOLUNTARY),
                REMARK,
            ),
        ),
    ),
)

STOCKPILES = Form(
    key="stockpiles",
    letter="B",
    title=_("Stockpiles and destruction"),
    article="7(1)(b), (e), (f), (g)",
    help=_(
        "All cluster munitions under the State's jurisdiction and control, explosive submunitions "
        "included, and what becomes of them (Article 3)."
    ),
    nothing=_("%(state)s has never had a stockpile of cluster munitions."),
    fields=(
        Table(
            key="stock",
            label=_("Stock at the end of the period"),
            columns=(*COUNTED, REMARK),
            totals=("quantity", "submunitions"),
            by="type",
        ),
        Text(
            key="marking",
            label=_("Separation and marking"),
            help=_("How the stock is kept apart and marked for destruction (Article 3(1))."),
            level=VOLUNTARY,
            long=True,
            inferred=True,
        ),
        Text(
            key="programme",
            label=_("Status and progress of the programme of destruction"),
            help=_("Article 7(1)(e)."),
            long=True,
        ),
        Table(
            key="sites",
            label=_("Sites and methods of destruction"),
            columns=(
                Text(key="site", label=_("Site")),
                Text(key="method", label=_("Method")),
                Text(key="safety", label=_("Safety standards"), long=True),
                Text(key="environment", label=_("Environmental standards"), long=True),
                Text(key="timetable", label=_("Timetable"), level=VOLUNTARY),
            ),
        ),
        Table(
            key="destroyed",
            label=_("Destroyed in the period"),
            help=_("Article 7(1)(f)."),
            columns=(
                *COUNTED,
                Text(key="site", label=_("Site")),
                Text(key="method", label=_("Method")),
                Text(
                    key="standards",
                    label=_("Safety and environmental standards observed"),
                    long=True,
                ),
                Date(key="completed_on", label=_("Completed on"), level=VOLUNTARY),
                REMARK,
            ),
            totals=("quantity", "submunitions"),
            by="type",
        ),
        Table(
            key="found",
            label=_("Found after completion was reported"),
            help=_("Article 7(1)(g)."),
            columns=(
                *COUNTED,
                Text(key="circumstances", label=_("Where and when found"), level=VOLUNTARY),
                Text(key="plan", label=_("Plan for destruction"), long=True),
                Date(key="planned_for", label=_("To be destroyed by"), level=IF_POSSIBLE),
            ),
            totals=("quantity", "submunitions"),
            by="type",
        ),
    ),
)

TECHNICAL_CHARACTERISTICS = Form(
    key="technical-characteristics",
    letter="C",
    letters=(("fr", "D"),),
    title=_("Technical characteristics of each type produced, owned or possessed"),
    article="7(1)(c)",
    help=_(
        "Of each type that the State produced before the Convention was in force for it, as far as "
        "known, and of each that it owns or possesses: what helps those who clear to recognise it. "
        "One row for the munition and one for each of its submunitions."
    ),
    nothing=_("%(state)s has never produced, owned or possessed cluster munitions."),
    fields=(
        Table(
            key="types",
            label=_("Types"),
            columns=(
                TYPE,
                Choice(
                    key="part",
                    label=_("Described here"),
                    choices=(
                        ("munition", _("munition")),
                        ("submunition", _("explosive submunition")),
                    ),
                ),
                Choice(
                    key="standing",
                    label=_("Produced or owned"),
                    choices=(
                        ("produced", _("produced before entry into force")),
                        ("possessed", _("now owned or possessed")),
                    ),
                ),
                Text(
                    key="dimensions",
                    label=_("Dimensions"),
                    example=_("451 mm × 2,450 mm"),
                    level=IF_POSSIBLE,
                ),
                Text(key="fusing", label=_("Fusing"), level=IF_POSSIBLE),
                Text(
                    key="explosive",
                    label=_("Explosive content"),
                    example=_("Hexogen, 30 g"),
                    level=IF_POSSIBLE,
                ),
                Text(
                    key="metal",
                    label=_("Metallic content"),
                    example=_("Steel, 400 g"),
                    level=IF_POSSIBLE,
                ),
                Photograph(key="photograph", label=_("Photograph in colour"), level=IF_POSSIBLE),
                Text(
                    key="remark",
                    label=_("Other information that helps clearance"),
                    level=VOLUNTARY,
                    long=True,
                ),
            ),
        ),
    ),
)

RETAINED_TRANSFERRED = Form(
    key="retained-transferred",
    letter="D",
    letters=(("fr", "C"),),
    title=_("Cluster munitions retained and transferred"),
    article="3(8)",
    help=_(
        "What is kept, acquired or transferred under Article 3(6) and (7), for training and for "
        "countermeasures or for destruction: planned and actual use, and who received it."
    ),
    nothing=_("%(state)s has neither retained nor transferred cluster munitions."),
    fields=(
        Table(
            key="retained",
            label=_("Retained or acquired"),
            columns=(
                *COUNTED,
                Text(key="planned", label=_("Planned use"), long=True),
                Text(key="used", label=_("Actual use in the period"), long=True),
                Text(key="institution", label=_("Institution authorised")),
                REMARK,
            ),
            totals=("quantity", "submunitions"),
            by="type",
        ),
        Table(
            key="transferred",
            label=_("Transferred"),
            columns=(
                *COUNTED,
                Choice(
                    key="purpose",
                    label=_("Purpose"),
                    choices=(
                        ("destruction", _("destruction")),
                        ("training", _("training and development of techniques")),
                    ),
                ),
                StateOf(
                    key="receiver",
                    label=_("Receiving State Party"),
                    help=_("Article 3(7) allows transfers to States Parties only."),
                ),
                Date(key="transferred_on", label=_("Day of the transfer")),
                REMARK,
            ),
            totals=("quantity", "submunitions"),
            by="type",
        ),
    ),
)

CONVERSION = Form(
    key="conversion",
    letter="E",
    title=_("Status of conversion programmes"),
    article="7(1)(d)",
    help=_("Facilities that produced cluster munitions, and what they are turned into or closed."),
    nothing=_("%(state)s has never produced cluster munitions."),
    fields=(
        Table(
            key="facilities",
            label=_("Production facilities"),
            columns=(
                Text(key="facility", label=_("Facility and place")),
                Choice(
                    key="fate",
                    label=_("Conversion or decommissioning"),
                    choices=(
                        ("conversion", _("conversion")),
                        ("decommissioning", _("decommissioning")),
                    ),
                ),
                Choice(
                    key="status",
                    label=_("Status"),
                    choices=(
                        ("in-process", _("in process")),
                        ("completed", pgettext_lazy("of a facility", "completed")),
                    ),
                ),
                REMARK,
            ),
        ),
    ),
)
