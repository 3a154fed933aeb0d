"""Finds national implementation measures by their titles, citations and States."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from records.seams import Found, Hit, SearchSource, Sought
from reporting.measures import standing, words
from reporting.measures.standing import Line
from states.marking import marked
from states.models import State
from states.words import colon, words_in


def find(sought: Sought) -> Found:
    """The measures that have all the words, in them or in the name of their State."""
    every = sorted(standing.lines(sought.on).items())
    held = [line for _iso3, lines in every for line in lines if _holds(line, sought)]
    states = _states(held, sought) if held else {}
    found = [line for line in held if line.state_id in states]
    return Found(
        len(found),
        lambda start, stop: [
            _hit(line, states[line.state_id], sought) for line in found[start:stop]
        ],
    )


def _states(lines: list[Line], sought: Sought) -> dict[str, State]:
    rows = State.objects.filter(pk__in={line.state_id for line in lines}).order_by("iso3")
    shown = rows if sought.with_fictional else rows.filter(demo=False)
    return {state.iso3: state for state in shown}


def _holds(line: Line, sought: Sought) -> bool:
    """A State's name alone finds the State: at least one word is the measure's own."""
    own = words_in(" ".join((line.title, line.title_en, line.citation, line.kind_in_words)))
    wanted = [word for word in sought.words if not any(each.startswith(word) for each in own)]
    if len(wanted) == len(sought.words):
        return False
    of_state = {state.iso3 for state in sought.names.with_all(wanted)} if wanted else None
    return of_state is None or line.state_id in of_state


def _hit(line: Line, state: State, sought: Sought) -> Hit:
    shown = words.shown(line)
    parts = [line.title_en, *shown.facts, shown.said]
    report = line.report
    return Hit(
        title=marked(colon(state.name(), shown.title), sought.words),
        url=f"{state.get_absolute_url()}#measures",
        snippet=marked(" · ".join(part for part in parts if part), sought.words),
        said=_("published") if report else _("noted"),
        day=report.published_on if report else line.note.noted_on if line.note else None,
        demo=state.demo,
    )


MEASURES = SearchSource("measures", lazy("National measures"), find)
