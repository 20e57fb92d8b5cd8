from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.test import Client

from clientier.core.actor import Door
from clientier.core.models import JobRun, JobState
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.models import FieldRule, User
from clientier.rooms.people.queries import actor_of
from clientier.rooms.value import jobs
from clientier.rooms.value.models import Standing, ValueRun
from clientier.rooms.value.queries import flow, moves, profit, pyramid, retention
from tests.rooms.value.company import BEFORE, NOW, Company

pytestmark = pytest.mark.django_db
PAGES = ("/value/pyramid/", "/value/profit/", "/value/flow/")


@pytest.fixture
def manager(firm: Company, client: Client) -> Iterator[Client]:
    client.force_login(firm.manager)
    return client


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return unescape(response.content.decode())


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_page_opens_in_every_language_without_inline_styles(
    firm: Company, client: Client, url: str, language: str
) -> None:
    User.objects.update(language=language)
    client.force_login(firm.manager)
    page = text_of(client, url)
    assert " style=" not in page and "<script>" not in page


def test_every_figure_that_opens_leads_somewhere(manager: Client) -> None:
    every: set[str] = set()
    for url in PAGES:
        links = set(re.findall(r'href="((?:/|\?)[^"#]+)', text_of(manager, url)))
        opened = {
            link if link.startswith("/") else url + link for link in links if not link.startswith("/static/")
        }
        assert len(opened) > 20, url
        every |= opened
    broken = [link for link in every if manager.get(link).status_code not in {200, 302}]
    assert broken == [link for link in broken if link.startswith(("/imports", "/settings"))]


def test_the_pyramid_of_the_whole_company_equals_the_sums_over_its_customers(firm: Company) -> None:
    whole = pyramid.pyramid_of(actor_of(firm.manager), firm.run)
    summed, loss = pyramid._summed(actor_of(firm.manager))
    for layer in whole.layers:
        if layer.customers:
            assert summed[layer.tier] == {name: getattr(layer, name) for name in summed[layer.tier]}, (
                layer.tier
            )
    assert (whole.loss, whole.everybody) == (loss, True)


def test_a_rep_sees_only_what_the_own_customers_bring(firm: Company, client: Client) -> None:
    seen = pyramid.pyramid_of(actor_of(firm.rep), firm.run)
    own = Standing.objects.filter(customer__owner=firm.rep).exclude(tier="")
    assert seen.customers == own.count() < firm.run.facts["counts"]["customers"]["in_pyramid"]
    assert seen.net_profit == sum(standing.net_profit for standing in own)
    client.force_login(firm.rep)
    page = text_of(client, "/value/pyramid/")
    assert "Your customers" in page
    assert "Customer 0<" not in text_of(client, "/value/profit/")


def test_the_rep_s_whale_holds_the_own_customers_only(firm: Company) -> None:
    mine, _spread = profit.whale_of(actor_of(firm.rep), firm.run)
    everybody, _spread = profit.whale_of(actor_of(firm.manager), firm.run)
    assert mine.total < everybody.total
    assert mine.customers[-1] < everybody.customers[-1]


def test_the_bridge_ends_at_the_net_profit_of_the_run(firm: Company) -> None:
    steps = profit.profit_steps(actor_of(firm.manager))
    drivers = sum(amount for name, amount in steps.items() if name.startswith("serve_"))
    assert steps["revenue"] - steps["cost_of_goods"] == steps["gross_margin"]
    assert steps["gross_margin"] - drivers == steps["net_profit"]
    assert steps["net_profit"] * 10_000 == firm.run.facts["totals"]["window"]["net_profit_e4"]
    assert steps["serve_rebate"] == Decimal(2000)


def test_groups_together_are_the_whole(firm: Company) -> None:
    actor = actor_of(firm.manager)
    steps = profit.profit_steps(actor)
    for way in profit.GROUPS:
        found = profit.by_group(actor, way)
        assert sum(group["net_profit"] for group in found) == steps["net_profit"], way
    industries = {group["key"]: group["customers"] for group in profit.by_group(actor, "industry")}
    assert industries["food"] == 6


