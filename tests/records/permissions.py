"""Who may read files and documents: whoever may see what carries them."""

from django.utils.safestring import mark_safe

from records import documents, resumable
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


def _on_its_way(world: World) -> dict:
    by = world.people["focal_point"]
    assert by is not None
    return {"pk": resumable.begin("report.pdf", 1000, world.laos, by).pk}


# Of all who act for the State only the one who sends the file goes on with it.
ONE_SENDER = everyone(404, anonymous=302, focal_point=200)

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
    # Without the header of its protocol an address of files on their way answers 412 at once.
    Row("upload-begin", everyone(412, anonymous=302), method="post"),
    Row("upload-begin", everyone(204, anonymous=302), method="options"),
    Row("upload-part", ONE_SENDER, _on_its_way),
    Row("upload-part", everyone(412, anonymous=302), _on_its_way, method="patch"),
    Row("ask", everyone(200)),
    Row("ask", everyone(302), method="post", data=lambda w: {"question": "When?"}),
    Row("asked", everyone(200)),
    Row("my-questions", everyone(200, anonymous=302)),
    Row("verify", everyone(200)),
    Row("verify", everyone(302), method="post", data=lambda w: {"sha256": "0" * 64}),
]
