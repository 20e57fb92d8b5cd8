"""What drives the cost to serve, and which activities cost minutes."""

from __future__ import annotations

from collections.abc import Mapping

ACTIVITIES: Mapping[str, tuple[str, ...]] = {
    "visit": ("visit", "meeting", "拜访", "会面", "拜訪", "會面"),
    "call": ("call", "phone", "telephone", "电话", "通话", "電話", "通話"),
    "case": ("case", "ticket", "complaint", "工单", "投诉", "工單", "投訴"),
}
"""Drivers that are minutes of work by what was done, and the words for it; other minutes are `minutes`."""

PRICED = ("freight", "rebate", "fee", "reward", "expense", "late_interest", "bad_debt", "service", "other")
"""Drivers that come as amounts of money."""

DRIVERS = (*ACTIVITIES, "minutes", *PRICED, "overhead")
