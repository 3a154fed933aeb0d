"""Forms F to J of 2010: areas and people, resources, other matters."""

from django.utils.translation import gettext_lazy as _

from reporting.art7_2010.columns import IF_POSSIBLE, REACHED, REMARK, VOLUNTARY
from reporting.schema import (
    Area,
    Breakdown,
    Choice,
    Coordinates,
    Date,
    Form,
    Money,
    Quantity,
    Table,
    Text,
)

CLEARANCE = Form(
    key="clearance",
    letter="F",
    title=_("Contaminated areas and clearance"),
    article="7(1)(h), (i)",
    help=_(
        "Each area that holds cluster munition remnants, as far as possible; the programme of "
        "clearance; and what was released in the period (Article 4)."
    ),
    nothing=_(
        "No area under the jurisdiction or control of %(state)s is contaminated by cluster "
        "munition remnants."
    ),
    fields=(
        Table(
            key="areas",
            label=_("Areas known to be contaminated"),
            columns=(
                Text(
                    key="area",
                    label=_("Name of the area"),
                    example=_("Ban Phonsavan 3, Xieng Khouang"),
                ),
                Text(
                    key="location",
                    label=_("Location"),
                    help=_("Map reference and grid, enough to find the area."),
                    level=IF_POSSIBLE,
                ),
                Coordinates(key="position", label=_("Position"), level=IF_POSSIBLE),
                Area(key="size", label=_("Size"), figure=True),
                Text(key="remnants", label=_("Type of remnants")),
                Quantity(key="estimated", label=_("Estimated quantity"), level=IF_POSSIBLE),
                Text(key="used", label=_("When used"), level=IF_POSSIBLE, example="1964–1973"),
                Choice(
                    key="certainty",
                    label=_("How sure"),
                    choices=(
                        ("confirmed", _("confirmed")),
                        ("suspected", _("suspected")),
                    ),
                    level=VOLUNTARY,
                    inferred=True,
                ),
                Text(
                    key="marking",
                    label=_("Marking and fencing"),
                    level=VOLUNTARY,
                    inferred=True,
                ),
                REMARK,
            ),
            totals=("size",),
        ),
        Text(
            key="programme",
            label=_("Status and progress of the programme of clearance"),
            help=_("National plan, capacity, priorities, and how they advance."),
            long=True,
        ),
        Table(
            key="released",
            label=_("Areas released in the period"),
            columns=(
                Text(key="area", label=_("Name of the area")),
                Text(key="location", label=_("Location"), level=IF_POSSIBLE),
                Area(key="size", label=_("Size"), figure=True),
                Choice(
                    key="method",
                    label=_("Method of release"),
                    choices=(
                        ("clearance", _("clearance")),
                        ("technical-survey", _("technical survey")),
                        ("non-technical-survey", _("non-technical survey")),
                    ),
                    level=VOLUNTARY,
                    inferred=True,
                ),
                Text(key="remnants", label=_("Type of remnants")),
                Quantity(key="destroyed", label=_("Quantity cleared and destroyed"), figure=True),
                Date(key="released_on", label=_("Released on"), level=VOLUNTARY),
                REMARK,
            ),
            totals=("size", "destroyed"),
        ),
        Date(
            key="completed_on",
            label=_("Clearance completed on"),
            help=_("Only where every area is cleared: a declaration of compliance follows."),
            level=IF_POSSIBLE,
        ),
    ),
)

RISK_EDUCATION = Form(
    key="risk-education",
    letter="G",
    title=_("Warning to the population and risk education"),
    article="7(1)(j)",
    help=_("What was done to teach civilians the risks and to warn them at once and effectively."),
    nothing=_(
        "No area under the jurisdiction or control of %(state)s is contaminated: no warning and no "
        "risk education is needed."
    ),
    fields=(
        Text(key="warnings", label=_("Warnings given"), long=True),
        Table(
            key="measures",
            label=_("Measures of risk education"),
            columns=(
                Text(key="measure", label=_("Measure"), long=True),
                Text(key="place", label=_("Place"), level=IF_POSSIBLE),
                Text(key="group", label=_("Target group"), level=VOLUNTARY, inferred=True),
                REACHED,
            ),
        ),
    ),
)

