"""Pages, jobs and the API of receivables and credit."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client

from clientier.core.actor import Reach, system
from clientier.rooms.activities.models import Task
from clientier.rooms.trade import jobs
from clientier.rooms.trade.commands.collecting import take_promise
from clientier.rooms.trade.commands.credit import adopt_rules
from clientier.rooms.trade.commands.payments import settle_oldest, take_payment_back
from clientier.rooms.trade.models import (
    CostToServe,
    CreditPolicy,
    CreditScore,
    DunningNotice,
    Invoice,
    LimitProposal,
    PaymentPromise,
    Posting,
)
from clientier.rooms.trade.queries.collection import OWNER, collection, together
from clientier.rooms.trade.queries.policy import current_rules
from tests import factories as make

pytestmark = pytest.mark.django_db
WHO: dict[str, Any] = {"actor": system()}
ME = system()
TODAY = dt.date.today()


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def owed(days: int = 40, **customer: Any) -> Invoice:
    known = {"owner": make.some_user(), "name": "Acme", **customer}
    return make.some_invoice(make.some_customer(**known), day=ago(days + 30), due_on=ago(days))


def boss() -> Client:
    return make.signed_in(make.administrator())


def test_sales_and_collection_of_a_period_are_sums_of_the_ledger() -> None:
    user = make.some_user()
    one, other = make.some_customer(owner=user), make.some_customer(owner=user)
    make.some_invoice(one, day=ago(100))
    make.some_invoice(one, day=ago(10))
    settle_oldest(make.some_payment(one, day=ago(5), amount=Decimal(1500)), **WHO, day=ago(5))
    bounced = make.some_payment(other, day=ago(4), amount=Decimal(50))
    take_payment_back(bounced, **WHO, day=ago(3), reason="Bounced")
    make.some_payment(other, day=ago(2), amount=Decimal(70))
    rows = {each.key: each for each in collection(ME, ago(30), TODAY)}
    first, second = rows[one.pk], rows[other.pk]
    assert (first.invoiced, first.collected, first.balance) == (1130, 1500, 760)
    assert (second.invoiced, second.collected, second.balance, second.ratio) == (0, 70, -70, None)
    (both,) = collection(ME, ago(30), TODAY, by=OWNER)
    assert (both.key, both.invoiced, both.collected, both.balance) == (user.pk, 1130, 1570, 690)
    assert together(ME, ago(30), TODAY) == (type(both)(None, both.invoiced, both.collected, both.balance), 2)
    stranger = make.acting(make.some_user(), reach=Reach.OWN, kinds=[Posting])
    assert collection(stranger, ago(30), TODAY) == []


def test_every_page_of_receivables_opens_and_none_for_who_sees_no_invoices() -> None:
    invoice = owed()
    pk = invoice.customer_id
    pages = (
        "/receivables/", "/receivables/?order=late", "/receivables/?order=collect", "/receivables/managers/",
        "/receivables/reminders/", "/receivables/collection/", "/receivables/collection/?by=manager",
        f"/receivables/customers/{pk}/", f"/receivables/customers/{pk}/remind/", "/promises/note/",
        f"/promises/note/?invoice={invoice.pk}", f"/invoices/{invoice.pk}/dispute/",
        f"/invoices/{invoice.pk}/write-off/", "/settings/credit/", "/credit-limits/set/",
    )  # fmt: skip
    client, blind = boss(), make.signed_in(make.some_user())
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert {blind.get(page).status_code for page in pages} <= {403, 404}


def test_a_reminder_goes_by_mail_and_is_recorded_as_it_was_sent(settings: Any) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    invoice = owed(email="acme@example.com", country="US")
    page = f"/receivables/customers/{invoice.customer_id}/remind/"
    client = boss()
    assert "Send to acme@example.com" in client.get(page).content.decode()
    answer = client.post(page, {"subject": "Please", "text": "Dear all"})
    assert answer.status_code == 302
    notice = DunningNotice.objects.get()
    assert (notice.level, notice.way, notice.subject, notice.sent_by is not None) == (
        1,
        "email",
        "Please",
        True,
    )
    jobs.send_reminder(notice_id=notice.pk)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["acme@example.com"], "Please", "Dear all")
    assert client.get(page).status_code == 302  # nothing is due any more


def test_one_click_gives_the_task_and_a_second_says_that_it_is_there() -> None:
    invoice = owed()
    client = boss()
    for _ in range(2):
        assert client.post(f"/receivables/customers/{invoice.customer_id}/call/").status_code == 302
    assert Task.objects.get().assigned_to == invoice.customer.owner


def test_promise_dispute_and_loss_are_entered_on_their_forms() -> None:
    invoice = owed()
    client = boss()
    facts = {
        "customer": invoice.customer_id, "invoice": invoice.pk, "amount": "500", "currency": "CNY",
        "promised_on": TODAY.isoformat(), "until": ago(-7).isoformat(),
    }  # fmt: skip
    assert client.post("/promises/note/", facts).status_code == 302
    assert client.post("/promises/note/", {**facts, "until": ago(7).isoformat()}).status_code == 422
    (promise,) = PaymentPromise.objects.all()
    assert client.post(f"/promises/{promise.pk}/withdraw/", {"reason": "Agreed"}).status_code == 302
    day = {"day": TODAY.isoformat()}
    assert (
        client.post(f"/invoices/{invoice.pk}/dispute/", {**day, "reason": "Wrong goods"}).status_code == 302
    )
    assert client.post(f"/invoices/{invoice.pk}/end-dispute/", {"reason": "Agreed"}).status_code == 302
    loss = {**day, "reason": "Insolvent", "amount": "30"}
    assert client.post(f"/invoices/{invoice.pk}/write-off/", {**loss, "amount": "99999"}).status_code == 422
    assert client.post(f"/invoices/{invoice.pk}/write-off/", loss).status_code == 302
    invoice.refresh_from_db()
    promise.refresh_from_db()
    assert (invoice.open_amount, invoice.dispute, promise.state) == (1100, "Agreed", "withdrawn")
    back = {**day, "reason": "They paid"}
    assert client.post(f"/invoices/{invoice.pk}/take-back-write-off/", back).status_code == 302
    assert not CostToServe.objects.exists()


def test_a_proposal_is_decided_on_its_page_by_who_may() -> None:
    user = make.some_user()
    proposal = make.some_limit_proposal(make.some_customer(owner=user))
    make.grant(user.role, "trade.limitproposal", Reach.OWN, ["view"])
    seeing = make.signed_in(user)
    assert "Accept" not in seeing.get(f"/limit-proposals/{proposal.pk}/").content.decode()
    assert seeing.post(f"/limit-proposals/{proposal.pk}/accept/", {"reason": "Yes"}).status_code in (403, 404)
    assert boss().post(f"/limit-proposals/{proposal.pk}/accept/", {"reason": "Yes"}).status_code == 302
    assert LimitProposal.objects.get().state == "accepted"


def test_the_rules_are_changed_on_their_page_with_a_reason() -> None:
    client = boss()
    form = client.get("/settings/credit/").context["form"]
    table = client.get("/settings/credit/").context["table"]
    facts = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    facts |= {name: table.get_initial_for_field(field, name) for name, field in table.fields.items()}
    facts = {name: value for name, value in facts.items() if value is not None and value is not False}
    facts |= {
        "edges": "10, 20",
        "dunning_days": "5，15",
        "limit-small": "",
        "over-small": "warn",
        "reason": "Test",
    }
    assert client.post("/settings/credit/", {**facts, "reason": ""}).status_code == 422
    assert client.post("/settings/credit/", {**facts, "edges": "30, x"}).status_code == 422
    assert client.post("/settings/credit/", {**facts, "edges": "30, 20"}).status_code == 422
    answer = client.post("/settings/credit/", facts)
    assert answer.status_code == 302, (answer.context["form"].errors, answer.context["table"].errors)
    rules = current_rules()
    assert (rules["edges"], rules["dunning_days"], rules["limits"][3], rules["over_limit"][3]) == (
        [10, 20], [5, 15], None, "warn",
    )  # fmt: skip
    assert CreditPolicy.objects.count() == 1
    assert client.get("/receivables/").status_code == 200


def test_the_night_judges_scores_gives_tasks_and_charges_the_month_before() -> None:
    adopt_rules(
        CreditPolicy, **WHO, changes={"collects_by_itself": True, "collect_from": 1}, reason="Collect"
    )
    first = dt.date(2026, 4, 1)
    invoice = make.some_invoice(
        make.some_customer(owner=make.some_user()), day=dt.date(2026, 1, 1), due_on=dt.date(2026, 2, 1)
    )
    changes = {"customer": make.some_customer(owner=make.some_user()), "amount": Decimal(5)}
    late = {"promised_on": dt.date(2026, 3, 1), "until": dt.date(2026, 3, 31)}
    promise = take_promise(PaymentPromise, **WHO, changes={**changes, **late})
    zone = ZoneInfo("Asia/Shanghai")
    jobs.keep_receivables(int(dt.datetime(2026, 4, 1, 5, tzinfo=zone).timestamp()))
    assert not CreditScore.objects.exists()
    for _ in range(2):
        jobs.keep_receivables(int(dt.datetime.combine(first, dt.time(3, 10), zone).timestamp()))
    promise.refresh_from_db()
    assert promise.state == "broken"
    assert CreditScore.objects.filter(customer=invoice.customer).exists()
    assert sorted(task.reason["code"] for task in Task.objects.all()) == ["broken", "collect"]
    assert CostToServe.objects.get().external_id == f"interest-{invoice.customer_id}-2026-03"


def test_the_api_tells_and_does_what_the_pages_do() -> None:
    invoice = owed()
    pk = invoice.customer_id
    api = make.speaking(make.administrator())

    def post(path: str, body: dict[str, Any]) -> Any:
        return api.post(f"/api/v1{path}", json.dumps(body), "application/json")

    told = api.get("/api/v1/receivables").json()
    assert (told["whole"]["total"], told["customers"][0]["customer"]) == ("1130.0000", pk)
    limit = {"amount": "500", "from_day": TODAY.isoformat(), "reason": "Small"}
    assert post(f"/customers/{pk}/credit-limits", limit).status_code == 201
    assert post(f"/customers/{pk}/credit-limits", {**limit, "reason": ""}).status_code == 422
    known = api.get(f"/api/v1/customers/{pk}/credit").json()
    assert (known["exposure"]["owed"], known["limits"][0]["left"]) == ("1130.0000", "-630.0000")
    order = make.some_open_order(invoice.customer, day=TODAY)
    assert order.state == "held"
    done = post(f"/orders/{order.pk}/release", {"reason": "Guarantee"})
    assert (done.status_code, done.json()["state"]) == (200, "open")
    assert post(f"/orders/{order.pk}/release", {"reason": "Again"}).status_code == 409
    promise = {"amount": "100", "currency": "CNY", "until": ago(-3).isoformat(), "invoice": invoice.pk}
    made = post(f"/customers/{pk}/promises", promise)
    assert (made.status_code, made.json()["state"]) == (201, "open")
    assert (
        post(f"/promises/{made.json()['id']}/withdraw", {"reason": "Agreed"}).json()["state"] == "withdrawn"
    )
    blind = make.speaking(make.some_user())
    assert blind.get("/api/v1/receivables").status_code == 403
    assert blind.get(f"/api/v1/customers/{pk}/credit").status_code == 404
