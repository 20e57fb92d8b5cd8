from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency, MoneyField
from clientier.core.search import SearchField
from clientier.core.trash import DAYS_KEPT
from clientier.rooms.people.choices import (
    Action,
    FieldRuleKind,
    Language,
    LinkPurpose,
    MapService,
    ReachChoice,
    Theme,
)


class Tree(models.Model):
    """A node below another of its kind; names are unique among all, so that imports can refer to them."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": _("A node cannot lie below itself.")})
            above = above.parent


class Team(Tree):
    class Meta(Tree.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")


class Territory(Tree):
    class Meta(Tree.Meta):
        verbose_name = _("territory")
        verbose_name_plural = _("territories")


class Role(models.Model):
    """A set of rights as data: what it reaches for each kind of record, and which fields it does not see."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    code = models.SlugField(_("code"), unique=True)
    is_administrator = models.BooleanField(
        _("administrator"),
        default=False,
        help_text=_("May do everything, and change settings, users and roles."),
    )
    second_factor_required = models.BooleanField(
        _("second factor required"),
        default=False,
        help_text=_("Whoever has none is led to set it up after signing in, and can do nothing else before."),
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return gettext(self.name)  # the roles delivered with the product are known to the catalogues


class Grant(models.Model):
    role = models.ForeignKey(Role, models.CASCADE, related_name="grants")
    record = models.CharField(_("kind of record"), max_length=80)
    action = models.CharField(_("action"), max_length=12, choices=Action.choices)
    reach = models.PositiveSmallIntegerField(_("reach"), choices=ReachChoice.choices)

    class Meta:
        verbose_name = _("right")
        verbose_name_plural = _("rights")
        constraints = (
            models.UniqueConstraint(fields=("role", "record", "action"), name="one_reach_a_right"),
        )

    def __str__(self) -> str:
        return f"{self.role}: {self.get_action_display()} {self.record}"


class FieldRule(models.Model):
    role = models.ForeignKey(Role, models.CASCADE, related_name="field_rules")
    record = models.CharField(_("kind of record"), max_length=80)
    field = models.CharField(_("field"), max_length=80)
    rule = models.CharField(_("rule"), max_length=8, choices=FieldRuleKind.choices)

    class Meta:
        verbose_name = _("field rule")
        verbose_name_plural = _("field rules")
        constraints = (models.UniqueConstraint(fields=("role", "record", "field"), name="one_rule_a_field"),)

    def __str__(self) -> str:
        return f"{self.role}: {self.record}.{self.field} {self.rule}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    SECRETS = ("password",)

    username = models.CharField(_("sign-in name"), max_length=80, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.ForeignKey(Role, models.PROTECT, related_name="users", verbose_name=_("role"))
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("territory")
    )
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    theme = models.CharField(_("appearance"), max_length=8, choices=Theme.choices, default=Theme.AUTO)
    minute_cost = MoneyField(
        _("cost per minute"), null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("In the base currency; empty means the company's rate. It prices visits, calls and cases."),
    )  # fmt: skip
    is_active = models.BooleanField(_("may sign in"), default=True)
    search = SearchField(texts=("name", "username", "email"), names=("name",))

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username


class Organisation(models.Model):
    """The company that runs this installation; there is exactly one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("company"), max_length=120, blank=True)
    base_currency = models.CharField(
        _("base currency"), max_length=3, choices=Currency.choices, default=Currency.CNY
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    trash_days = models.PositiveSmallIntegerField(
        _("days in the trash"), default=DAYS_KEPT,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("For so long a deleted record can be restored; then its values are erased."),
    )  # fmt: skip
    tax_rate = models.DecimalField(
        _("tax rate in percent"), max_digits=6, decimal_places=3, default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("That of products which name no other."),
    )  # fmt: skip
    map_service = models.CharField(
        _("map"), max_length=8, choices=MapService.choices, default=MapService.OPENSTREETMAP,
        help_text=_("Where places open. Nothing is sent there until somebody follows the link."),
    )  # fmt: skip
    sample_data = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="only_one_organisation"),)

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A key with which a program acts as its user; only a hash of it is kept."""

    OWNER_PATH = "user"

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("user"))
    name = models.CharField(_("what it is for"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name


class SignInLink(models.Model):
    """An address that lets its user choose a password, once and for a time; only a hash of it is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links", verbose_name=_("user"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=LinkPurpose.choices)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"))

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")
        constraints = (models.UniqueConstraint(fields=("user",), name="one_sign_in_link_a_user"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.get_purpose_display()}"