def test_the_costly_are_those_below_zero_only(firm: Company) -> None:
    ends = profit.extremes(actor_of(firm.manager))
    assert [standing.customer.name for standing in ends.costly] == ["Customer 8"]
    assert ends.best[0].customer.name == "Customer 0"


def test_lost_are_those_whose_silence_reached_the_limit_in_that_month(firm: Company) -> None:
    actor = actor_of(firm.manager)
    silence = dt.timedelta(days=firm.run.policy.rules["lost_horizon_days"])
    months = retention.leaky_bucket(actor, NOW, silence)
    reached = (NOW - dt.timedelta(days=600) + silence).replace(day=1)
    assert {m.month: m.lost for m in months if m.lost} == {reached: 3}
    # Thirteen orders of each lie within the year up to the last one: 400, 300 and 200 of margin each.
    assert {m.month: m.margin_lost for m in months if m.lost} == {reached: Decimal(13 * 900)}
    number, gone = retention.lost_lately(actor, reached, NOW, silence)
    assert (number, gone[0].customer.name) == (3, "Customer 9")


def test_the_cohort_of_those_who_fell_silent_shows_it(firm: Company) -> None:
    cohorts = {cohort.start: cohort for cohort in retention.cohorts(actor_of(firm.manager), NOW)}
    first = cohorts[dt.date(2024, 1, 1)]
    assert (first.customers, first.bought) == (3, [3, 3, 3, 0, 0, 0])


def test_streams_count_everybody_once(firm: Company) -> None:
    earlier = ValueRun.objects.get(as_of=BEFORE)
    found = flow.streams(actor_of(firm.manager), earlier, firm.run)
    assert sum(stream.customers for stream in found) == 12
    stream = found[0]
    scores = flow.stream_customers(actor_of(firm.manager), earlier, firm.run, stream.before, stream.after)
    assert len(scores) == stream.customers


def test_the_last_two_days_are_compared_unless_others_are_asked_for(manager: Client, firm: Company) -> None:
    page = text_of(manager, "/value/flow/")
    earlier = ValueRun.objects.get(as_of=BEFORE)
    assert f'<option value="{earlier.pk}" selected>31 Aug 2026' in page
    assert text_of(manager, "/value/flow/?earlier=nonsense&later=x&before=loyal&after=loyal")


def test_moves_go_up_down_or_are_new() -> None:
    assert moves.way_of("small", "ordinary") == "up"
    assert moves.way_of("important", "small") == "down"
    assert moves.way_of("", "small") == "new"


def test_moves_can_be_asked_for_by_way_as_a_part_of_the_page(manager: Client) -> None:
    response = manager.get(
        "/value/pyramid/?moved=up", headers={"HX-Request": "true", "HX-Target": "section#moves"}
    )
    page = response.content.decode()
    assert page.strip().startswith("<section") and 'id="moves"' in page


def test_nonsense_in_the_address_is_forgiven(manager: Client) -> None:
    for query in ("?moved=sideways&page=99", "?page=x", "?moved=up&page=-3"):
        assert text_of(manager, f"/value/pyramid/{query}")
    assert text_of(manager, "/value/profit/?by=nonsense")


@pytest.mark.parametrize("url", PAGES)
def test_who_may_not_see_profit_is_told_so(firm: Company, client: Client, url: str) -> None:
    FieldRule.objects.create(
        role=firm.manager.role, record="value.standing", field="net_profit", rule="hidden"
    )
    client.force_login(firm.manager)
    page = text_of(client, url)
    assert "Not open to you" in page and "¥" not in page


@pytest.mark.parametrize("url", PAGES)
def test_who_may_not_compute_is_not_offered_it(firm: Company, client: Client, url: str) -> None:
    client.force_login(firm.viewer)
    assert "Compute now" not in text_of(client, url)
    assert client.post("/value/run/").status_code == 403
    assert not JobRun.objects.exists()


