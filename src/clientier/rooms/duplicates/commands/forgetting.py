"""What merges keep of persons, told of to whoever looks for it, and forgotten for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from clientier.core import aside, personal, trash
from clientier.core.models import TrashedRecord
from clientier.rooms.duplicates.models import MergedAway
from clientier.rooms.duplicates.queries.kinds import CUSTOMERS, KINDS, Mergeable, kind_of
from clientier.rooms.parties.models import SensitiveFact

DAYS_KEPT = 365
ERASED: dict[str, Any] = {"values": {}, "set_aside": [], "filled": [], "survivor_changes": {}}


def forget_merges(*, before: dt.datetime) -> int:
    """Erase what there was before the merges of so long ago, for good; addresses and numbers still lead on."""
    return sum(_forget(kind, before) for kind in KINDS)


def _forget(kind: Mergeable, before: dt.datetime) -> int:
    old = kind.parts.filter(merge__merged_at__lt=before).exclude(values={})
    former = list(old.values_list("record_id", flat=True))
    _forget_former(old)
    if kind is CUSTOMERS:
        SensitiveFact.objects.filter(customer_id__in=former).delete()
    for key in former:
        personal.forget((kind.model._meta.label_lower, key))
    return int(old.update(moved=[], **ERASED))


def _merged_into(label: str, key: int) -> dict[int, dict[str, Any]]:
    found = {
        part.record_id: {"name": part.name, **part.values}
        for kind in _about(label)
        for part in kind.parts.filter(merge__survivor=key, active=True).order_by("pk")
    }
    return found | {
        part["record_id"]: {"name": part["name"], **part["values"]} for part in _in_trash(label, key)
    }


def _in_trash(label: str, key: int) -> Iterator[dict[str, Any]]:
    """The parts of a record that went into the trash with it, alone or along with others."""
    for kind in _about(label):
        merge, part = kind.merge._meta.label_lower, kind.part._meta.label_lower
        told = [{"record": merge, "values": {"survivor_id": key}}]
        for kept in TrashedRecord.objects.filter(removed__contains=told):
            whole = [each for each in kept.removed if "key" not in each]
            merges = {
                each["values"]["id"]
                for each in whole
                if each["record"] == merge and each["values"]["survivor_id"] == key
            }
            for each in whole:
                if (
                    each["record"] == part
                    and each["values"]["merge_id"] in merges
                    and each["values"]["active"]
                ):
                    yield each["values"]


def _may_come_apart(label: str) -> set[int]:
    """The keys of those who come back where a merge is undone, themselves or with what was set aside."""
    found: set[int] = set()
    for kind in KINDS:
        kept = kind.parts.filter(active=True).exclude(values={})
        if label == kind.model._meta.label_lower:
            found |= set(kept.values_list("record_id", flat=True))
        for entries in kept.exclude(set_aside=[]).values_list("set_aside", flat=True):
            found |= {each["values"]["id"] for each in entries if each["record"] == label}
    return found


def _forget_set_aside(label: str, key: int) -> None:
    """What tells of a person among what was set aside when others were merged, such as a relation to them."""
    for kind in _about(label):
        parts = kind.parts.filter(record_id=key)
        _forget_former(parts.filter(active=True))
        kind.merge._default_manager.filter(merged__in=parts).update(names=_("erased"), left_as_is=[])
        parts.update(name=_("erased"))
        trash.forget_along(kind.part._meta.label_lower, {"record_id": key})
    for record, values in personal.told_of(label, key):
        told = {"record": record, "values": values}
        for kind in KINDS:
            for part in kind.parts.select_for_update().filter(set_aside__contains=[told]):
                going, part.set_aside = aside.sorted_out(part.set_aside, told)
                trash.forget_former((each["record"], each["values"]) for each in going)
                part.save(update_fields=["set_aside"])


def _forget_former(parts: Iterable[MergedAway]) -> None:
    """What imports left behind of records that are gone for good, and of what was set aside with them."""
    for part in parts:
        label = kind_of(type(part)).model._meta.label_lower
        along = [(each["record"], each["values"]) for each in part.set_aside]
        trash.forget_former([(label, {"id": part.record_id, **part.values}), *along])


def _about(label: str) -> list[Mergeable]:
    return [kind for kind in KINDS if kind.model._meta.label_lower == label]


aside.is_kept_by(aside.KeptAside(_merged_into, _may_come_apart, _forget_set_aside))
