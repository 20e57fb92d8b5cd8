"""What every customer is like, drawn before anything happens: size, rhythm, fate, troubles, care received."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from . import staff
from .chance import choose_weighted, deal, spread_ranks, stream, texts
from .places import CITIES, market_of
from .seasons import INDUSTRIES, INDUSTRY_WEIGHTS, MARKETS

POTENTIAL_SHARE = 0.08
COMPANY_SHARE = 0.66
_STANDARD_NORMAL = NormalDist()


@dataclass
class Characters:
    """One entry per customer; days count from the first day of trade.

    fate: potential, steady, rising, declining, silent, won_back, lost, first_time.
    parent is the position of the customer above in its group, -1 without one.
    trouble: none, price_pressure, over_served, serial_returner, bad_debt, late_payer.
    """

    day_count: int
    is_company: np.ndarray
    city: np.ndarray
    industry: np.ndarray
    season_row: np.ndarray
    territory: np.ndarray
    size_rank: np.ndarray
    yearly_revenue: np.ndarray
    gap_days: np.ndarray
    regularity: np.ndarray
    fate: np.ndarray
    trouble: np.ndarray
    start: np.ndarray
    end: np.ndarray
    pause_from: np.ndarray
    pause_to: np.ndarray
    newcomer: np.ndarray
    parent: np.ndarray

    def __len__(self) -> int:
        return len(self.is_company)


def draw_characters(seed: int, size: int, day_count: int) -> Characters:
    """Draws `size` customers of fixed shares of kinds and fates, each with its own figures."""
    random = stream(seed, "characters")
    kinds = random.permutation(size) < round(size * COMPANY_SHARE)
    city = staff.draw_cities(seed, size)
    industry = choose_weighted(random, INDUSTRY_WEIGHTS, size)
    market = np.array([MARKETS.index(market_of(one.country)) for one in CITIES])[city]
    rank = np.zeros(size)
    for kind in (True, False):
        rank[kinds == kind] = spread_ranks(random, int(np.sum(kinds == kind)))
    parent = _draw_groups(seed, kinds, rank, city)
    industry = np.where(parent >= 0, industry[parent], industry)
    fate = _deal_fates(random, kinds, rank)
    gap = _draw_gaps(random, kinds, rank, fate)
    people = Characters(
        day_count=day_count,
        is_company=kinds,
        city=city,
        industry=industry,
        season_row=np.where(kinds, industry * len(MARKETS) + market, len(INDUSTRIES) * len(MARKETS) + market),
        territory=texts([one.territory for one in CITIES])[city],
        size_rank=rank,
        yearly_revenue=_yearly_revenue(kinds, rank),
        gap_days=gap,
        regularity=random.integers(3, 8, size),
        fate=fate,
        trouble=_deal_troubles(random, kinds, rank, fate),
        start=np.zeros(size, dtype=int),
        end=np.full(size, day_count),
        pause_from=np.zeros(size, dtype=int),
        pause_to=np.zeros(size, dtype=int),
        newcomer=np.zeros(size, dtype=bool),
        parent=parent,
    )
    _set_lives(random, people)
    return people


def _draw_groups(seed: int, is_company: np.ndarray, rank: np.ndarray, city: np.ndarray) -> np.ndarray:
    """The parent's position of every subsidiary, -1 for the others; one company in fifty is a parent."""
    random = stream(seed, "groups")
    parent = np.full(len(rank), -1)
    companies = np.flatnonzero(is_company)
    heads = deal(random, companies[rank[companies] > 0.7], max(1, len(companies) // 50))
    country = texts([one.country for one in CITIES])[city]
    taken = set(heads.tolist())
    smaller = companies[rank[companies] < 0.95]
    alike = {one: smaller[country[smaller] == one] for one in dict.fromkeys(country)}
    for head in heads.tolist():
        for child in deal(random, alike[country[head]], int(random.integers(1, 5))).tolist():
            if child not in taken:
                taken.add(child)
                parent[child] = head
    return parent


def _yearly_revenue(is_company: np.ndarray, rank: np.ndarray) -> np.ndarray:
    normal = _normal_quantile(rank)
    company = 19_000 * np.exp(1.18 * normal) * np.where(rank > 0.985, 1.8, 1.0)
    return np.where(is_company, company, 1_150 * np.exp(0.65 * normal))


def _normal_quantile(rank: np.ndarray) -> np.ndarray:
    return np.array([_STANDARD_NORMAL.inv_cdf(one) for one in rank.tolist()])


def _draw_gaps(
    random: np.random.Generator, is_company: np.ndarray, rank: np.ndarray, fate: np.ndarray
) -> np.ndarray:
    noise = np.exp(random.normal(0, 0.3, len(rank)))
    gap = np.where(is_company, 245 * np.exp(-2.3 * rank), 210 * np.exp(-0.9 * rank)) * noise
    hasty = np.isin(fate, ("silent", "won_back", "declining"))
    return np.where(hasty, random.uniform(7, 19, len(rank)), np.clip(gap, 5, 400))


def _deal_fates(random: np.random.Generator, is_company: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Deals out the fates by count, so that every world has its share of each."""
    size = len(rank)
    fate = texts(["steady"] * size)
    free = np.ones(size, dtype=bool)

    def take(name: str, share: float, among: np.ndarray) -> None:
        chosen = deal(random, np.flatnonzero(free & among), round(size * share))
        fate[chosen] = name
        free[chosen] = False

    take("potential", POTENTIAL_SHARE, rank < 0.9)
    take("declining", 0.020, is_company & (rank > 0.78) & (rank < 0.985))
    take("silent", 0.006, is_company & (rank > 0.8) & (rank < 0.985))
    take("silent", 0.010, is_company & (rank > 0.35))
    take("rising", 0.028, is_company & (rank > 0.2) & (rank < 0.8))
    take("won_back", 0.016, is_company & (rank > 0.3) & (rank < 0.95))
    take("first_time", 0.014, is_company & (rank < 0.9))
    take("first_time", 0.014, ~is_company)
    take("lost", 0.130, is_company & (rank < 0.97))
    take("lost", 0.080, ~is_company)
    return fate


def _deal_troubles(
    random: np.random.Generator, is_company: np.ndarray, rank: np.ndarray, fate: np.ndarray
) -> np.ndarray:
    size = len(rank)
    trouble = texts(["none"] * size)
    alive = ~np.isin(fate, ("lost", "potential", "first_time"))

    def take(name: str, share: float, among: np.ndarray) -> None:
        trouble[deal(random, np.flatnonzero((trouble == "none") & among), round(size * share))] = name

    take("price_pressure", 0.006, is_company & (fate == "steady") & (rank > 0.9) & (rank < 0.995))
    take("over_served", 0.050, is_company & alive & (rank < 0.35))
    take("serial_returner", 0.012, ~is_company & alive)
    take("bad_debt", 0.010, is_company & (fate == "lost") & (rank > 0.2))
    take("late_payer", 0.050, is_company & (fate != "potential"))
    return trouble


def _set_lives(random: np.random.Generator, people: Characters) -> None:
    size, days = len(people), people.day_count
    fate = people.fate
    first_time = fate == "first_time"
    newcomer = np.isin(fate, ("steady", "lost", "rising")) & (random.random(size) < 0.34)
    people.start[newcomer] = (random.random(size) * (days - 200))[newcomer].astype(int)
    rising = newcomer & (fate == "rising")
    people.start[rising] = np.minimum(people.start[rising], days - 560)
    people.start[first_time] = days - random.integers(6, 48, size)[first_time]
    people.newcomer = newcomer | first_time
    lost = fate == "lost"
    earliest = np.minimum(people.start + 90, days - 381)
    people.start = np.where(lost, np.minimum(people.start, days - 480), people.start)
    last = days - 380
    people.end[lost] = (earliest + random.random(size) ** 0.8 * (last - earliest))[lost].astype(int)
    silent = fate == "silent"
    quiet = np.clip(people.gap_days * random.uniform(2.8, 3.8, size), 28, 63).astype(int)
    people.end[silent] = (days - quiet)[silent]
    won_back = fate == "won_back"
    people.pause_to[won_back] = days - random.integers(40, 150, size)[won_back]
    people.pause_from[won_back] = (people.pause_to - random.integers(240, 420, size))[won_back]