def test_computing_is_queued_once_and_shows_its_progress(manager: Client, firm: Company) -> None:
    assert manager.post("/value/run/").status_code == 302
    manager.post("/value/run/")
    job = JobRun.objects.get()
    assert (job.kind, job.started_by, job.state) == ("value_run", firm.manager.pk, JobState.QUEUED)
    page = text_of(manager, "/value/pyramid/")
    assert f"/value/run/{job.pk}/" in page
    assert "Compute now" not in page


def test_a_finished_run_has_the_page_shown_afresh(manager: Client, firm: Company) -> None:
    manager.post("/value/run/")
    job = JobRun.objects.get()
    assert "HX-Refresh" not in manager.get(f"/value/run/{job.pk}/").headers
    JobRun.objects.update(state=JobState.DONE)
    assert manager.get(f"/value/run/{job.pk}/").headers["HX-Refresh"] == "true"


def test_others_do_not_see_somebody_s_run(manager: Client, firm: Company, client: Client) -> None:
    manager.post("/value/run/")
    job = JobRun.objects.get()
    client.force_login(firm.rep)
    assert client.get(f"/value/run/{job.pk}/").status_code == 404
    assert client.get(f"/value/run/{uuid4()}/").status_code == 404


def test_the_job_judges_everybody_in_the_name_of_who_asked(firm: Company) -> None:
    job = JobRun.objects.create(kind="value_run", label="Computing value", started_by=firm.manager.pk)
    jobs.judge(str(job.pk), NOW.isoformat(), firm.manager.pk)
    job.refresh_from_db()
    assert (job.state, job.result["customers"]) == (JobState.DONE, 12)
    assert ValueRun.objects.get(is_current=True).pk == job.result["value_run"]
    assert isinstance(job.pk, UUID)


def test_who_lost_the_right_meanwhile_gets_no_run(firm: Company) -> None:
    job = JobRun.objects.create(kind="value_run", label="Computing value", started_by=firm.viewer.pk)
    jobs.judge(str(job.pk), NOW.isoformat(), firm.viewer.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert ValueRun.objects.get(is_current=True) == firm.run


def test_the_night_is_the_company_s(firm: Company) -> None:
    runs = ValueRun.objects.count()
    shanghai_noon = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
    jobs.judge_nightly(int(shanghai_noon.timestamp()))
    assert ValueRun.objects.count() == runs
    shanghai_two = dt.datetime(2026, 11, 21, 18, 0, tzinfo=dt.UTC)
    jobs.judge_nightly(int(shanghai_two.timestamp()))
    assert ValueRun.objects.get(is_current=True).as_of == dt.date(2026, 11, 21)


def test_a_rep_who_owns_nobody_sees_empty_pictures_and_no_fault(firm: Company, client: Client) -> None:
    Customer.objects.update(owner=firm.manager)
    client.force_login(firm.rep)
    for url in PAGES:
        assert text_of(client, url)


def test_a_company_that_only_loses_is_drawn_too(firm: Company, client: Client) -> None:
    from clientier.rooms.trade.models import OrderLine

    OrderLine.objects.update(cost_base=99_999, cost=99_999)
    jobs.judge_nightly(int(dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC).timestamp()))
    client.force_login(firm.manager)
    for url in PAGES:
        assert text_of(client, url)
    assert actor_of(firm.manager, Door.PAGE).user_id == firm.manager.pk


@pytest.mark.parametrize(("url", "most"), [(PAGES[0], 22), (PAGES[1], 22), (PAGES[2], 30)])
def test_a_page_asks_the_database_a_fixed_number_of_times(
    manager: Client, url: str, most: int, django_assert_max_num_queries: object
) -> None:
    manager.get(url)
    with django_assert_max_num_queries(most):  # type: ignore[operator]
        manager.get(url)
