"""How plausible a codec's reading of some bytes is: the judge of GB18030, Big5 and Windows-1252."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from charset_normalizer import from_bytes

GOOD_ENOUGH = 0.6
CHARACTERS_JUDGED = 200_000

# Bytes above 127 in one unbroken run, with the characters before and behind it.
HIGH_RUN = re.compile(rb"[\x80-\xff]+")
LETTER = re.compile(rb"[A-Za-z]")
UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}",
)
WESTERN_SIGNS = "‘’“”–—…€£§°·«»®™©ºª½¼²\u00a0"


def utf8_share(sample: bytes) -> float:
    """The share of bytes above 127 that belong to well-formed UTF-8 sequences (1 when there are none)."""
    high = sum(len(run) for run in HIGH_RUN.findall(sample))
    in_sequences = sum(len(sequence) for sequence in UTF8_SEQUENCE.findall(sample))
    return in_sequences / high if high else 1.0


def most_plausible(sample: bytes) -> tuple[str, float]:
    """The codec whose reading of the sample makes most sense, with its score from 0 to 1."""
    scores = {
        "gb18030": _share_of_common(sample, "gb18030"),
        "cp950": _share_of_common(sample, "cp950"),
        "cp1252": _western_score(sample),
    }
    codec = max(scores, key=lambda name: scores[name])
    if scores[codec] >= GOOD_ENOUGH:
        return codec, scores[codec]
    best = from_bytes(sample[:CHARACTERS_JUDGED]).best()
    if best is not None and best.encoding in ("cp1250", "cp1251", "cp932", "cp949", "shift_jis", "euc_kr"):
        return {"shift_jis": "cp932", "euc_kr": "cp949"}.get(best.encoding, best.encoding), 0.5
    return codec, scores[codec]


@lru_cache(maxsize=2)
def _common_characters(codec: str) -> frozenset[str]:
    """The first level of a Chinese character set (those in daily use) and its punctuation."""
    if codec == "gb18030":
        leads, trails = [*range(0xA1, 0xA4), *range(0xB0, 0xD8)], range(0xA1, 0xFF)
        pairs = (bytes((lead, trail)) for lead in leads for trail in trails)
    else:
        leads = [*range(0xA1, 0xA4), *range(0xA4, 0xC7)]
        pairs = (bytes((lead, trail)) for lead in leads for trail in [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    return frozenset("".join(pair.decode(codec, errors="ignore") for pair in pairs))


def _share_of_common(sample: bytes, codec: str) -> float:
    text = sample.decode(codec, errors="replace")
    counts = Counter(character for character in text if character > "\x7f")
    total = counts.total()
    if not total:
        return 0.0
    common = _common_characters(codec)
    return sum(count for character, count in counts.items() if character in common) / total


def _western_score(sample: bytes) -> float:
    """The share of high bytes that are accented letters inside Latin words, or signs used in western text."""
    total = plausible = 0
    for run in HIGH_RUN.finditer(sample):
        total += len(run[0])
        text = run[0].decode("cp1252", errors="replace")
        signs = sum(character in WESTERN_SIGNS for character in text)
        letters = sum(character.isalpha() and character not in WESTERN_SIGNS for character in text)
        around = sample[max(run.start() - 1, 0) : run.start()] + sample[run.end() : run.end() + 1]
        if len(run[0]) <= 2 and LETTER.search(around):
            plausible += letters + signs
        elif len(run[0]) == 1:
            plausible += signs
    return plausible / total if total else 0.0
