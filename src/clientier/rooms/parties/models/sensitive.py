"""What is known of a person with their consent alone, what the company chose to keep, and who looked."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.personal import Personal
from clientier.rooms.parties.choices.privacy import CountedIn, LookReason, SensitiveKind, Through
from clientier.rooms.parties.models.consents import ACCOUNTABILITY
from clientier.rooms.parties.models.contacts import Contact
from clientier.rooms.parties.models.customers import Customer


class PrivacyRules(models.Model):
    """What the company keeps of persons with their consent, and how long it may take to answer them; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    keeps_identity_number = models.BooleanField(_("keep identity numbers"), default=False)
    keeps_health = models.BooleanField(_("keep facts on health"), default=False)
    keeps_religion = models.BooleanField(_("keep facts on religion"), default=False)
    keeps_politics = models.BooleanField(_("keep facts on politics"), default=False)
    keeps_family = models.BooleanField(_("keep facts on the family"), default=False)
    answer_within = models.PositiveSmallIntegerField(
        _("answer requests within"), default=30, validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("The GDPR gives a month; the PIPL says without delay, and many take 15 working days."),
    )  # fmt: skip
    counted_in = models.CharField(
        _("counted in"), max_length=12, choices=CountedIn.choices, default=CountedIn.DAYS
    )

    class Meta:
        verbose_name = _("rules of privacy")
        verbose_name_plural = _("rules of privacy")
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="only_one_rules_of_privacy"),)

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def keeps(self, kind: str) -> bool:
        """Whether an administrator has enabled this kind of fact."""
        return bool(getattr(self, f"keeps_{kind}"))


class SensitiveFact(models.Model):
    """One kind of sensitive fact of one person, encrypted; nobody has a right to these until it is granted.

    Nothing in the database ties it to the person: when the person is deleted it stays here, encrypted and out of
    every reach, until the person is restored or the trash is emptied. So no other place ever holds it.
    """

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    NEEDS_GRANT = True
    SECRETS = ("sealed", "index")
    PERSONAL = Personal(paths=("contact", "customer"), goes=True)

    customer = models.ForeignKey(
        Customer, models.DO_NOTHING, db_constraint=False, related_name="sensitive_facts",
        verbose_name=_("customer"),
    )  # fmt: skip
    contact = models.ForeignKey(
        Contact, models.DO_NOTHING, db_constraint=False, null=True, blank=True,
        related_name="sensitive_facts", verbose_name=_("contact"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=16, choices=SensitiveKind.choices)
    sealed = models.BinaryField(null=True, editable=False)
    index = models.BinaryField(null=True, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("sensitive fact")
        verbose_name_plural = _("sensitive facts")
        indexes = (
            models.Index(
                fields=("index",), condition=models.Q(index__isnull=False), name="sensitive_fact_found"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "contact", "kind"), nulls_distinct=False, name="one_fact_a_kind"
            ),
        )

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def about(self) -> str:
        """What the encrypted value is bound to."""
        person = f"contact {self.contact_id}" if self.contact_id else f"customer {self.customer_id}"
        return f"{person} {self.kind}"


class WithPersons(models.Manager["SensitiveLook"]):
    """Reads the person along; who was deleted since is nobody."""

    def get_queryset(self) -> models.QuerySet[SensitiveLook]:
        return super().get_queryset().select_related("customer", "contact")


class SensitiveLook(models.Model):
    """That somebody looked at a sensitive fact; the table refuses change and deletion.

    ``words`` are encrypted with the key of the person, and forgotten with them.
    """

    OWNER_PATH = "customer__owner"
    TERRITORY_PATH = "customer__territory"
    PERSONAL = Personal(
        paths=("contact", "customer"), why=ACCOUNTABILITY,
        kept=("at", "user_id", "user_name", "door", "kind", "reason", "words"),
    )  # fmt: skip

    at = models.DateTimeField(_("when"), auto_now_add=True)
    user_id = models.BigIntegerField(_("user number"), null=True)
    user_name = models.CharField(_("who"), max_length=200)
    door = models.CharField(_("door"), max_length=12, choices=Through.choices)
    customer = models.ForeignKey(
        Customer, models.DO_NOTHING, db_constraint=False, null=True, related_name="+",
        verbose_name=_("customer"),
    )  # fmt: skip
    contact = models.ForeignKey(
        Contact, models.DO_NOTHING, db_constraint=False, null=True, related_name="+",
        verbose_name=_("contact"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=16, choices=SensitiveKind.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=LookReason.choices)
    words = models.TextField(_("in words"), blank=True)

    objects = WithPersons()

    class Meta:
        verbose_name = _("look at a sensitive fact")
        verbose_name_plural = _("looks at sensitive facts")
        indexes = (
            models.Index(fields=("customer", "-id"), name="look_by_customer"),
            models.Index(fields=("-at", "-id"), name="look_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.user_name} · {self.get_kind_display()}"
