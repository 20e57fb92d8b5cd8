"""Takes the files out of a ZIP that holds a set of them: names made safe, sizes counted, nothing believed."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from clientier.kit.imports.archive import unpacked_blocks
from clientier.kit.imports.reasons import refuse
from clientier.kit.imports.source import MEGABYTE, Limits

MOST_FILES = 50
ENCRYPTED = 0x1
NAMED_IN_UTF8 = 0x800
PARTS_OF_WORKBOOKS = frozenset(["[Content_Types].xml", "mimetype", "META-INF/manifest.xml", "content.xml"])
FOLDER_OF_WORKBOOKS = "xl/"


def is_set(path: Path) -> bool:
    """Whether a file is a ZIP of files, and not a workbook, which is a ZIP too."""
    try:
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            return not any(
                name in PARTS_OF_WORKBOOKS or name.startswith(FOLDER_OF_WORKBOOKS) for name in names
            )
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def unpack(path: Path, folder: Path, limits: Limits | None = None) -> Iterator[tuple[str, Path]]:
    """The files of a ZIP, written into the folder one after another; names and paths within it are of no matter.

    Raises ImportRefusedError for too many files, too much content, a password, damage.
    """
    left = (limits or Limits()).unpacked_bytes
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            entries = [entry for entry in archive.infolist() if _is_file(entry)]
            if len(entries) > MOST_FILES:
                raise refuse("too_many_files", number=len(entries), limit=MOST_FILES)
            for number, entry in enumerate(entries):
                if entry.flag_bits & ENCRYPTED:
                    raise refuse("password")
                name = _name_of(entry)
                kept = folder / f"{number}{PurePosixPath(name).suffix[:10]}"
                with kept.open("wb") as target:
                    for block in unpacked_blocks(file, entry):
                        left -= len(block)
                        if left < 0:
                            limit = (limits or Limits()).unpacked_bytes // MEGABYTE
                            raise refuse("unpacks_too_large", limit=limit)
                        target.write(block)
                yield name, kept
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, struct.error, ValueError) as error:
        raise refuse("damaged", text=error) from error


def _is_file(entry: zipfile.ZipInfo) -> bool:
    """Neither a folder nor what systems put beside the files."""
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    hidden = any(part.startswith((".", "__MACOSX")) for part in name.parts if part != "..")
    return not entry.is_dir() and not hidden and bool(name.name)


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name without its path; old Chinese archives wrote it in the system's own encoding."""
    name = entry.filename
    if not entry.flag_bits & NAMED_IN_UTF8:
        raw = name.encode("cp437", errors="replace")
        for codec in ("utf-8", "gb18030"):
            try:
                name = raw.decode(codec)
                break
            except UnicodeDecodeError:
                continue
    return PurePosixPath(name.replace("\\", "/")).name[:255]
