"""The trash, spoken as JSON. No future annotations here: ninja reads the real types."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from clientier.core import trash
from clientier.core.errors import BadQuestion
from clientier.core.models import TrashedRecord
from clientier.kit.api import MOST_AT_ONCE, PROBLEMS
from clientier.kit.asking import Asking
from clientier.kit.trash import kept_until, one, restore


class Trashed(Schema):
    """A deleted record: ``record`` is its kind, ``record_id`` the key under which it comes back."""

    id: int
    record: str
    record_id: str
    label: str
    children: int
    deleted_by: str
    deleted_at: dt.datetime
    kept_until: dt.date


class TrashPage(Schema):
    items: list[Trashed]
    next: str = ""


class Restored(Schema):
    """Where the record is again."""

    record: str
    record_id: str
    label: str


def router() -> Router:
    """What was deleted, and the way back."""
    made = Router(tags=["trash"])

    @made.get("/", response={200: TrashPage, **PROBLEMS}, operation_id="trash_list")
    def index(
        request: Asking,
        record: str = Query("", description="Only this kind, such as parties.customer"),
        after: int | None = None,
        limit: int = Query(50, ge=1, le=MOST_AT_ONCE),
    ) -> Any:
        if record and trash.model_of(record) is None:
            raise BadQuestion(_("There is no such kind of record."))
        found = trash.visible(request.actor).defer("values", "removed").order_by("-pk")
        found = found.filter(record=record) if record else found
        found = found.filter(pk__lt=after) if after is not None else found
        records = list(found[: limit + 1])
        following = str(records[limit - 1].pk) if len(records) > limit else ""
        return {"items": [_facts(request, kept) for kept in records[:limit]], "next": following}

    @made.post("/{int:pk}/restore", response={200: Restored, **PROBLEMS}, operation_id="trash_restore")
    def bring_back(request: Asking, pk: int) -> Any:
        kept = one(request.actor, pk)
        restored = restore(kept, request.actor)
        return {"record": kept.record, "record_id": str(restored.pk), "label": str(restored)}

    return made


def _facts(request: Asking, kept: TrashedRecord) -> dict[str, Any]:
    return {
        "id": kept.pk,
        "record": kept.record,
        "record_id": kept.record_id,
        "label": kept.label,
        "children": kept.children,
        "deleted_by": kept.actor_name,
        "deleted_at": kept.at,
        "kept_until": kept_until(kept, request.setting),
    }
