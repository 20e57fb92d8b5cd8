"""Custom fields for tests, made by the command that administrators use."""

from __future__ import annotations

from typing import Any

from clientier.core.actor import system
from clientier.core.custom import commands
from clientier.core.custom.models import CustomField
from clientier.kit.custom_values import formula_names
from clientier.kit.resource import REGISTRY

COLOURS: list[dict[str, Any]] = [
    {"code": "red", "names": {"en": "Red", "zh-hans": "红"}, "tone": "bad"},
    {"code": "blue", "names": {"en": "Blue", "zh-hans": "蓝"}},
    {"code": "grey", "names": {"en": "Grey"}, "retired": True},
]


def field(code: str, kind: str, *, slug: str = "customers", **facts: Any) -> CustomField:
    shown = REGISTRY[slug]
    named = {
        "record": shown.model._meta.label_lower,
        "code": code,
        "kind": kind,
        "names": {"en": code.title()},
    }
    made: CustomField = commands.define(
        CustomField, actor=system(), changes={**named, **facts}, formula_names=formula_names(shown)
    )
    return made
