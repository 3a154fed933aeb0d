"""Who may read files and documents: whoever may see what carries them."""

from django.utils.safestring import mark_safe

from records import documents
from records.models import Revision
from tests.matrix import Row, World, everyone, own_state


def _file(name: str) -> "object":
    def kwargs(world: World) -> dict:
        upload = getattr(world, name).original
        return {"pk": upload.pk, "name": upload.name}

    return kwargs


def _issued(world: World, audience: str) -> Revision:
    drafted = documents.draft(
        series="T",
        year=2026,
        kind="paper",
        family="state",
        title="A paper",
        body=mark_safe("<p>Words.</p>"),
        by=None,
        state=world.laos,
        audience=audience,
    )
    return documents.issue(drafted, by=None)


def _document(audience: str) -> "object":
    return lambda world: {"reference": _issued(world, audience).document.reference}


def _pdf(audience: str) -> "object":
    return lambda world: {
        "reference": _issued(world, audience).document.reference,
        "language": "en",
    }


READ_HANDED_IN = own_state(200, certifier=200, assistant=200, officer=200, director=200)
OF_THE_STATE = own_state(200, certifier=200)

ROWS = [
    Row("file", everyone(200), _file("published"), note="published"),
    Row("file", READ_HANDED_IN, _file("handed_in"), note="handed in"),
    Row("file", own_state(200, certifier=200), _file("draft"), note="draft"),
    Row("file", own_state(404), lambda w: {"pk": 999999, "name": "a.pdf"}, note="unknown"),
    Row("document", everyone(200), _document("public"), note="public"),
    Row("document", OF_THE_STATE, _document("state:LAO"), note="of a State"),
    Row("document", own_state(404), lambda w: {"reference": "T-1999-01"}, note="unknown"),
    Row("document-pdf", everyone(200), _pdf("public"), note="public"),
    Row("document-pdf", OF_THE_STATE, _pdf("state:LAO"), note="of a State"),
    Row("verify", everyone(200)),
    Row("verify", everyone(302), method="post", data=lambda w: {"sha256": "0" * 64}),
]
