"""The records of this room. Not empty like other packages: it is here that Django looks for them."""

from __future__ import annotations

from clientier.rooms.stewardship.models.hand_overs import HandOver, HandOverBrief
from clientier.rooms.stewardship.models.packs import TakenCard
from clientier.rooms.stewardship.models.reviews import Review
from clientier.rooms.stewardship.models.upkeep import Confirmation, Upkeep, UpkeepMark, UpkeepPolicy

__all__ = [
    "Confirmation",
    "HandOver",
    "HandOverBrief",
    "Review",
    "TakenCard",
    "Upkeep",
    "UpkeepMark",
    "UpkeepPolicy",
]
