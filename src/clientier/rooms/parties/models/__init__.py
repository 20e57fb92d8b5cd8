"""The records of this room. Not empty like other packages: it is here that Django looks for them."""

from __future__ import annotations

from clientier.rooms.parties.models.addresses import Address
from clientier.rooms.parties.models.consents import Consent
from clientier.rooms.parties.models.contacts import Contact
from clientier.rooms.parties.models.customers import Customer
from clientier.rooms.parties.models.profiles import CompanyProfile, PersonProfile
from clientier.rooms.parties.models.relations import Relation
from clientier.rooms.parties.models.requests import PrivacyRequest, RetentionRule
from clientier.rooms.parties.models.sensitive import PrivacyRules, SensitiveFact, SensitiveLook
from clientier.rooms.parties.models.shares import LoanRequest, Share

__all__ = [
    "Address",
    "CompanyProfile",
    "Consent",
    "Contact",
    "Customer",
    "LoanRequest",
    "PersonProfile",
    "PrivacyRequest",
    "PrivacyRules",
    "Relation",
    "RetentionRule",
    "SensitiveFact",
    "SensitiveLook",
    "Share",
]
