"""Files as received: the content decides, each refusal says what is wrong and what to do."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import socket
import struct
import subprocess
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile

from records import files

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def a_pdf(**encryption: str) -> bytes:
    stream = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if encryption:
            document.save(stream, encryption=pikepdf.Encryption(**encryption))
        else:
            document.save(stream)
    return stream.getvalue()


def a_zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def a_docx(kind: str = WORD, **parts: bytes) -> bytes:
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    )
    text = b"<w:document>" + os.urandom(3000).hex().encode() + b"</w:document>"
    return a_zip({"[Content_Types].xml": types.encode(), "word/document.xml": text, **parts})


def an_odt(listed: bytes = b"<manifest/>", **parts: bytes) -> bytes:
    first = {"mimetype": files.ODT.encode(), "content.xml": b"<office/>" + os.urandom(900)}
    return a_zip({**first, "META-INF/manifest.xml": listed, **parts})


def an_xlsx() -> bytes:
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "Name"
    book.save(stream)
    return stream.getvalue()


def a_picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((200, 120), 80).convert("RGB").save(stream, kind)
    return stream.getvalue()


def an_ole(*streams: tuple[str, bytes]) -> bytes:
    """A compound file ([MS-CFB]) of ordinary streams, each filled up to 4096 bytes."""
    end, fat_mark, free = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    contents = [data.ljust(4096, b"\0") for _, data in streams]
    directory_sectors = -(-(len(streams) + 1) // 4)
    fat = [fat_mark, *range(2, directory_sectors + 1), end]
    directory = entry("Root Entry", 5, end, 0)
    for (name, _), data in zip(streams, contents, strict=True):
        first, count = len(fat), len(data) // 512
        fat += [*range(first + 1, first + count), end]
        directory += entry(name, 2, first, len(data))
    fat += [free] * (128 - len(fat))
    assert len(fat) == 128
    header = files.ole.SIGNATURE + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    header += struct.pack("<108I", *[free] * 108)
    sectors = struct.pack("<128I", *fat) + directory.ljust(directory_sectors * 512, b"\0")
    return header + sectors + b"".join(contents)


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBB12s36xIQ", encoded, len(encoded), kind, 1, b"\xff" * 12, start, size)


def a_doc(*, protected: bool = False) -> bytes:
    flags = 0x0100 if protected else 0
    return an_ole(("WordDocument", struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags)))


def an_xls(*, protected: bool = False) -> bytes:
    records = struct.pack("<HH16x", 0x0809, 16)
    records += struct.pack("<HH6x", 0x002F, 6) if protected else b""
    records += struct.pack("<HH8x", 0x0085, 8)
    return an_ole(("Workbook", records))


def examined(content: bytes, name: str = "") -> files.Finding:
    return files.examine(io.BytesIO(content), name)


# --- What is taken --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (a_pdf(), "report.pdf", files.PDF),
        (a_pdf(), "REPORT.PDF", files.PDF),
        (a_docx(), "request.docx", files.DOCX),
        (a_doc(), "request.doc", files.DOC),
        (an_odt(), "request.odt", files.ODT),
        (an_xlsx(), "areas.xlsx", files.XLSX),
        (an_xls(), "areas.xls", files.XLS),
        (a_picture("JPEG"), "photo.jpg", files.JPEG),
        (a_picture("JPEG"), "photo.jpeg", files.JPEG),
        (a_picture("PNG"), "map.png", files.PNG),
        (a_pdf(), "no-ending", files.PDF),
        (a_pdf(), "", files.PDF),
    ],
)
def test_the_kinds_that_are_taken(content: bytes, name: str, media_type: str) -> None:
    finding = examined(content, name)

    assert finding.problem is None
    assert finding.acceptable
    assert finding.media_type == media_type
    assert finding.size == len(content)
    assert finding.sha256 == hashlib.sha256(content).hexdigest()


def test_the_file_stands_at_its_beginning_afterwards() -> None:
    content = a_pdf()
    file = SimpleUploadedFile("report.pdf", content)

    finding = files.examine(file)

    assert finding.acceptable
    assert file.read() == content


def test_a_pdf_that_anybody_may_open_is_taken_whatever_its_author_restricts() -> None:
    assert examined(a_pdf(owner="secret", user=""), "report.pdf").acceptable


# --- What is not ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "report.pdf", "The file is empty."),
        (a_pdf(owner="a", user="b"), "report.pdf", "This PDF is protected by a password"),
        (a_pdf()[:-40], "report.pdf", "This PDF is damaged or was cut off"),
        (a_pdf()[:60], "report.pdf", "This PDF is damaged or was cut off"),
        (b"%PDF-1.7\nnothing\n%%EOF", "report.pdf", "This PDF is damaged or was cut off"),
        (a_doc(protected=True), "a.doc", "This Word file is protected by a password"),
        (an_xls(protected=True), "a.xls", "This Excel file is protected by a password"),
        (
            an_ole(("EncryptionInfo", b"x"), ("EncryptedPackage", b"x")),
            "a.docx",
            "This Office file is protected by a password",
        ),
        (a_doc()[:-600], "a.doc", "This Office file is damaged or was cut off"),
        (a_doc()[:700], "a.doc", "This Office file is damaged or was cut off"),
        (a_docx()[:-200], "a.docx", "This Office file is damaged or was cut off"),
        (a_picture("JPEG")[:900], "photo.jpg", "This JPEG is damaged or was cut off"),
        (a_picture("PNG")[:900], "map.png", "This PNG is damaged or was cut off"),
        (
            a_pdf(),
            "report.docx",
            "ends in “.docx”, but the content is that of a file “.pdf”",
        ),
        (a_picture("PNG"), "photo.jpg", "The name ends in “.jpg”, but"),
        (a_docx(), "areas.xlsx", "but the content is that of a file “.docx”"),
        (a_zip({"a.txt": b"a"}), "a.zip", "This is a ZIP archive. Please send the files in it."),
        (
            a_docx("application/vnd.ms-word.document.macroEnabled.main+xml"),
            "a.docx",
            "carries macros",
        ),
        (a_docx(**{"word/vbaProject.bin": b"x"}), "a.docx", "carries macros"),
        (an_ole(("WordDocument", b"\0" * 32), ("_VBA_PROJECT", b"x")), "a.doc", "carries macros"),
        (an_ole(("PowerPoint Document", b"x")), "a.doc", "an old Office file of another kind"),
        (a_docx("application/vnd.ms-powerpoint.main+xml"), "a.docx", "neither a document nor"),
        (
            an_odt(b"<manifest><manifest:encryption-data/></manifest>"),
            "a.odt",
            "This OpenDocument is protected by a password",
        ),
        (an_odt(**{"Basic/Standard/Module1.xml": b"x"}), "a.odt", "carries macros"),
        (an_odt()[:-200], "a.odt", "This Office file is damaged or was cut off"),
        (a_zip({"mimetype": files.ODT.encode()}), "a.odt", "This OpenDocument is damaged"),
        (an_odt(), "a.docx", "but the content is that of a file “.odt”"),
        (b"{\\rtf1 Hello}", "a.doc", "a file of the kind RTF. Accepted are PDF, Word"),
        (b"\n<!doctype HTML><p>", "a.pdf", "a file of the kind HTML. Accepted are PDF, Word"),
        (b"MZ\x90\0", "report.pdf", "a file of the kind EXE. Accepted"),
        (b"plain words", "report.txt", "This kind of file is not known here. Accepted are PDF"),
        (b"plain words", "report.pdf", "This file “.pdf” is damaged or was cut off"),
    ],
)
def test_a_refusal_says_what_is_wrong(content: bytes, name: str, sentence: str) -> None:
    finding = examined(content, name)

    assert not finding.acceptable
    assert sentence in str(finding.problem)
    assert finding.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_cut_picture_is_noticed_in_a_process_that_makes_pdfs_too(
    kind: str, progressive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # what WeasyPrint does
    stream = io.BytesIO()
    Image.effect_noise((200, 120), 80).save(stream, kind, progressive=progressive)
    content = stream.getvalue()

    for length in (400, 900, len(content) // 2, len(content) - 20, len(content) - 2):
        assert "cut off" in str(examined(content[:length]).problem), length
    assert examined(content).acceptable
    assert examined(content + b"what a camera adds").acceptable


def test_a_part_of_an_archive_that_was_altered_is_noticed() -> None:
    content = bytearray(a_docx())
    content[-1500] ^= 0xFF

    assert "damaged" in str(examined(bytes(content), "a.docx").problem)


def test_an_archive_with_a_password_is_named_as_such() -> None:
    content = bytearray(a_docx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1

    assert "protected by a password" in str(examined(bytes(content), "a.docx").problem)


def test_a_file_that_unpacks_to_far_more_than_a_document_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", WORD)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(401):
                part.write(bytes(1024 * 1024))
    started = time.perf_counter()

    finding = examined(stream.getvalue(), "a.docx")

    assert len(stream.getvalue()) < 1024 * 1024
    assert "far larger than a document" in str(finding.problem)
    assert time.perf_counter() - started < 1


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked() -> None:
    size = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + size
    content = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    content += struct.pack(">I", zlib.crc32(chunk))
    rows = zlib.compress(bytes(1000))
    content += struct.pack(">I", len(rows)) + b"IDAT" + rows
    content += struct.pack(">I", zlib.crc32(b"IDAT" + rows))
    content += struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))

    finding = examined(content, "map.png")

    assert "The picture has more than 80 million points" in str(finding.problem)


def test_a_compound_file_that_bites_its_own_tail_is_damaged() -> None:
    content = bytearray(a_doc())
    struct.pack_into("<I", content, 512 + 4 * 3, 2)  # the stream's second sector leads to its first

    assert "damaged" in str(examined(bytes(content), "a.doc").problem)


@pytest.mark.parametrize("content", [a_doc(), an_xls(), a_docx(), a_pdf(), a_picture("JPEG")])
def test_no_altered_byte_makes_the_examination_fail(content: bytes) -> None:
    for place in range(0, min(len(content), 2600), 13):
        altered = bytearray(content)
        altered[place] ^= 0xA5

        finding = examined(bytes(altered), "a")

        assert finding.size == len(content)


def test_a_file_over_fifty_megabytes_is_refused_without_being_read_to_the_end(settings) -> None:
    settings.UPLOAD_MAX_BYTES = 3 * 1024 * 1024
    file = io.BytesIO(b"%PDF-1.7\n" + bytes(9 * 1024 * 1024))
    read: list[int] = []
    plain = file.read
    file.read = lambda size=-1: read.append(size) or plain(size)  # type: ignore[method-assign]

    finding = files.examine(file, "report.pdf")

    assert finding.problem == ("The file is larger than 3 MB. Please send a smaller copy.")
    assert sum(read) <= 5 * 1024 * 1024


# --- The antivirus --------------------------------------------------------------------------------

# A signature of our own, so that no public database is needed: the MD5 of these bytes.
POISON = b"%PDF-1.4 The secretariat's own test signature, harmless to everyone. %%EOF"


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("clamd is not installed (Debian: apt-get install clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    database = folder / "database"
    database.mkdir()
    digest = hashlib.md5(POISON, usedforsecurity=False).hexdigest()
    (database / "own.hdb").write_text(f"{digest}:{len(POISON)}:Test.Own.Signature\n")
    place = folder / "clamd.sock"
    (folder / "clamd.conf").write_text(
        f"LocalSocket {place}\nDatabaseDirectory {database}\nForeground yes\n"
        f"TemporaryDirectory {folder}\nStreamMaxLength 2M\nOfficialDatabaseOnly no\n"
        # The daemon refuses to start as root without being told to whom to change.
        f"User {'root' if os.geteuid() == 0 else os.environ.get('USER', 'nobody')}\n"
    )
    log = (folder / "log").open("wb")
    daemon = subprocess.Popen(
        [program, "--config-file", str(folder / "clamd.conf")], stdout=log, stderr=log
    )
    until = time.monotonic() + 30
    while files.scan(io.BytesIO(b"x"), str(place)).answer is not files.Answer.CLEAN:
        if daemon.poll() is not None or time.monotonic() > until:
            daemon.kill()
            daemon.wait()
            log.close()
            pytest.fail(f"clamd does not start: {(folder / 'log').read_text()}")
        time.sleep(0.05)
    yield place
    daemon.terminate()
    daemon.wait(10)
    log.close()


def test_the_daemon_calls_a_clean_file_clean(clamd: Path) -> None:
    file = io.BytesIO(a_pdf())

    verdict = files.scan(file, str(clamd))

    assert verdict == files.Verdict(files.Answer.CLEAN)
    assert file.tell() == 0


def test_the_daemon_names_what_it_finds(clamd: Path) -> None:
    verdict = files.scan(io.BytesIO(POISON), f"unix:{clamd}")

    assert verdict.answer is files.Answer.INFECTED
    assert "Test.Own.Signature" in verdict.detail


def test_a_file_that_the_daemon_will_not_take_is_not_called_clean(clamd: Path) -> None:
    verdict = files.scan(io.BytesIO(bytes(3 * 1024 * 1024)), str(clamd))

    assert verdict.answer is files.Answer.UNREACHABLE
    assert "size limit" in verdict.detail


def test_a_daemon_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    verdict = files.scan(io.BytesIO(b"x"), str(tmp_path / "nobody.sock"))

    assert verdict.answer is files.Answer.UNREACHABLE
    assert verdict.detail


@pytest.fixture
def listener() -> Iterator[Callable[[bytes | None], str]]:
    """Something that speaks TCP and answers as told: None is silence."""
    server = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []
    over = threading.Event()

    def answering(answer: bytes | None) -> str:
        def serve() -> None:
            connection, _address = server.accept()
            with connection:
                received = b""
                while not received.endswith(bytes(4)):
                    received += connection.recv(65536)
                if answer is None:
                    over.wait(10)
                else:
                    connection.sendall(answer)

        threads.append(threading.Thread(target=serve))
        threads[-1].start()
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"

    yield answering
    over.set()
    for thread in threads:
        thread.join()
    server.close()


def test_a_daemon_is_reached_over_the_network_too(listener) -> None:
    assert files.scan(io.BytesIO(b"x"), listener(b"stream: OK\0")).answer is files.Answer.CLEAN


def test_a_daemon_that_says_nothing_is_given_up(listener) -> None:
    started = time.monotonic()

    verdict = files.scan(io.BytesIO(b"x"), listener(None), timeout=0.2)

    assert verdict.answer is files.Answer.UNREACHABLE
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("answer", [b"", b"FOUND\0", b"stream: OK but\0", b"ERROR\0"])
def test_an_answer_that_is_not_understood_is_not_called_clean(listener, answer: bytes) -> None:
    verdict = files.scan(io.BytesIO(b"x"), listener(answer))

    assert verdict.answer is files.Answer.UNREACHABLE


@pytest.mark.parametrize("address", ["", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:none"])
def test_an_address_that_is_none_is_unreachable(address: str) -> None:
    assert files.scan(io.BytesIO(b"x"), address).answer is files.Answer.UNREACHABLE
