from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from clientier.kit.imports.reading import open_source
from clientier.kit.imports.reasons import ImportRefusedError
from clientier.kit.imports.source import Limits

DATA = Path(__file__).parent / "data"
ODS_HEAD = (
    '<?xml version="1.0"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    "</manifest:manifest>"
)
ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"


@pytest.fixture
def workbook_path(tmp_path):
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("空")
        sheet = workbook.add_worksheet("订单")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(2, 1, ["no", "day", "amount", "paid", "note"])
        sheet.write_row(3, 1, [10248])
        sheet.write_datetime(3, 2, datetime(2024, 1, 2), day)
        sheet.write(3, 3, 12.34)
        sheet.write_boolean(3, 4, True)
        sheet.write_string(3, 5, "=1+1")
        sheet.write_row(5, 1, ["A7", "2024-01-03", 5])
        workbook.add_worksheet("other").write_row(0, 0, ["x", "y"])
    return path


def write_ods(path, table):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr(
            "content.xml", f'{ODS_HEAD}<table:table table:name="S">{table}</table:table>{ODS_TAIL}'
        )
    return path


def test_a_workbook_of_old_excel_is_read_with_native_values():
    """A BIFF8 file of Excel 97, made once: nothing that we depend on writes such files."""
    source = open_source(DATA / "excel97.xls")
    assert (source.facts.sheet, source.facts.sheets, source.facts.heading_row) == ("订单", ("空", "订单"), 3)
    assert source.headings == ("no", "客户", "day", "amount", "paid", "note")
    (chunk,) = source.chunks()
    assert chunk.row_numbers == [4, 5]
    first, second = (chunk.cells(row, source.headings) for row in (0, 1))
    assert first == [10248, "上海明珠贸易有限公司", date(2024, 1, 2), 12.34, True, "=1+1"]
    assert second == [10249, "Café Zoë", date(1999, 12, 31), -0.5, False, "00420"]


def test_the_first_sheet_with_content_is_read_with_native_values(workbook_path):
    source = open_source(workbook_path)
    assert (source.facts.sheet, source.facts.sheets, source.facts.heading_row) == (
        "订单",
        ("空", "订单", "other"),
        3,
    )
    assert source.headings == ("no", "day", "amount", "paid", "note")
    (chunk,) = source.chunks()
    assert chunk.row_numbers == [4, 6]
    assert chunk.cells(0, source.headings) == [10248, date(2024, 1, 2), 12.34, True, "=1+1"]
    assert chunk.cells(1, source.headings) == ["A7", "2024-01-03", 5, "", ""]


def test_a_sheet_can_be_chosen_and_a_missing_one_is_refused_with_the_names(workbook_path):
    assert open_source(workbook_path, sheet="other").headings == ("x", "y")
    with pytest.raises(ImportRefusedError, match="no sheet “Orders”; there are: 空, 订单, other"):
        open_source(workbook_path, sheet="Orders")


def test_opendocument_is_read(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = "<table:table-row>{}</table:table-row>"
    path = write_ods(
        tmp_path / "a.ods",
        "".join(row.format("".join(cell.format(text) for text in cells)) for cells in ("ab", "12")),
    )
    (chunk,) = open_source(path).chunks()
    assert chunk.columns == {"a": ("1",), "b": ("2",)}


def test_an_archive_that_unpacks_too_large_is_refused_although_it_claims_to_be_small(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))
    honest = (64 << 20).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(honest, (1000).to_bytes(4, "little")))
    with pytest.raises(ImportRefusedError, match="larger than 16 megabytes"):
        open_source(path, limits=Limits(unpacked_bytes=16 << 20))


def test_two_cells_at_the_far_corners_are_refused_before_the_area_is_filled(tmp_path):
    path = tmp_path / "corners.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "z")
    with pytest.raises(ImportRefusedError, match="spans 1048576 rows and 16384 columns"):
        open_source(path)


def test_the_empty_rest_of_an_opendocument_sheet_is_no_reason_to_refuse_it(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = (
        "<table:table-row>{}" + '<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
    )
    rest = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    path = write_ods(tmp_path / "a.ods", row.format(cell.format("a")) + row.format(cell.format("1")) + rest)
    (chunk,) = open_source(path).chunks()
    assert chunk.columns == {"a": ("1",)}


def test_a_repeated_cell_that_fills_an_opendocument_sheet_is_refused(tmp_path):
    filled = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string"'
        ' table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    with pytest.raises(ImportRefusedError) as refused:
        open_source(write_ods(tmp_path / "bomb.ods", filled))
    assert refused.value.reason.code == "sheet_too_large"
