"""Who may read the public pages: everybody; the gallery is the secretariat's."""

from typing import Any

from tests.matrix import Row, World, everyone, secretariat


def laos(world: World) -> dict[str, Any]:
    """The address of a State that exists."""
    return {"iso3": "LAO"}


def nowhere(world: World) -> dict[str, Any]:
    """The address of a State that does not."""
    return {"iso3": "ZZZ"}


ROWS = [
    *(
        Row(name, everyone(200))
        for name in (
            "home",
            "states",
            "reports",
            "measures",
            "calendar",
            "calendar-ics",
            "figures",
            "search",
            "robots",
            "sitemap",
        )
    ),
    *(
        Row(name, everyone(200), lambda world: {"form": "csv"})
        for name in (
            "states-table",
            "reports-table",
            "measures-table",
            "calendar-table",
            "figures-table",
        )
    ),
    *(
        Row(name, everyone(200), laos)
        for name in ("state", "state-json", "state-ics", "state-profile")
    ),
    Row("tools", everyone(200)),
    Row("blank-workbook", everyone(200), lambda world: {"language": "fr"}),
    Row("blank-workbook", everyone(404), lambda world: {"language": "xx"}, note="unknown"),
    Row("state", everyone(404), nowhere, note="unknown"),
    Row("state-profile", everyone(404), nowhere, note="unknown"),
    Row("search", everyone(200), query="?q=lao", note="answered"),
    Row("states", everyone(405), method="post"),
    Row("gallery", secretariat(200)),
]


def laos_table(world: World) -> dict[str, Any]:
    """The figures of a State that exists, as data."""
    return {"iso3": "LAO", "form": "csv"}


def clearance(world: World) -> dict[str, Any]:
    """A form that exists."""
    return {"form": "clearance"}


ROWS += [
    *(Row(name, everyone(200)) for name in ("rates", "figures-reported")),
    *(
        Row(name, everyone(200), lambda world: {"form": "csv"})
        for name in ("answers-table", "rates-table", "figures-reported-table")
    ),
    *(Row(name, everyone(200), laos) for name in ("compare", "figures-of-state")),
    *(
        Row(name, everyone(404), nowhere, note="unknown")
        for name in ("compare", "figures-of-state")
    ),
    Row("figures-of-state-table", everyone(200), laos_table),
    Row("form-of-all", everyone(200), clearance),
    Row("form-of-all", everyone(404), lambda world: {"form": "nonsense"}, note="unknown"),
    Row("files-of-year", everyone(400), note="no year"),
    Row("files-of-year", everyone(200), query="?year=2023", note="a year"),
    Row("rates", everyone(405), method="post"),
]
