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
        for name in ("states-table", "reports-table", "calendar-table", "figures-table")
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
