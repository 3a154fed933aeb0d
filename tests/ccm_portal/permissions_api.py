"""Who may read the API and the pages about the portal: everybody."""

from collections.abc import Callable

from tests.matrix import Row, World, everyone


def _reference(name: str) -> Callable[[World], dict]:
    return lambda world: {"reference": getattr(world, name).reference}


ROWS = [
    *(
        Row(name, everyone(200))
        for name in (
            "api:states",
            "api:deadlines",
            "api:reports",
            "api:states-csv",
            "api:deadlines-csv",
            "api:reports-csv",
            "api:figures",
            "api:figures-csv",
            "api:measures",
            "api:measures-csv",
            "api:schemas",
            "api:openapi-json",
            "contact",
            "accessibility",
            "open-data",
        )
    ),
    Row("api:report", everyone(200), _reference("published"), note="published"),
    Row("api:report", everyone(404), _reference("handed_in"), note="handed in"),
    Row("api:schema", everyone(200), lambda world: {"version": "art7-2010"}),
    Row("api:unknown", everyone(404), lambda world: {"rest": "parties"}),
    Row("api:api-root", everyone(404)),
]

ROWS += [
    Row("healthz", everyone(200)),
    Row("readyz", everyone(503), note="no worker and no clock beat in a test"),
]
