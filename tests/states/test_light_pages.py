"""A reader's own pages cross thin lines compressed; what a cache keeps is compressed there."""

import gzip

from django.test import Client

from states.models import User
from tests.conftest import SignedIn

GZIP = {"HTTP_ACCEPT_ENCODING": "gzip"}


def test_a_page_of_work_is_compressed_for_who_takes_it(focal_point: User) -> None:
    client = SignedIn(focal_point)

    answer = client.get("/what-we-owe/", **GZIP)

    assert answer["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(answer.content)
    assert "Content-Encoding" not in client.get("/what-we-owe/").headers


def test_a_page_for_everybody_is_left_to_the_cache(db: None) -> None:
    answer = Client().get("/contact/", **GZIP)

    assert answer["Cache-Control"] == "public, no-cache"
    assert "Content-Encoding" not in answer.headers
