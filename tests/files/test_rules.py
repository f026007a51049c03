"""What is taken and under which name, on plain values; what an archive may hold."""

from pathlib import Path

import pytest

from app.files.errors import (
    ArchiveRefused,
    FileDamaged,
    FileInUse,
    FileNeedsPages,
    FilesUnusedTooMany,
    MediaTypeRefused,
)
from app.files.rules import (
    UNUSED_MAX,
    Member,
    check_class,
    check_subject,
    check_unused,
    clean_name,
    media_type,
)
from app.files.states import MACHINE, FileClass, FileStatus, MediaType
from app.files.store import Store, look
from tests.factories.files import archive, small_pdf

ZIP = b"PK\x03\x04"


def members(*names: str) -> list[Member]:
    return [Member(name, 1, False) for name in names]


@pytest.mark.parametrize(
    ("head", "inside", "kind"),
    [
        (b"%PDF-1.7\n", None, MediaType.PDF),
        (b"\x89PNG\r\n\x1a\n", None, MediaType.PNG),
        (b"\xff\xd8\xff\xe0", None, MediaType.JPEG),
        (ZIP, members("[Content_Types].xml", "word/document.xml"), MediaType.DOCX),
        (ZIP, members("[Content_Types].xml", "xl/workbook.xml"), MediaType.XLSX),
        (ZIP, members("OFD.xml", "Doc_0/Document.xml"), MediaType.OFD),
        (ZIP, members("图纸/总装图.dwg"), MediaType.ZIP),
    ],
)
def test_the_type_is_what_the_bytes_show(head: bytes, inside: list[Member] | None, kind: MediaType) -> None:
    assert media_type(head, inside) is kind


@pytest.mark.parametrize(
    "head", [b"", b"MZ\x90", b"<html>", b"\xd0\xcf\x11\xe0", b" %PDF-1.7", b"GIF89a", b"PK\x05\x06"]
)
def test_other_types_are_refused_whatever_they_are_called(head: bytes) -> None:
    with pytest.raises(MediaTypeRefused):
        media_type(head)


def test_a_document_with_macros_is_refused() -> None:
    with pytest.raises(MediaTypeRefused) as refusal:
        media_type(ZIP, members("word/document.xml", "word/vbaProject.bin"))
    assert refusal.value.data == {"reason": "macros"}


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (Member("a.txt", 1, True), "encrypted"),
        (Member("../a.txt", 1, False), "path"),
        (Member("a\\..\\..\\b.txt", 1, False), "path"),
        (Member("/etc/passwd", 1, False), "path"),
        (Member("C:\\a.txt", 1, False), "path"),
        (Member("setup.EXE", 1, False), "program"),
        (Member("x/run.sh", 1, False), "program"),
    ],
)
def test_an_archive_with_programs_passwords_or_ways_out_is_refused(member: Member, reason: str) -> None:
    with pytest.raises(ArchiveRefused) as refusal:
        media_type(ZIP, [Member("readme.txt", 1, False), member])
    assert refusal.value.data["reason"] == reason


@pytest.mark.parametrize("count", [0, 5_001])
def test_an_archive_holds_at_least_one_and_at_most_5000_files(count: int) -> None:
    with pytest.raises(ArchiveRefused):
        media_type(ZIP, [Member(f"{number}.txt", 1, False) for number in range(count)])
    assert media_type(ZIP, [Member(f"{number}.txt", 1, False) for number in range(5_000)]) is MediaType.ZIP


@pytest.mark.parametrize(
    ("told", "kind", "kept"),
    [
        ("可行性报告.pdf", MediaType.PDF, "可行性报告.pdf"),
        ("报告.PDF", MediaType.PDF, "报告.pdf"),
        ("C:\\fakepath\\报告.pdf", MediaType.PDF, "报告.pdf"),
        ("../../etc/passwd", MediaType.PDF, "passwd.pdf"),
        ("工资.exe", MediaType.PDF, "工资.exe.pdf"),
        ("合同\u202efdp.exe", MediaType.PDF, "合同fdp.exe.pdf"),
        ("a\r\nX: 1.pdf", MediaType.PDF, "aX_ 1.pdf"),
        (' "x".jpeg ', MediaType.JPEG, "_x_.jpeg"),
        ("照片.jpg", MediaType.JPEG, "照片.jpg"),
        ("...", MediaType.ZIP, "文件.zip"),
        ("长" * 300 + ".docx", MediaType.DOCX, "长" * 115 + ".docx"),
    ],
)
def test_a_name_is_one_line_without_a_path_and_ends_as_its_type(
    told: str, kind: MediaType, kept: str
) -> None:
    assert clean_name(told, kind) == kept


def test_only_what_has_pages_is_kept_under_a_non_disclosure_agreement() -> None:
    for kind in (MediaType.PDF, MediaType.PNG, MediaType.JPEG):
        check_class(FileClass.NDA, kind)
    for kind in (MediaType.DOCX, MediaType.XLSX, MediaType.OFD, MediaType.ZIP):
        with pytest.raises(FileNeedsPages):
            check_class(FileClass.NDA, kind)
        check_class(FileClass.INTERNAL, kind)


def test_a_file_belongs_to_one_thing_and_unused_ones_are_limited() -> None:
    check_subject(None, ("objection", 1))
    check_subject(("objection", 1), ("objection", 1))
    with pytest.raises(FileInUse):
        check_subject(("objection", 1), ("objection", 2))
    check_unused(UNUSED_MAX - 1)
    with pytest.raises(FilesUnusedTooMany):
        check_unused(UNUSED_MAX)


def test_a_file_that_is_gone_never_comes_back() -> None:
    assert MACHINE.initial is FileStatus.KEPT
    for gone in (FileStatus.REDACTED, FileStatus.DESTROYED):
        assert MACHINE.allows(FileStatus.KEPT, gone)
        assert MACHINE.transitions[gone] == frozenset()


def test_real_files_are_looked_at_without_being_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data, kind in (
        (small_pdf(), MediaType.PDF),
        (archive(word__document_xml=b"<w/>"), MediaType.DOCX),
        (archive(a_txt=b"x"), MediaType.ZIP),
    ):
        path.write_bytes(data)
        assert look(path) is kind


def test_an_archive_that_lies_about_itself_is_refused(tmp_path: Path) -> None:
    path, good = tmp_path / "file", archive(a_txt=b"x" * 100)
    end = good.rfind(b"PK\x05\x06")
    huge = bytearray(good)
    huge[end + 12 : end + 16] = (50_000_000).to_bytes(4, "little")
    for data in (good[:60], bytes(huge), ZIP + b"\0" * 200):
        path.write_bytes(data)
        with pytest.raises(ArchiveRefused):
            look(path)


def test_the_store_gives_out_only_what_was_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    key, digest = (
        store.new_key(),
        bytes.fromhex("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
    )
    store.write(key, b"hello")
    assert store.read(key, digest) == b"hello"
    with pytest.raises(FileDamaged):
        store.read(key, bytes(32))
    with pytest.raises(FileDamaged):
        store.read(store.new_key(), digest)
    store.delete(key)
    store.delete(key)
    with pytest.raises(FileDamaged):
        store.read(key, digest)
