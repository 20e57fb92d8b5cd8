"""Write the table by which traditional characters are read as simplified ones: run once, when it must grow.

The characters of the national standards GB 2312 and Big5 are turned by OpenCC, one by one; the product itself needs
no OpenCC for it, and installs where that has no wheel.
"""

from __future__ import annotations

from pathlib import Path

PLACE = Path("src/clientier/core/likeness/characters.py")
AT_A_LINE = 50
HEAD = '''"""Traditional characters read as simplified ones, one by one. Written by ``tools/make_characters.py``."""

from __future__ import annotations

TRADITIONAL = (
{traditional}
)
SIMPLIFIED = (
{simplified}
)
_TABLE = str.maketrans(TRADITIONAL, SIMPLIFIED)


def simplified(text: str) -> str:
    """The text with simplified characters in the place of traditional ones and of their variants."""
    return text if text.isascii() else text.translate(_TABLE)
'''


def pairs() -> dict[str, str]:
    """Every character of Big5 and GB 2312 that has another, simplified form."""
    import opencc  # of the development requirements

    convert = opencc.OpenCC("t2s").convert
    known = {
        chr(code) for code in range(0x4E00, 0xA000) if _in(chr(code), "big5") or _in(chr(code), "gb2312")
    }
    return {c: convert(c) for c in sorted(known) if len(convert(c)) == 1 and convert(c) != c}


def _in(character: str, standard: str) -> bool:
    try:
        character.encode(standard)
    except UnicodeEncodeError:
        return False
    return True


def _lines(text: str) -> str:
    return "\n".join(f'    "{text[i : i + AT_A_LINE]}"' for i in range(0, len(text), AT_A_LINE))


if __name__ == "__main__":
    found = pairs()
    text = HEAD.format(traditional=_lines("".join(found)), simplified=_lines("".join(found.values())))
    PLACE.write_text(text, encoding="utf-8")
