"""The value engine: which customers carry the business, which cost more than they bring, who is rising and
who is going.

`appraise(tables, policy, as_of=day)` does a whole run; `purchases`, `purchase_fit` and `spend` are the models
alone.
"""

from clientier.worth.appraisal import Previous, Result, appraise
from clientier.worth.book.drivers import DRIVERS
from clientier.worth.book.sources import Tables
from clientier.worth.breakdown import Breakdown, break_down
from clientier.worth.explain import explain
from clientier.worth.models import purchase_fit, purchases, spend
from clientier.worth.movement import Movement, compare, movement
from clientier.worth.policy import Policy
from clientier.worth.refusals import PolicyRefused, TableRefused, WorthError

__all__ = [
    "DRIVERS",
    "Breakdown",
    "Movement",
    "Policy",
    "PolicyRefused",
    "Previous",
    "Result",
    "TableRefused",
    "Tables",
    "WorthError",
    "appraise",
    "break_down",
    "compare",
    "explain",
    "movement",
    "purchase_fit",
    "purchases",
    "spend",
]
