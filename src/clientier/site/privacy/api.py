"""Sensitive facts, spoken as JSON: the same rules, the same reasons. No future annotations: ninja reads real types."""

import datetime as dt
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status

from clientier.core import access
from clientier.core.errors import NotAllowed
from clientier.kit.api import MOST_AT_ONCE, PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.parties.commands.consents import withdraw_consent
from clientier.rooms.parties.commands.erasure import erase_person
from clientier.rooms.parties.commands.identity import normal_number
from clientier.rooms.parties.commands.requests import answer_request
from clientier.rooms.parties.commands.sensitive import value_looked_at, write_fact
from clientier.rooms.parties.models import Consent, PrivacyRequest, RetentionRule, SensitiveFact
from clientier.rooms.parties.queries.retention import due
from clientier.rooms.parties.queries.sensitive import fact_to_look_at, holders_of, known_of, person_at
from clientier.rooms.parties.queries.whole_person import person_of
from clientier.site.privacy.file import file_of

People = Literal["customers", "contacts"]


class Masked(Schema):
    """One kind of fact: whether something is there. The value takes a reason."""

    kind: str
    is_filled: bool
    may_look: bool
    may_write: bool


class Why(Written):
    """A look needs a reason: contract, care, asked, correction, or other with words."""

    reason: str
    words: str = ""


class Value(Schema):
    kind: str
    value: str


class NewValue(Written):
    """The value to be kept; empty takes out what is there."""

    value: str


class Sought(Why):
    number: str


class Holder(Schema):
    customer: int
    contact: int | None = None


class Withdrawal(Written):
    on: dt.date


def router() -> Router:
    """Sensitive facts of one person, and who has an identity number."""
    made = Router(tags=["sensitive"])

    @made.post("/find", response={200: list[Holder], **PROBLEMS}, operation_id="sensitive_find")
    def find(request: Asking, body: Sought, response: HttpResponse) -> Any:
        response.headers["Cache-Control"] = "no-store"
        today, found = request.setting.today, []
        for fact in holders_of(request.actor, normal_number(body.number), today):
            person = fact.contact or fact.customer
            value_looked_at(
                fact, actor=request.actor, person=person, reason=body.reason, words=body.words, day=today
            )
            found.append({"customer": fact.customer_id, "contact": fact.contact_id})
        return found

    _of_one_person(made)
    return made


def _of_one_person(made: Router) -> None:
    @made.get("/{people}/{int:pk}", response={200: list[Masked], **PROBLEMS}, operation_id="sensitive_list")
    def index(request: Asking, people: People, pk: int) -> Any:
        person = person_at(request.actor, people, pk)
        return [vars(known) for known in known_of(request.actor, person, request.setting.today)]

    @made.post(
        "/{people}/{int:pk}/{kind}/look", response={200: Value, **PROBLEMS}, operation_id="sensitive_look"
    )
    def look(request: Asking, people: People, pk: int, kind: str, body: Why, response: HttpResponse) -> Any:
        response.headers["Cache-Control"] = "no-store"
        today = request.setting.today
        person = person_at(request.actor, people, pk)
        fact = fact_to_look_at(request.actor, person, kind, today)
        value = value_looked_at(
            fact, actor=request.actor, person=person, reason=body.reason, words=body.words, day=today
        )
        return {"kind": kind, "value": value}

    @made.put("/{people}/{int:pk}/{kind}", response={204: None, **PROBLEMS}, operation_id="sensitive_write")
    def write(request: Asking, people: People, pk: int, kind: str, body: NewValue) -> Any:
        today = request.setting.today
        person = person_at(request.actor, people, pk)
        write_fact(SensitiveFact, actor=request.actor, person=person, kind=kind, value=body.value, day=today)
        return Status(204, None)


class Confirmed(Written):
    """The person's name, typed."""

    confirmed: str


class Candidate(Schema):
    """Somebody a rule of retention is about today."""

    id: int
    name: str
    last_active_on: dt.date


def request_router() -> Router:
    """The answers to requests of persons."""
    made = Router(tags=["privacy-requests"])

    @made.post("/{int:pk}/file", response={200: None, **PROBLEMS}, operation_id="privacy-requests_file")
    def data_file(request: Asking, pk: int, body: Why) -> Any:
        """The zipped file of all that is known of the person."""
        asked, today = access.get(request.actor, PrivacyRequest, pk, "export"), request.setting.today
        made = file_of(person_of(asked), actor=request.actor, day=today, reason=body.reason, words=body.words)
        answer_request(asked, actor=request.actor, day=today, records=made.records)
        return HttpResponse(
            made.content, content_type="application/zip", headers={"Cache-Control": "no-store"}
        )

    @made.post("/{int:pk}/erase", response={204: None, **PROBLEMS}, operation_id="privacy-requests_erase")
    def erase(request: Asking, pk: int, body: Confirmed) -> Any:
        asked, today = access.get(request.actor, PrivacyRequest, pk, "erase"), request.setting.today
        erase_person(PrivacyRequest, actor=request.actor, request=asked, confirmed=body.confirmed, day=today)
        return Status(204, None)

    return made


def retention_router() -> Router:
    """Whom a rule of retention is about."""
    made = Router(tags=["retention-rules"])

    @made.get(
        "/{int:pk}/due", response={200: list[Candidate], **PROBLEMS}, operation_id="retention-rules_due"
    )
    def candidates(request: Asking, pk: int, limit: int = Query(50, ge=1, le=MOST_AT_ONCE)) -> Any:
        if not request.actor.unlimited:
            raise NotAllowed
        rule = access.get(request.actor, RetentionRule, pk)
        return list(due(rule, request.setting.today)[:limit])

    return made


def consent_router() -> Router:
    """What a consent can do beside what every record can."""
    made = Router(tags=["consents"])

    @made.post("/{int:pk}/withdraw", response={204: None, **PROBLEMS}, operation_id="consents_withdraw")
    def withdraw(request: Asking, pk: int, body: Withdrawal) -> Any:
        consent = access.get(request.actor, Consent, pk)
        today = request.setting.today
        withdraw_consent(consent, actor=request.actor, on=min(body.on, today), today=today)
        return Status(204, None)

    return made
