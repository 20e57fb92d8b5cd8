"""Which facts of two records are compared and how: one definition for the product, its trials and its tests.

Each comparison falls from the same to something else over steps between; how much each step says for or against is
learned from the data at hand (Fellegi and Sunter's model, fitted by expectation and maximisation). Where there is too
little to learn from, the weights below stand: how often a step is met among records of one and of two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

PERSON, COMPANY, CONTACT = "person", "company", "contact"


@dataclass(frozen=True, slots=True)
class Step:
    """A condition in SQL over ``{l}`` and ``{r}``; met so often among the same (``same``) and among others."""

    condition: str
    same: float
    other: float
    words: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact; ``common`` says that a frequent value tells less than a rare one."""

    name: str
    steps: tuple[Step, ...]
    common: bool = False
    beside: tuple[str, ...] = field(default=())


EQUAL = "{l} = {r}"


def _near(least: float) -> str:
    return f"jaro_winkler_similarity({{l}}, {{r}}) >= {least}"


def _slips(most: int) -> str:
    return f"damerau_levenshtein({{l}}, {{r}}) <= {most}"


def _name(name: str, other: str) -> Comparison:
    swapped = f"{{l}} = {other}_r AND {other}_l = {{r}}"
    part_of = "least(length({l}), length({r})) >= 1 AND (starts_with({l}, {r}) OR starts_with({r}, {l}))"
    return Comparison(
        name,
        (
            Step(EQUAL, 0.75, 0.004, "equal"),
            Step(_near(0.9), 0.12, 0.006, "near"),
            Step(swapped, 0.02, 0.0002, "swapped"),
            Step(f"({part_of}) OR {_near(0.8)}", 0.05, 0.02, "part"),
        ),
        common=True,
        beside=(other,),
    )


_NUMBER = Comparison("number", (Step(EQUAL, 0.92, 1e-5, "equal"), Step(_slips(1), 0.06, 2e-5, "near")))
_PHONE = Comparison("phone", (Step(EQUAL, 0.8, 2e-5, "equal"), Step(_slips(1), 0.05, 4e-5, "near")))
_EMAIL_OF_COMPANY = Comparison(
    "email", (Step(EQUAL, 0.7, 1e-5, "equal"), Step(_slips(1), 0.02, 5e-5, "near"))
)
_EMAIL = Comparison(
    "email",
    (
        Step(EQUAL, 0.8, 1e-5, "equal"),
        Step(f"split_part({{l}}, '@', 1) = split_part({{r}}, '@', 1) OR {_slips(2)}", 0.08, 5e-5, "near"),
    ),
)
_WHERE = (
    Comparison(
        "street",
        (
            Step(EQUAL, 0.7, 0.001, "equal"),
            Step(_near(0.9), 0.15, 0.003, "near"),
            Step(_near(0.8), 0.05, 0.02, "part"),
        ),
        common=True,
    ),
    Comparison("house", (Step(EQUAL, 0.8, 0.02, "equal"), Step(_slips(1), 0.08, 0.1, "near"))),
    Comparison(
        "postcode", (Step(EQUAL, 0.8, 0.002, "equal"), Step(_slips(1), 0.1, 0.01, "near")), common=True
    ),
    Comparison("city", (Step(EQUAL, 0.85, 0.08, "equal"), Step(_near(0.9), 0.08, 0.01, "near")), common=True),
    Comparison("region", (Step(EQUAL, 0.9, 0.15, "equal"),)),
)
COMPARISONS: dict[str, tuple[Comparison, ...]] = {
    PERSON: (
        _name("given", "family"),
        _name("family", "given"),
        Comparison(
            "born",
            (
                Step(EQUAL, 0.85, 0.0002, "equal"),
                Step(_slips(1), 0.07, 0.002, "near"),
                Step(_slips(2), 0.03, 0.02, "part"),
            ),
        ),
        _NUMBER, _PHONE, _EMAIL, *_WHERE,
    ),
    # Colleagues share a switchboard and often an address of the whole house: these tell less than of a customer.
    CONTACT: (
        _name("given", "family"),
        _name("family", "given"),
        Comparison("phone", (Step(EQUAL, 0.8, 0.002, "equal"), Step(_slips(1), 0.05, 0.002, "near"))),
        Comparison("email", (Step(EQUAL, 0.8, 5e-4, "equal"), Step(_slips(2), 0.08, 5e-4, "near"))),
        Comparison(
            "employer",
            (Step(EQUAL, 0.6, 0.002, "equal"), Step(_near(0.92), 0.05, 0.004, "near")),
            common=True,
        ),
    ),
    COMPANY: (
        Comparison(
            "core",
            (
                Step("name_l = name_r", 0.45, 2e-5, "equal"),
                Step(EQUAL, 0.3, 1e-4, "equal core"),
                Step(_near(0.92), 0.1, 5e-4, "near"),
                Step(
                    "least(length({l}), length({r})) >= 2 AND (contains({l}, {r}) OR contains({r}, {l}))",
                    0.07, 1e-3, "part",
                ),
                Step(_near(0.8), 0.04, 0.008, "part"),
            ),
            common=True,
            beside=("name",),
        ),
        _NUMBER, _PHONE, _EMAIL_OF_COMPANY,
        Comparison("domain", (Step(EQUAL, 0.85, 1e-4, "equal"),), common=True),
        *_WHERE,
    ),
}  # fmt: skip

