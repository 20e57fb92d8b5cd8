"""The value engine: which customers carry the business, which cost more than they bring, who is rising and
who is going.

`appraise(tables, policy, as_of=day)` does a whole run; `purchases`, `purchase_fit` and `spend` are the models
alone.
"""

from clientier.worth.appraisal import Previous, Result, appraise
from clientier.worth.explain import explain
from clientier.worth.models import purchase_fit, purchases, spend
from clientier.worth.policy import Policy
from clientier.worth.refusals import PolicyRefused, TableRefused, WorthError
from clientier.worth.sources import Tables

__all__ = [
    "Policy",
    "PolicyRefused",
    "Previous",
    "Result",
    "TableRefused",
    "Tables",
    "WorthError",
    "appraise",
    "explain",
    "purchase_fit",
    "purchases",
    "spend",
]
