"""A .zip that somebody sends: odd names are found, traps are named, nothing is written by name."""

import io
import unicodedata
import zipfile

import pytest

from records.archive import container
from records.archive.container import Unreadable, opened
from tests.reporting.zips import packed


def of(content: bytes | io.BytesIO) -> container.Container:
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    with opened(file) as found:
        return found


def text_of(file: io.BytesIO, name: str) -> bytes:
    with opened(file) as found, found.taken(name) as taken:
        return taken.file.read()


def why(file: io.BytesIO, name: str) -> str:
    with opened(file) as found, pytest.raises(Unreadable) as refused, found.taken(name):
        pass
    return str(refused.value)


@pytest.mark.parametrize(
    "asked", ["PER/été.pdf", "per\\ÉTÉ.pdf", "./PER/été.pdf", "été.pdf", "/PER//été.pdf"]
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_file_is_found_however_its_name_is_written(asked: str, form: str) -> None:
    file = packed({unicodedata.normalize(form, "PER/été.pdf"): b"here"})

    assert text_of(file, asked) == b"here"


@pytest.mark.parametrize("page", ["cp437", "cp850", "cp1252", "utf-8"])
def test_names_in_the_code_page_of_a_machine_are_found(page: str) -> None:
    # As a program writes it that does not say which page it is: without the flag of UTF-8.
    wanted = "é-t-é.pdf".encode(page)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("x" * len(wanted), b"here")
    named = io.BytesIO(other.getvalue().replace(b"x" * len(wanted), wanted))

    assert text_of(named, "é-t-é.pdf") == b"here"


def test_a_name_that_stands_twice_is_not_chosen() -> None:
    assert "more than once" in why(packed({"a/x.pdf": b"1", "b/x.pdf": b"2"}), "x.pdf")
    assert text_of(packed({"a/x.pdf": b"1", "b/x.pdf": b"2"}), "b/x.pdf") == b"2"


def test_the_same_path_twice_is_not_chosen() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.pdf", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("x.pdf", b"2")

    assert "more than once" in why(out, "x.pdf")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/../../x.pdf", "C:\\Windows\\x.pdf"])
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    assert "leads out of the archive" in why(packed({name: b"x"}), name)


def test_a_file_under_a_password_is_named() -> None:
    raw = bytearray(packed({"x.pdf": b"secret"}).getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + place] |= 1

    assert "protected by a password" in why(io.BytesIO(bytes(raw)), "x.pdf")


def test_a_damaged_file_is_named_and_others_are_read() -> None:
    raw = bytearray(packed({"x.pdf": b"x" * 1000, "y.pdf": b"here"}).getvalue())
    raw[40] ^= 0xFF

    assert "“x.pdf” is damaged" in why(io.BytesIO(bytes(raw)), "x.pdf")
    assert text_of(io.BytesIO(bytes(raw)), "y.pdf") == b"here"


def test_a_file_that_unpacks_to_more_than_a_paper_is_refused(settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    bomb = packed({"x.pdf": b"\0" * (2 * 1024 * 1024)})

    assert len(bomb.getvalue()) < 10_000
    assert "larger than 1 MB" in why(bomb, "x.pdf")


def test_an_archive_that_unpacks_without_end_is_refused(settings) -> None:
    settings.ARCHIVE_MAX_BYTES = 100_000
    bomb = packed({f"{n}.pdf": b"\0" * 1_000_000 for n in range(3)})

    with pytest.raises(Unreadable, match="far larger than papers are"):
        of(bomb)


def test_an_archive_of_too_many_files_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(container, "MOST_FILES", 10)

    with pytest.raises(Unreadable, match="more than 10 files"):
        of(packed({str(n): b"" for n in range(11)}))


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"no archive", packed({"a": b"b"}).getvalue()[:-9]],
    ids=["empty", "two letters", "words", "cut off"],
)
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"no \.zip archive"):
        of(content)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"inner.zip": b"PK"}, "another archive in this one"),
        ({"index.xlsx": b"PK"}, "save the table"),
        ({"a.pdf": b"x"}, "no index in the archive"),
        ({"a.csv": b"x", "b.csv": b"y"}, "several .csv files"),
    ],
)
def test_an_archive_without_an_index_says_what_to_do(files: dict[str, bytes], words: str) -> None:
    with opened(packed(files)) as found, pytest.raises(Unreadable, match=words):
        found.index()


def test_the_index_is_found_in_a_folder_and_beside_other_tables() -> None:
    with opened(packed({"past/index.csv": b"1", "past/other.csv": b"2"})) as found:
        assert found.index() == b"1"
    with opened(packed({"past/États.csv": b"1", "__MACOSX/._États.csv": b"2"})) as found:
        assert found.index() == b"1"


def test_files_that_nobody_asked_for_are_named() -> None:
    files = {"index.csv": b"", "a.pdf": b"", "b.pdf": b"", ".DS_Store": b"", "d/": b""}
    with opened(packed(files)) as found:
        found.index()
        found.mention("a.pdf")
        found.mention("nowhere.pdf")

        assert found.unmentioned() == ["b.pdf"]
