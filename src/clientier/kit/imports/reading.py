"""Opens any file that can be imported: what it is is decided by its first bytes, not by its name."""

from __future__ import annotations

from pathlib import Path

from clientier.kit.imports.card_source import CardSource
from clientier.kit.imports.delimited import DelimitedSource
from clientier.kit.imports.encoding import Encoding, detect_encoding, encoding_named
from clientier.kit.imports.parquet import ParquetSource
from clientier.kit.imports.reasons import refuse
from clientier.kit.imports.source import MEGABYTE, Limits, Source
from clientier.kit.imports.unpacking import is_set
from clientier.kit.imports.vcards import BEGIN
from clientier.kit.imports.workbook import WorkbookSource

BYTES_THAT_TELL = 400
PARQUET = b"PAR1"
ZIPPED_WORKBOOK = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")


def open_source(
    path: Path,
    *,
    name: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    heading_row: int | None = None,
    limits: Limits | None = None,
) -> Source:
    """A file as rows under headings; raises ``ImportRefusedError`` when it is none that can be read.

    What is None is detected and told in ``facts``; ``heading_row`` 0 says that the file has no headings.
    """
    limits = limits or Limits()
    name = name or path.name
    if not path.is_file():
        raise refuse("file_missing", text=name)
    size = path.stat().st_size
    if not size:
        raise refuse("file_empty")
    if size > limits.file_bytes:
        raise refuse("file_too_large", limit=limits.file_bytes // MEGABYTE)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(PARQUET):
        return ParquetSource(path, name=name, limits=limits)
    if head.startswith(ZIPPED_WORKBOOK) and is_set(path):
        raise refuse("is_a_set")
    if head.startswith((ZIPPED_WORKBOOK, OLD_WORKBOOK)):
        return WorkbookSource(path, name=name, sheet=sheet, heading_row=heading_row, limits=limits)
    if head.startswith(NO_TABLES):
        raise refuse("not_a_table")
    found = encoding_named(encoding, path) if encoding else detect_encoding(path)
    if _begins_as_cards(path, found):
        return CardSource(path, found, name=name, limits=limits)
    return DelimitedSource(
        path, found, name=name, delimiter=delimiter, heading_row=heading_row, limits=limits
    )


def _begins_as_cards(path: Path, encoding: Encoding) -> bool:
    with path.open("rb") as file:
        file.seek(encoding.mark_bytes)
        text = file.read(BYTES_THAT_TELL).decode(encoding.codec, errors="ignore")
    return text.lstrip().upper().startswith(BEGIN)
