"""What people write down about an interaction: short, varied, in the customer's language."""

from __future__ import annotations

import numpy as np

from .chance import texts
from .products import CATEGORIES

# By kind, in the order call, email, message, visit, meeting: sentences in Chinese and in English.
_SUMMARIES = (
    (
        (
            "电话询问{goods}的交货期。",
            "回访上次的订单，客户对{goods}满意。",
            "客户比较{goods}的价格，希望再优惠。",
            "确认下月{goods}的需求量。",
            "客户反映{goods}有一箱包装破损。",
            "提醒付款，对方说本周安排。",
        ),
        (
            "Asked about the delivery time of the {goods}.",
            "Follow-up on the last order; happy with the {goods}.",
            "Compares prices of the {goods}, hopes for a better one.",
            "Confirmed next month's need of {goods}.",
            "One carton of {goods} arrived damaged.",
            "Reminded of the open invoice; payment promised this week.",
        ),
    ),
    (
        (
            "发送{goods}报价单。",
            "邮件发送{goods}的检测报告。",
            "发送新版价格表，重点介绍{goods}。",
            "确认订单变更：增加{goods}。",
        ),
        (
            "Sent a quote for {goods}.",
            "Sent the test report of the {goods}.",
            "Sent the new price list, with the {goods} marked.",
            "Confirmed the change of the order: more {goods}.",
        ),
    ),
    (
        ("微信告知{goods}已发货。", "微信询问{goods}库存。", "发送节日问候。", "微信发送{goods}使用视频。"),
        (
            "Told that the {goods} are on their way.",
            "Asked whether {goods} are in stock.",
            "Season's greetings.",
            "Sent the video on how to use the {goods}.",
        ),
    ),
    (
        (
            "上门拜访，现场演示{goods}。",
            "拜访采购与生产主管，了解{goods}的使用情况。",
            "现场处理{goods}的质量反馈。",
            "走访仓库，盘点{goods}库存并建议补货。",
            "拜访总经理，讨论明年合作计划。",
        ),
        (
            "Visit with a demonstration of the {goods} on site.",
            "Met purchasing and production about how the {goods} are used.",
            "Looked into a complaint about the {goods} on site.",
            "Walked through the store, counted {goods} and proposed what to reorder.",
            "Met the managing director about next year's plan.",
        ),
    ),
    (
        ("季度业务回顾，讨论{goods}份额。", "年度价格谈判，涉及{goods}。", "技术交流会：{goods}选型。"),
        (
            "Quarterly review; talked about our share in {goods}.",
            "Yearly price talks, {goods} among others.",
            "Technical meeting on which {goods} to choose.",
        ),
    ),
)
OUTCOMES = (
    ("已确认", "Confirmed"),
    ("待客户答复", "Waiting for an answer"),
    ("客户满意", "Satisfied"),
    ("需内部协调", "To be settled in the house"),
    ("暂无需求", "No need at present"),
    ("", ""),
    ("", ""),
)
NEXT_STEPS = (
    ("一周内回访", "Call back within a week"),
    ("发送报价", "Send a quote"),
    ("安排样品", "Arrange samples"),
    ("跟进付款", "Follow up the payment"),
    ("", ""),
    ("", ""),
    ("", ""),
)
_GOODS = [line.split(" ", 1) for category in CATEGORIES for line in category.lines]


def describe(random: np.random.Generator, kind: np.ndarray, chinese: np.ndarray) -> np.ndarray:
    """A sentence for every interaction of a kind (position), in Chinese where so marked, else in English."""
    goods = random.integers(0, len(_GOODS), len(kind)).tolist()
    pick = random.random(len(kind)).tolist()
    sentences = []
    for one, is_chinese, good, share in zip(kind.tolist(), chinese.tolist(), goods, pick, strict=True):
        choices = _SUMMARIES[one][0 if is_chinese else 1]
        word = _GOODS[good][0] if is_chinese else _GOODS[good][1].lower()
        sentences.append(choices[int(share * len(choices))].replace("{goods}", word))
    return texts(sentences)


_TASK_TITLES = {
    "silent": (("电话了解停购原因", "Call: why no order lately?"), ("安排拜访，确认需求", "Arrange a visit")),
    "declining": (("分析份额下降并约见决策人", "Find out where the volume went"),),
    "rising": (("推荐更多品类", "Propose further categories"), ("制定升级方案", "Plan the step up")),
    "won_back": (("回归后满意度回访", "Ask how the return went"),),
    "first_time": (("首单回访", "Call after the first order"), ("寄送欢迎资料", "Send the welcome pack")),
    "potential": (("首次电话联系", "First call"), ("寄送样品目录", "Send catalogue and samples")),
    "steady": (("季度回访", "Quarterly call"), ("更新联系人资料", "Bring the contacts up to date")),
}


def task_titles(random: np.random.Generator, fates: np.ndarray, chinese: np.ndarray) -> np.ndarray:
    """The title of a task that suits each customer's fate."""
    picks = random.random(len(fates)).tolist()
    titles = []
    for fate, is_chinese, pick in zip(fates, chinese, picks, strict=True):
        choices = _TASK_TITLES[fate]
        titles.append(choices[int(pick * len(choices))][0 if is_chinese else 1])
    return texts(titles)
