"""What is known of a customer beyond the record itself: one profile a customer, made when first filled in."""

from __future__ import annotations

from typing import TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency, MoneyField
from clientier.core.personal import Personal
from clientier.rooms.parties.choices.profiles import (
    Cooperation,
    CreditState,
    Degree,
    Gender,
    OrganisationForm,
    Scale,
)
from clientier.rooms.parties.models.customers import Customer, refuse_forgotten

Kept = TypeVar("Kept", bound=models.Model)


class WithCustomer(models.Manager[Kept]):
    """Reads the customer along: a profile is called by the customer's name."""

    def get_queryset(self) -> models.QuerySet[Kept]:
        return super().get_queryset().select_related("customer")


class CompanyProfile(models.Model):
    """A company in four groups: basics, characteristics, how it fares, how it trades."""

    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(paths=("customer",), goes=True)

    customer = models.OneToOneField(
        Customer, models.CASCADE, related_name="company_profile", verbose_name=_("customer")
    )
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    organisation_form = models.CharField(
        _("organisation form"), max_length=14, choices=OrganisationForm.choices, blank=True
    )
    line_of_business = models.CharField(_("line of business"), max_length=300, blank=True)
    assets = MoneyField(_("assets"), null=True, blank=True, validators=[MinValueValidator(0)])
    registered_capital = MoneyField(
        _("registered capital"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.CNY)
    scale = models.CharField(_("scale"), max_length=8, choices=Scale.choices, blank=True)
    service_area = models.CharField(_("service area"), max_length=200, blank=True)
    philosophy = models.TextField(_("philosophy"), blank=True)
    direction = models.TextField(_("direction"), blank=True)
    features = models.TextField(_("features"), blank=True)
    image = models.TextField(_("image"), blank=True)
    reputation = models.TextField(_("reputation"), blank=True)
    sales_ability = models.TextField(_("sales ability"), blank=True)
    results = models.TextField(_("results"), blank=True)
    potential = models.TextField(_("potential"), blank=True)
    strengths = models.TextField(_("strengths"), blank=True)
    problems = models.TextField(_("problems"), blank=True)
    planned_answers = models.TextField(_("planned answers"), blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=120, blank=True)
    credit_state = models.CharField(_("credit state"), max_length=10, choices=CreditState.choices, blank=True)
    credit_incidents = models.TextField(_("credit incidents"), blank=True)
    relationship = models.TextField(_("relationship with us"), blank=True)
    cooperation = models.CharField(
        _("attitude to cooperation"), max_length=10, choices=Cooperation.choices, blank=True
    )

    objects = WithCustomer["CompanyProfile"]()

    class Meta:
        verbose_name = _("company profile")
        verbose_name_plural = _("company profiles")

    def __str__(self) -> str:
        return str(self.customer)


class PersonProfile(models.Model):
    """A person in groups, as far as one may note it without a consent."""

    NAMED_AFTER = ("parties.customer",)
    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(paths=("customer",), goes=True)

    customer = models.OneToOneField(
        Customer, models.CASCADE, related_name="person_profile", verbose_name=_("customer")
    )
    form_of_address = models.CharField(_("form of address"), max_length=60, blank=True)
    gender = models.CharField(_("gender"), max_length=8, choices=Gender.choices, blank=True)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    home_town = models.CharField(_("home town"), max_length=120, blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    degree = models.CharField(_("degree"), max_length=10, choices=Degree.choices, blank=True)
    school = models.CharField(_("school or university"), max_length=120, blank=True)
    field_of_study = models.CharField(_("field of study"), max_length=120, blank=True)
    graduated_in = models.PositiveSmallIntegerField(
        _("graduated in"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    honours = models.CharField(_("honours"), max_length=200, blank=True)
    occupation = models.CharField(_("occupation"), max_length=120, blank=True)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    career_so_far = models.TextField(_("career so far"), blank=True)
    ambitions = models.TextField(_("ambitions"), blank=True)
    hobbies = models.CharField(_("hobbies"), max_length=300, blank=True)
    sports = models.CharField(_("sports"), max_length=200, blank=True)
    food_and_drink = models.CharField(_("food and drink"), max_length=200, blank=True)
    reading = models.CharField(_("reading and media"), max_length=200, blank=True)
    travel = models.CharField(_("travel"), max_length=200, blank=True)
    vehicle = models.CharField(_("vehicle"), max_length=120, blank=True)
    character = models.TextField(_("character"), blank=True)
    way_of_deciding = models.TextField(_("way of deciding"), blank=True)
    proud_of = models.TextField(_("proud of"), blank=True)
    dislikes = models.TextField(_("dislikes"), blank=True)
    clubs = models.CharField(_("clubs and associations"), max_length=300, blank=True)
    circle = models.TextField(_("circle of friends"), blank=True)
    standing = models.TextField(_("standing in the community"), blank=True)
    online_presence = models.CharField(_("seen online"), max_length=300, blank=True)

    objects = WithCustomer["PersonProfile"]()

    class Meta:
        verbose_name = _("person profile")
        verbose_name_plural = _("person profiles")

    def __str__(self) -> str:
        return str(self.customer)

    def clean(self) -> None:
        if self._state.adding and self.customer_id is not None:
            refuse_forgotten(self.customer)
