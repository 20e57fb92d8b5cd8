from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.kit.imports.targets import Choice, Field, Kind, Target, words


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task", "Open")
    DONE = "done", pgettext_lazy("task", "Done")
    DROPPED = "dropped", pgettext_lazy("task", "Dropped")


class InteractionKind(models.TextChoices):
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    EMAIL = "email", _("E-mail")
    MESSAGE = "message", _("Message")
    MEETING = "meeting", _("Meeting")
    LETTER = "letter", _("Letter")


IMPORTED_INTERACTIONS = Target(
    slug="interactions",
    label=_("Interactions"),
    description=_("Calls, visits and messages, with the minutes they took."),
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label=pgettext_lazy("record", "Number"),
            max_length=60,
            help=_("By this number rows find their interaction again; without it, by what they say."),
            synonyms=words("id, activity id, 编号"),
        ),
        Field(
            name="customer",
            label=_("Customer number"),
            required=True,
            lookup="customers",
            synonyms=words("customer, customer id, account id, 客户编号, 客户, 客戶編號"),
        ),
        Field(
            name="contact",
            label=_("Contact number"),
            lookup="contacts",
            synonyms=words("contact, contact id, 联系人编号"),
        ),
        Field(
            name="kind",
            label=_("Kind"),
            kind=Kind.CHOICE,
            synonyms=words("type, activity type, channel, 方式, 类型"),
            choices=(
                Choice("call", _("Call"), ("phone", "telephone", "电话", "電話")),
                Choice("visit", _("Visit"), ("拜访", "拜訪", "on site")),
                Choice("email", _("E-mail"), ("email", "mail", "邮件")),
                Choice("message", _("Message"), ("chat", "wechat", "微信", "短信")),
                Choice("meeting", _("Meeting"), ("会议", "會議")),
                Choice("letter", _("Letter"), ("post", "信函")),
            ),
        ),
        Field(
            name="at",
            label=_("When"),
            kind=Kind.MOMENT,
            required=True,
            synonyms=words("date, start, started at, created, 时间, 日期, 時間"),
        ),
        Field(
            name="minutes",
            label=_("Minutes spent"),
            kind=Kind.INTEGER,
            synonyms=words("duration, minutes, 时长, 分钟, 分鐘"),
        ),
        Field(
            name="user",
            label=_("Who"),
            lookup="users",
            help=_("The sign-in name of a user; without it, you."),
            synonyms=words("owner, user, sales rep, 业务员, 負責人"),
        ),
        Field(name="summary", label=_("What was said"), synonyms=words("notes, subject, body, 内容, 內容")),
        Field(name="outcome", label=_("Outcome"), synonyms=words("result, 结果, 結果")),
        Field(name="next_step", label=_("Next step"), synonyms=words("follow up, 下一步")),
    ),
)
