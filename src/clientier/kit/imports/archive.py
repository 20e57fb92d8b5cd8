"""Refuses packed workbooks that would burst: by what they truly unpack to, by the area of a sheet."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from clientier.kit.imports.opendocument import AreaWatch
from clientier.kit.imports.reasons import refuse
from clientier.kit.imports.source import MEGABYTE, Limits

BLOCK_BYTES = 1 << 18
LONGEST_REFERENCE_BYTES = 64
LOCAL_HEADER_BYTES = 30
# No spreadsheet program declares entities of its own; those that do multiply them until the memory is full.
ENTITY = re.compile(rb"<!(?:ENTITY|DOCTYPE)\s", re.IGNORECASE)
CELL_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]{1,3})\$?(\d{1,7})["']""")


def refuse_oversized_archive(path: Path, limits: Limits) -> None:
    """Raise when a zipped workbook unpacks to more than allowed.

    The sizes that the archive claims for itself are not believed.
    """
    if not zipfile.is_zipfile(path):
        return
    left = limits.unpacked_bytes
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            for entry in archive.infolist():
                watch = _watch_for(entry.filename, limits)
                tail = b""
                for block in unpacked_blocks(file, entry):
                    left -= len(block)
                    if left < 0:
                        raise refuse("unpacks_too_large", limit=limits.unpacked_bytes // MEGABYTE)
                    if ENTITY.search(tail + block):
                        raise refuse("entities")
                    tail = block[-LONGEST_REFERENCE_BYTES:]
                    if watch:
                        watch.read(block)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, struct.error) as error:
        raise refuse("damaged", text=error) from error


def _watch_for(filename: str, limits: Limits) -> SheetWatch | AreaWatch | None:
    if filename.lower() == "content.xml":
        return AreaWatch(limits)
    return SheetWatch(limits) if "sheet" in filename.lower() else None


class SheetWatch:
    """Follows the XML of an Excel sheet and refuses one whose outermost cells span too large an area."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tail = b""
        self._columns = self._rows = 0

    def read(self, block: bytes) -> None:
        """Take the next block of the sheet."""
        window = self._tail + block
        self._tail = window[-LONGEST_REFERENCE_BYTES:]
        references = CELL_REFERENCE.findall(window)
        for letters in {letters for letters, _ in references}:
            number = 0
            for letter in letters.upper():
                number = number * 26 + letter - 64
            self._columns = max(self._columns, number)
        self._rows = max(self._rows, max((int(row) for _, row in references), default=0))
        if self._columns * self._rows > self._limits.sheet_cells:
            raise refuse("sheet_too_large", rows=self._rows, columns=self._columns)


def unpacked_blocks(file: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of one entry in blocks, never holding more than a block."""
    file.seek(entry.header_offset)
    header = file.read(LOCAL_HEADER_BYTES)
    name_bytes, extra_bytes = struct.unpack("<HH", header[26:30])
    file.seek(entry.header_offset + LOCAL_HEADER_BYTES + name_bytes + extra_bytes)
    packed_left = entry.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while packed_left > 0:
        packed = file.read(min(BLOCK_BYTES, packed_left))
        if not packed:
            return
        packed_left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed:
            yield inflate.decompress(packed, BLOCK_BYTES)
            packed = inflate.unconsumed_tail
            if inflate.eof:
                return
