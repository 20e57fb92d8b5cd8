"""Pages on paper: a Typst document filled with facts, set as PDF on the server.

All words come in as data, never as markup, so nothing that somebody typed can change the document.
Chinese is set in a Chinese font of the system; where there is none, that is said in words instead of boxes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clientier.core.errors import DomainError

LATIN = ("Noto Sans", "Liberation Sans", "Arial", "Helvetica Neue", "DejaVu Sans", "Libertinus Serif")
SIMPLIFIED = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Microsoft YaHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Hiragino Sans GB", "SimHei", "SimSun", "Noto Serif CJK SC",
    "Droid Sans Fallback",
)  # fmt: skip
TRADITIONAL = (
    "Noto Sans CJK TC", "Noto Sans CJK HK", "Noto Sans TC", "Source Han Sans TC", "PingFang TC", "PingFang HK",
    "Microsoft JhengHei", "PMingLiU", "Noto Serif CJK TC",
)  # fmt: skip


class NoChineseFont(DomainError):
    """There are Chinese characters to print and no font on this server that has them."""

    code = "no_chinese_font"
    message = _(
        "This paper holds Chinese, and the server has no Chinese font. Install one, such as Noto Sans CJK (on "
        "Debian: the package fonts-noto-cjk), or name its folder in CLIENTIER_FONTS; then try again."
    )


def pdf(document: Path, facts: Mapping[str, Any]) -> bytes:
    """The document, filled with the facts, in the active language; raises NoChineseFont rather than print boxes."""
    import typst  # it is large, and few processes ever print

    language = get_language() or "en"
    chinese = [family for family in _chinese(language) if family in families()]
    if not chinese and any(_is_chinese(text) for text in _texts(facts)):
        raise NoChineseFont
    latin = [family for family in LATIN if family in families()]
    setting = {
        "lang": "zh" if language.startswith("zh") else language[:2],
        "region": {"zh-hans": "CN", "zh-hant": "TW"}.get(language, "GB"),
        "fonts": [*chinese[:1], *latin[:1]] if language.startswith("zh") else [*latin[:1], *chinese[:1]],
    }
    made = typst.compile(
        str(document),
        root=str(document.parent),
        font_paths=_folders(),
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False), "setting": json.dumps(setting)},
        format="pdf",
    )
    return bytes(made)


@lru_cache(maxsize=1)
def families() -> frozenset[str]:
    """The names of the fonts that this server has."""
    import typst

    return frozenset(typst.Fonts(font_paths=_folders()).families())


def _folders() -> list[str]:
    return [folder for folder in os.environ.get("CLIENTIER_FONTS", "").split(os.pathsep) if folder]


def _chinese(language: str) -> tuple[str, ...]:
    """The fonts that may do, the best first: characters look differently in Taiwan than in Beijing."""
    return (*TRADITIONAL, *SIMPLIFIED) if language == "zh-hant" else (*SIMPLIFIED, *TRADITIONAL)


def _texts(facts: Any) -> Iterator[str]:
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, Mapping):
        for value in facts.values():
            yield from _texts(value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            yield from _texts(value)


def _is_chinese(text: str) -> bool:
    """Whether it has characters, or the punctuation that stands between them."""
    return any(
        "\u2e80" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff" or sign >= "\U00020000" for sign in text
    )
