"""Tags of the sample company: one field of several choices, as any company can make it."""

from __future__ import annotations

import zlib
from typing import Any

from clientier.core.actor import Actor
from clientier.core.custom.commands import define
from clientier.core.custom.definitions import PREFIX
from clientier.core.custom.models import CustomField, Kind

CODE = "tags"
TAGS: tuple[dict[str, Any], ...] = (
    {
        "code": "fair",
        "tone": "info",
        "names": {"en": "Trade fair", "zh-hans": "展会客户", "zh-hant": "展會客戶"},
    },
    {
        "code": "reference",
        "tone": "good",
        "names": {"en": "Reference", "zh-hans": "标杆客户", "zh-hant": "標竿客戶"},
    },
    {"code": "newsletter", "names": {"en": "Newsletter", "zh-hans": "订阅资讯", "zh-hant": "訂閱資訊"}},
)
ONE_IN = {"fair": 7, "reference": 23, "newsletter": 4}


def define_tags(actor: Actor) -> None:
    facts = {
        "record": "parties.customer",
        "code": CODE,
        "kind": Kind.CHOICES,
        "names": {"en": "Tags", "zh-hans": "标签", "zh-hant": "標籤"},
        "choices": list(TAGS),
    }
    define(CustomField, actor=actor, changes=facts, formula_names=())


def tags_of(number: str) -> dict[str, str]:
    """What a customer of the sample is tagged with, as a file would say it: always the same for the same number."""
    drawn = zlib.crc32(number.encode())
    return {f"{PREFIX}{CODE}": ", ".join(code for code, one_in in ONE_IN.items() if drawn % one_in == 0)}
