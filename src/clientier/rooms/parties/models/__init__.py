"""The records of this room. Not empty like other packages: it is here that Django looks for them."""

from __future__ import annotations

from clientier.rooms.parties.models.addresses import Address
from clientier.rooms.parties.models.contacts import Contact
from clientier.rooms.parties.models.customers import Customer
from clientier.rooms.parties.models.profiles import CompanyProfile, PersonProfile
from clientier.rooms.parties.models.relations import Relation
from clientier.rooms.parties.models.shares import LoanRequest, Share

__all__ = [
    "Address",
    "CompanyProfile",
    "Contact",
    "Customer",
    "LoanRequest",
    "PersonProfile",
    "Relation",
    "Share",
]