# Pairs are looked for among records that agree in one of these; more than one name is all of them at once.
BLOCKS: dict[str, tuple[tuple[str, ...], ...]] = {
    PERSON: (
        ("number",), ("phone",), ("email",), ("together",), ("family", "born"), ("given", "born"),
        ("family", "postcode"), ("given", "postcode"), ("street", "house"), ("born", "postcode"),
        ("street", "postcode"), ("born", "city"), ("given", "street"), ("family", "street"), ("family", "city"),
        ("given", "city"), ("family_start", "given_start", "region"), ("email_name",), ("born",), ("postcode",),
    ),
    CONTACT: (
        ("phone",), ("email",), ("together",), ("email_name",), ("family", "employer"), ("given", "employer"),
        ("family_start", "given_start", "employer"),
    ),
    COMPANY: (
        ("number",), ("phone",), ("email",), ("domain",), ("core",), ("core_start", "city"), ("street", "house"),
        ("core_start", "region"), ("core_start", "postcode"), ("core_rest",),
    ),
}  # fmt: skip

# Agreeing in one of these is the same record but for rare chance: by them it is reckoned how many there are.
SURE: dict[str, tuple[tuple[str, ...], ...]] = {
    PERSON: (
        ("number",), ("together", "born"), ("together", "email"), ("together", "phone"),
        ("together", "street", "house"), ("born", "email"), ("born", "street", "house"), ("family", "born", "postcode"),
    ),
    CONTACT: (("together", "email"), ("together", "phone"), ("together", "employer")),
    COMPANY: (
        ("number",), ("core", "phone"), ("core", "email"), ("core", "domain"), ("core", "street"), ("name", "city"),
    ),
}  # fmt: skip
# From pairs that agree in one of these it is learned how often the same differ in the other facts.
TAUGHT_BY: dict[str, tuple[tuple[str, ...], ...]] = {
    PERSON: (("given", "family"), ("born",), ("street", "house"), ("number",), ("email",), ("phone",)),
    CONTACT: (("given", "family"), ("email",), ("phone",)),
    COMPANY: (("core",), ("number",), ("domain",), ("phone",), ("email",), ("street", "house")),
}

# Of a pair at least one of these must fit: colleagues share phone, address and employer, and are two all the same.
MUST_FIT: dict[str, tuple[str, ...]] = {CONTACT: ("given", "family")}


def usable(kind: str, filled: Sequence[str]) -> tuple[Comparison, ...]:
    """The comparisons of this kind of record for which the data hold anything."""
    return tuple(each for each in COMPARISONS[kind] if each.name in filled)
