"""Which encoding a text file is written in: decided from its bytes, with how sure that is and why."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports.plausibility import most_plausible, utf8_share
from clientier.kit.imports.reasons import refuse

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

BLOCK_BYTES = 1 << 20
SAMPLE_BYTES = 2 << 20
NUL_SHARE_OF_WIDE_TEXT = 0.02

LABELS: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32-le": "UTF-32 LE",
    "utf-32-be": "UTF-32 BE",
    "gb18030": "GB18030",
    "cp950": "Big5",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp932": "Shift JIS",
    "cp949": "EUC-KR",
}
SYNONYMS = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "big5": "cp950",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
}
BASES: Mapping[str, _StrPromise] = {
    "mark": _("the file begins with a byte-order mark"),
    "valid": _("every byte is valid"),
    "mostly_valid": _("nearly every byte is valid"),
    "zeros": _("the zero bytes lie as they do in this encoding"),
    "plausible": _("what comes out reads most plausibly"),
    "guess": _("nothing fits well; please check the preview"),
    "chosen": _("chosen by hand"),
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec, how many bytes of mark to skip, how sure we are (0 to 1), and on what the decision rests."""

    codec: str
    mark_bytes: int
    confidence: float
    basis: str

    @property
    def label(self) -> str:
        """The name that a person knows this encoding by."""
        return LABELS[self.codec]

    @property
    def basis_words(self) -> str:
        """What the decision rests on, in words."""
        return str(BASES[self.basis])


def detect_encoding(path: Path) -> Encoding:
    """The encoding of a text file: by mark, zero bytes, strict UTF-8 over all of it, then by sense."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    found = _by_mark(head) or _by_zeros(head)
    if found:
        return found
    failure = _first_wrong_utf8_byte(path)
    if failure is None:
        return Encoding("utf-8", 0, 1.0, "valid")
    return _by_sense(_sample_around(path, failure))


def encoding_named(name: str, path: Path) -> Encoding:
    """The encoding that a person chose; its mark is skipped when the file has one."""
    wanted = name.strip().lower().replace(" ", "-")
    codec = SYNONYMS.get(wanted, wanted)
    if codec in ("utf-16", "utf-32"):
        detected = detect_encoding(path)
        codec = detected.codec if detected.codec.startswith(codec) else f"{codec}-le"
    if codec not in LABELS:
        raise refuse("unknown_encoding", text=name)
    with path.open("rb") as file:
        head = file.read(8)
    by_mark = _by_mark(head)
    mark_bytes = by_mark.mark_bytes if by_mark and by_mark.codec == codec else 0
    return Encoding(codec, mark_bytes, 1.0, "chosen")


def _by_mark(head: bytes) -> Encoding | None:
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", 3, 1.0, "mark")
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if head.startswith(mark):
            return _wide_with_mark(head, mark)
    return Encoding("utf-32-be", 4, 1.0, "mark") if head.startswith(codecs.BOM_UTF32_BE) else None


def _wide_with_mark(head: bytes, mark: bytes) -> Encoding:
    """Tell UTF-16 from UTF-32; some tools write a two-byte mark, even a turned one, before four-byte text."""
    if head.startswith(codecs.BOM_UTF32_LE) and len(head) % 4 == 0:
        return Encoding("utf-32-le", 4, 1.0, "mark")
    four_byte = _by_zeros(head[2:])
    if four_byte and four_byte.codec.startswith("utf-32"):
        return Encoding(four_byte.codec, 2, 0.9, "mark")
    codec = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    return Encoding(codec, 2, 1.0, "mark")


def _by_zeros(head: bytes) -> Encoding | None:
    """Text of two or four bytes a character shows zero bytes in always the same places."""
    whole = head[: len(head) // 4 * 4] or head[: len(head) // 2 * 2]
    zeros = [whole[place::4].count(0) for place in range(4)]
    if not whole or sum(zeros) < NUL_SHARE_OF_WIDE_TEXT * len(whole):
        return None
    quarter = max(len(whole) // 4, 1)
    if zeros[2] + zeros[3] > 1.9 * quarter and zeros[0] < 0.1 * quarter:
        return Encoding("utf-32-le", 0, 0.95, "zeros")
    if zeros[0] + zeros[1] > 1.9 * quarter and zeros[3] < 0.1 * quarter:
        return Encoding("utf-32-be", 0, 0.95, "zeros")
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if odd > 5 * even:
        return Encoding("utf-16-le", 0, 0.9, "zeros")
    if even > 5 * odd:
        return Encoding("utf-16-be", 0, 0.9, "zeros")
    return None


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


def _first_wrong_utf8_byte(path: Path) -> int | None:
    """Where in the file strict UTF-8 first fails, to the block; None when it never does."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    position = 0
    try:
        for block in _blocks(path):
            decoder.decode(block)
            position += len(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return position
    return None


def _sample_around(path: Path, position: int) -> bytes:
    """The head of the file, and the place at which UTF-8 failed where that lies further on."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
        if position + BLOCK_BYTES <= len(head):
            return head
        file.seek(max(position - BLOCK_BYTES, 0))
        later = file.read(3 * BLOCK_BYTES)
    return head[: head.rfind(b"\n") + 1] + later[later.find(b"\n") + 1 :]


def _by_sense(sample: bytes) -> Encoding:
    share = utf8_share(sample)
    if share >= 0.9:
        return Encoding("utf-8", 0, share, "mostly_valid")
    codec, score = most_plausible(sample)
    if codec not in LABELS:
        return Encoding("cp1252", 0, 0.1, "guess")
    return Encoding(codec, 0, score, "plausible" if score >= 0.5 else "guess")
