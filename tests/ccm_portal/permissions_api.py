"""Who may read the API and the pages about the portal: everybody."""

from tests.matrix import Row, everyone

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
            "api:openapi-json",
            "contact",
            "accessibility",
            "open-data",
        )
    ),
    Row("api:unknown", everyone(404), lambda world: {"rest": "parties"}),
    Row("api:api-root", everyone(404)),
]

ROWS += [
    Row("healthz", everyone(200)),
    Row("readyz", everyone(503), note="no worker and no clock beat in a test"),
]
