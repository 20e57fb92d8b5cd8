"""Files that mean harm or are broken: each is answered in words, in bounded time and memory, nothing half in."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from clientier.kit.imports.reading import open_source
from clientier.kit.imports.reasons import ImportRefusedError
from clientier.kit.imports.source import Limits
from clientier.kit.imports.survey import survey
from clientier.kit.imports.unpacking import is_set, unpack
from clientier.rooms.parties.models import Customer
from tests.kit.imports.running import counts, errors, imported

MEGABYTE = 1 << 20
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows, *, merge=None):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merge:
            sheet.merge_range(*merge)
    return content.getvalue()


def changed(content, name, text):
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, text if entry == name else old.read(entry))
    return out.getvalue()


def read(path, **options):
    source = open_source(path, **options)
    survey(source)
    return [chunk.cells(p, source.headings) for chunk in source.chunks() for p in range(len(chunk))]


def faults(path):
    source = open_source(path)
    return [str(reason) for chunk in source.chunks() for reason in chunk.faults.values()]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "The file is empty."),
        (b"\n\n  \n,,,\n", "a.csv", "The file is empty."),
        (b"\xef\xbb\xbf", "a.csv", "The file is empty."),
        (b"%PDF-1.7 x", "a.csv", "not a table"),
        (b"\x00" * 4096, "a.csv", "not a table"),
        (bytes(range(256)) * 64, "a.csv", "not a table"),
        (b"PK\x03\x04 this is no archive", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", "damaged"),
        (b"PAR1 this is no parquet PAR1", "a.parquet", "damaged"),
        (b"BEGIN:VCARD", "a.csv", ""),
        (",".join(f"h{n}" for n in range(10_000)).encode() + b"\n1\n", "a.csv", "10000 columns"),
    ],
)
def test_what_is_no_table_is_refused_in_words(write_file, content, name, said):
    path = write_file(content, name)
    if not said:
        assert faults(path) == ["the card breaks off or is not written as cards are: BEGIN:VCARD"]
        return
    with pytest.raises(ImportRefusedError, match=said):
        read(path)


def test_a_wrong_extension_does_not_matter(write_file):
    assert read(write_file(workbook([["id", "name"], ["1", "One"]]), "list.csv")) == [["1", "One"]]
    assert read(write_file("id,name\n1,One\n", "list.xlsx")) == [["1", "One"]]


def test_only_headings_are_no_rows(write_file):
    assert read(write_file("id,name\n")) == []
    assert read(write_file(workbook([["id", "name"]]), "a.xlsx")) == []


def test_one_line_without_an_end_mixed_line_ends_and_a_mark_in_the_middle(write_file):
    assert read(write_file("id,name\r\n1,One\r2,Two\n3,Three")) == [
        ["1", "One"],
        ["2", "Two"],
        ["3", "Three"],
    ]
    joined = b"\xef\xbb\xbfid,name\n1,One\n" + b"\xef\xbb\xbf2,Two\n"
    assert read(write_file(joined)) == [["1", "One"], ["2", "Two"]]


def test_repeated_headings_are_told_apart(write_file):
    source = open_source(write_file("name,phone,phone,,\n1,2,3,4,5\n"))
    assert source.headings == ("name", "phone", "phone (2)", "Column 4", "Column 5")


@pytest.mark.django_db
def test_nul_bytes_refuse_their_row_alone(write_file):
    text = "id,name\n1,One\n2,T\x00o\n" + "".join(f"{n},ok\n" for n in range(3, 200))
    run = imported(write_file(text), "customers")
    assert counts(run) == (199, 198, 0, 0, 1)
    assert list(errors(run)) == [3]


def test_a_cell_of_a_hundred_megabytes_stays_within_bounds(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write("id,name\n1,One\n2,")
        for _ in range(100):
            file.write("x" * MEGABYTE)
        file.write("\n3,Three\n")
    tracemalloc.start()
    began = time.process_time()
    source = open_source(path)
    rows = [
        (chunk.cells(p, source.headings), chunk.faults.get(p))
        for chunk in source.chunks()
        for p in range(len(chunk))
    ]
    seconds, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [cells[0] for cells, fault in rows if not fault] == ["1", "3"]
    assert [str(fault) for _, fault in rows if fault] == ["the row is longer than 1048576 characters"]
    assert peak < 80 * MEGABYTE
    assert seconds < 20


def test_a_quote_that_never_closes_does_not_swallow_the_file(tmp_path):
    path = tmp_path / "open.csv"
    path.write_text('id,name\n1,"One\n' + "".join(f"{n},ok\n" for n in range(2, 50_000)))
    source = open_source(path)
    good = sum(len(chunk) - len(chunk.faults) for chunk in source.chunks())
    assert good == 49_998


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(write_file):
    bomb = changed(workbook([["id"], ["1"]]), SHEET, b"<worksheet>" + b" " * (64 * MEGABYTE))
    assert len(bomb) < MEGABYTE
    with pytest.raises(ImportRefusedError, match="larger than 32 megabytes"):
        read(write_file(bomb, "bomb.xlsx"), limits=Limits(unpacked_bytes=32 * MEGABYTE))


def test_a_zip_of_files_that_would_burst_is_refused_before_it_does(write_file, tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"x" * (64 * MEGABYTE))
    path = write_file(content.getvalue(), "bomb.zip")
    assert is_set(path)
    with pytest.raises(ImportRefusedError, match="larger than 32 megabytes"):
        list(unpack(path, tmp_path, Limits(unpacked_bytes=32 * MEGABYTE)))
    with pytest.raises(ImportRefusedError, match="Several files at once"):
        open_source(path)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml"])
def test_entities_that_multiply_are_refused(write_file, part):
    evil = changed(workbook([["id", "name"], ["1", "One"]]), part, LAUGHS + "<worksheet>&j;</worksheet>")
    began = time.process_time()
    with pytest.raises(ImportRefusedError, match="entities"):
        read(write_file(evil, "laughs.xlsx"))
    assert time.process_time() - began < 5


def test_entities_that_multiply_are_refused_in_opendocument_too(write_file):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", LAUGHS + "<office:document-content>&j;</office:document-content>")
    with pytest.raises(ImportRefusedError, match="entities"):
        read(write_file(content.getvalue(), "laughs.ods"))


def test_merged_cells_fill_their_first_place(write_file):
    book = workbook([["id", "name"], ["1", "One"], ["2", ""]], merge=(1, 1, 2, 1, "Both"))
    assert read(write_file(book, "merged.xlsx")) == [["1", "Both"], ["2", ""]]


@pytest.mark.django_db
def test_formulas_come_in_as_text_and_what_was_guarded_comes_back_as_it_was(write_file):
    text = "id,name,city\n1,=1+1,'=cmd()\n2,@x,'+49\n3,-2,'-3\n"
    imported(write_file(text), "customers")
    found = Customer.objects.order_by("external_id").values_list("name", "city")
    assert list(found) == [("=1+1", "=cmd()"), ("@x", "+49"), ("-2", "-3")]


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "gb18030", "big5", "shift_jis", "cp1251"])
def test_a_file_read_in_the_wrong_encoding_is_shown_and_never_lost(write_file, encoding):
    text = (
        "id,name\n" + "".join(f"{n},長江機械 公司{n}\n" for n in range(9))
        if encoding != "cp1251"
        else ("id,name\n" + "".join(f"{n},Завод имени Ленина {n}\n" for n in range(9)))
    )
    source = open_source(write_file(text, encoding=encoding))
    assert source.headings == ("id", "name")
    assert sum(len(chunk) for chunk in source.chunks()) == 9