VICTIM_ASSISTANCE = Form(
    key="victim-assistance",
    letter="H",
    title=_("Victim assistance"),
    article="7(1)(k)",
    help=_(
        "How the duties of Article 5 are met: medical care, rehabilitation and psychological "
        "support that heed age and gender, and social and economic inclusion."
    ),
    nothing=_(
        "There are no cluster munition victims in areas under the jurisdiction or control "
        "of %(state)s."
    ),
    fields=(
        Text(
            key="focal_point",
            label=_("Government focal point"),
            help=_("Article 5(2)(g). A function and an institution, not a person."),
            level=VOLUNTARY,
            inferred=True,
        ),
        Breakdown(
            key="victims",
            label=_("Victims of whom the State knows"),
            level=IF_POSSIBLE,
            figure=True,
            inferred=True,
        ),
        Breakdown(
            key="casualties",
            label=_("New casualties in the period"),
            level=IF_POSSIBLE,
            figure=True,
            inferred=True,
        ),
        Text(key="needs", label=_("Assessment of needs"), long=True),
        Text(key="plan", label=_("National plan, budget and time frame"), long=True),
        Table(
            key="measures",
            label=_("Measures taken"),
            columns=(
                Choice(
                    key="duty",
                    label=_("Duty"),
                    help=_("The point of Article 5(2) that the measure answers."),
                    choices=(
                        ("a", _("(a) assess the needs")),
                        ("b", _("(b) laws and policies")),
                        ("c", _("(c) national plan and budget")),
                        ("d", _("(d) resources")),
                        ("e", _("(e) no discrimination")),
                        ("f", _("(f) consult and involve victims")),
                        ("g", _("(g) focal point")),
                        ("h", _("(h) guidelines and good practices")),
                    ),
                    level=IF_POSSIBLE,
                    inferred=True,
                ),
                Text(key="measure", label=_("Measure"), long=True),
                Text(key="place", label=_("Region"), level=IF_POSSIBLE),
                REACHED,
            ),
        ),
    ),
)

RESOURCES = Form(
    key="resources",
    letter="I",
    title=_("National resources and international cooperation and assistance"),
    article="7(1)(m), (n)",
    help=_(
        "What the State itself spends on Articles 3, 4 and 5, and what it gives to others or "
        "receives from them under Article 6."
    ),
    nothing=_("%(state)s has neither spent nor given nor received anything under Articles 3 to 6."),
    fields=(
        Table(
            key="national",
            label=_("National resources"),
            columns=(
                Choice(
                    key="article",
                    label=_("For"),
                    choices=(
                        ("3", _("Article 3, stockpile destruction")),
                        ("4", _("Article 4, clearance and risk education")),
                        ("5", _("Article 5, victim assistance")),
                    ),
                ),
                Choice(
                    key="kind",
                    label=_("Kind"),
                    choices=(
                        ("financial", _("financial")),
                        ("material", _("material")),
                        ("in-kind", _("in kind")),
                    ),
                ),
                Money(key="amount", label=_("Amount"), figure=True),
                Text(key="description", label=_("Description"), long=True),
            ),
        ),
        Table(
            key="provided",
            label=_("Cooperation and assistance provided"),
            columns=(
                Text(key="recipient", label=_("Recipient State or organisation")),
                Text(key="sector", label=_("Sector"), example=_("clearance")),
                Money(key="amount", label=_("Amount"), figure=True),
                Text(key="period", label=_("Period"), level=VOLUNTARY),
                Text(key="description", label=_("Description"), long=True),
            ),
        ),
        Table(
            key="received",
            label=_("Cooperation and assistance received"),
            columns=(
                Text(key="giver", label=_("From which State or organisation")),
                Text(key="sector", label=_("Sector")),
                Money(key="amount", label=_("Amount"), figure=True),
                Text(key="description", label=_("Description"), long=True),
            ),
            level=VOLUNTARY,
            inferred=True,
        ),
        Text(
            key="needs",
            label=_("Needs for cooperation and assistance"),
            level=VOLUNTARY,
            long=True,
            inferred=True,
        ),
    ),
)

OTHER = Form(
    key="other",
    letter="J",
    title=_("Other relevant matters"),
    article="",
    help=_("Anything else that the State wishes to say; wholly voluntary."),
    nothing=_("%(state)s has nothing to add."),
    voluntary=True,
    fields=(Text(key="matters", label=_("Other matters"), level=VOLUNTARY, long=True),),
)
