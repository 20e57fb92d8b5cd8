"""What custom fields there are, for programs that read and write records. No future annotations: ninja reads types."""

from typing import Any

from ninja import Router, Schema

from clientier.core import access
from clientier.core.custom import definitions
from clientier.core.custom.definitions import Definition
from clientier.kit.api import PROBLEMS
from clientier.kit.asking import Asking
from clientier.kit.resource import REGISTRY


class ChoiceOut(Schema):
    code: str
    name: str
    retired: bool


class CustomFieldOut(Schema):
    """A custom field that the caller may read; ``values`` is the kind of its values, for a formula of its result."""

    record: str
    code: str
    kind: str
    values: str
    name: str
    unit: str
    currency: str
    required: bool
    writable: bool
    choices: list[ChoiceOut]


def router() -> Router:
    """The custom fields that the caller may read, of every kind of record."""
    made = Router(tags=["custom-fields"])

    @made.get("/", response={200: list[CustomFieldOut], **PROBLEMS}, operation_id="custom_fields_list")
    def index(request: Asking) -> Any:
        return [
            _described(
                shown.slug, each, writable=each.path in access.fields(request.actor, shown.model).writable
            )
            for shown in REGISTRY.values()
            for each in definitions.live(shown.model).values()
            if access.can_read(request.actor, shown.model, each.path)
            and request.actor.reach(shown.model, "view")
        ]

    return made


def _described(slug: str, each: Definition, *, writable: bool) -> dict[str, Any]:
    return {
        "record": slug,
        "code": each.code,
        "kind": each.kind,
        "values": each.holds,
        "name": str(each.label),
        "unit": each.unit,
        "currency": each.currency,
        "required": each.required,
        "writable": writable,
        "choices": [{"code": c.code, "name": str(c), "retired": c.retired} for c in each.choices],
    }
