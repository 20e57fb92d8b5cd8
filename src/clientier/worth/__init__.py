"""The value engine: which customers carry the business, which cost more than they bring, who is rising and
who is going.

`appraise(tables, policy, as_of=day)` does a whole run, `validate` asks it at earlier days whether to believe
it, `what_if` tells who would move under other rules; `purchases`, `purchase_fit` and `spend` are the models
alone. A name is loaded when it is first used: the models stand on SciPy, and whoever only wants the rules does
not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clientier.worth.appraisal import Previous, Result, appraise
    from clientier.worth.between import Movement, compare, movement
    from clientier.worth.book.drivers import DRIVERS
    from clientier.worth.book.sources import Tables
    from clientier.worth.breakdown import Breakdown, break_down
    from clientier.worth.explanation import explain
    from clientier.worth.models import purchase_fit, purchases, spend
    from clientier.worth.policy import Policy
    from clientier.worth.refusals import PolicyRefused, TableRefused, WorthError
    from clientier.worth.validation.rolling import HistoryTooShort, Validation, validate
    from clientier.worth.validation.stability import tier_stability
    from clientier.worth.whatif.changes import Changes, Service
    from clientier.worth.whatif.question import WhatIf, what_if

_HOMES = {
    "DRIVERS": "book.drivers",
    "Breakdown": "breakdown",
    "Changes": "whatif.changes",
    "HistoryTooShort": "validation.rolling",
    "Movement": "between",
    "Policy": "policy",
    "PolicyRefused": "refusals",
    "Previous": "appraisal",
    "Result": "appraisal",
    "Service": "whatif.changes",
    "TableRefused": "refusals",
    "Tables": "book.sources",
    "Validation": "validation.rolling",
    "WhatIf": "whatif.question",
    "WorthError": "refusals",
    "appraise": "appraisal",
    "break_down": "breakdown",
    "compare": "between",
    "explain": "explanation",
    "movement": "between",
    "purchase_fit": "models",
    "purchases": "models",
    "spend": "models",
    "tier_stability": "validation.stability",
    "validate": "validation.rolling",
    "what_if": "whatif.question",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{_HOMES[name]}")
    found = import_module(f"{home.__name__}.{name}") if _HOMES[name] == "models" else getattr(home, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
