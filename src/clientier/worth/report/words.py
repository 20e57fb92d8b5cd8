# ruff: noqa: E501 - a sentence a line, as translators read them
"""The words of the file report and of refusals on the command line, in English and Simplified Chinese.

The report stands alone (no Django, no catalogue), so its words live here; the web product words the same
codes itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from clientier.worth.refusals import TableRefused, WorthError

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Customer value",
        "as_of": "as of {day} · net profit of {days} days",
        "customers": "Customers in the pyramid",
        "net_profit": "Net profit",
        "revenue": "Revenue",
        "margin": "Gross margin",
        "cost_to_serve": "Cost to serve",
        "cost": "Cost of goods",
        "key_share": "Key customers (top {share}) bring",
        "below_zero": "Below zero",
        "below_zero_cost": "costing {amount}",
        "lost": "Lost",
        "warned": "Warnings",
        "at_risk": "{amount} at risk",
        "pyramid": "Customers by tier",
        "profit_pyramid": "Net profit by tier",
        "tier1": "Important", "tier2": "Major", "tier3": "Ordinary", "tier4": "Small", "tier0": "Outside",
        "whale": "Whale curve: cumulative net profit, customers from best to worst",
        "peak": "{customers} customers bring {amount}",
        "total": "{amount} in the end",
        "whale_text": "{good} customers earn {peak}; {bad} lose {loss}. Top 20 % hold {share} of revenue; Gini {gini}.",
        "whale_text_all": "{good} customers earn {peak}; none loses. Top 20 % hold {share} of revenue; Gini {gini}.",
        "tiers": "Tiers", "number": "Customers", "aim": "Aim", "share": "Share",
        "best": "Customers that carry the business",
        "worst": "Customers that cost more than they bring",
        "risers": "Rising",
        "warnings": "Early warnings",
        "none": "None.",
        "customer": "Customer", "tier": "Tier", "purchases": "Purchases", "last_purchase": "Last purchase",
        "active": "Buys within 90 days", "clv": "Lifetime value", "change": "Change", "reason": "Reason",
        "gap": "To next tier", "health": "Health", "risk": "At risk",
        "alert.silence": "No purchase for {recency_days} days; usually within {gap_limit_days}",
        "alert.activity_drop": "Probability of buying within {horizon_days} days fell from {then} to {now}",
        "alert.purchases_falling": "{now} purchase days, {before} in the period before",
        "alert.below_zero": "Costs more than it brings",
        "lifecycle": "Lifecycle",
        "class.non_customer": "Non-customer", "class.potential": "Potential", "class.target": "Target",
        "class.first_time": "First-time", "class.repeat": "Repeat", "class.loyal": "Loyal", "class.lost": "Lost",
        "facts": "Models and evidence",
        "purchase_model": "Purchases",
        "purchase_facts": "{name}, r {r}, α {alpha} days, a {a}, b {b}; log-likelihood {ll}; {n} customers, {repeat} with repeat purchases",
        "spend_model": "Spend",
        "spend_gamma_gamma": "Gamma-Gamma, p {p}, q {q}, γ {gamma}; {n} customers with repeat spend",
        "spend_shrunken_mean": "Own mean drawn to the mean of all; {n} customers with repeat spend",
        "evidence": "Evidence",
        "evidence.data": "Fitted on these data alone.",
        "evidence.prior_and_data": "Fitted with a weak prior, because {reason}. Read probabilities as an order, not as a promise.",
        "evidence.prior": "Not fitted: no customer has bought twice. Probabilities are assumptions.",
        "fallback.few_repeat_customers": "few customers have bought twice",
        "fallback.degenerate_fit": "the data alone leave the parameters open (purchases are more regular or departures rarer than the model expects)",
        "fallback.spend_depends_on_frequency": "spend depends on frequency",
        "holdout": "Check against history",
        "holdout_facts": "Asked {days} days earlier, the model would have expected {expected} purchases of {n} customers; {actual} came; the past rate alone would have said {naive}. Of two customers it puts the one who buys first in {ranking} of cases (recency alone: {naive_ranking}).",
        "holdout_none": "The history is too short to hold a part of it back.",
        "data": "Data and reconciliation",
        "rows": "Order lines", "rows_facts": "{used} of {all} used",
        "aside": "Set aside",
        "aside.customer_missing": "{rows} without a customer", "aside.after_as_of": "{rows} after the day as of",
        "aside.cancellation": "{rows} cancellations", "aside.cancelled_order": "{rows} of cancelled orders",
        "checks": "Checks", "checks_ok": "{n} sums agree to the last digit", "checks_bad": "{n} sums do not agree: {names}",
        "columns": "Columns read",
        "notice.no_cost_of_goods": "No cost of goods was given: margin equals revenue.",
        "notice.month_before_day_assumed": "In {column}, month and day could be either way round; month first was assumed.",
        "notice.minutes_without_rate": "{rows} entries of time are not costed: the policy has no cost per minute.",
        "rules": "Rules",
        "definitions": "What the words mean",
        "define.net_profit": "Revenue net of tax and discount, minus cost of goods, minus freight and every cost to serve.",
        "define.tier": "Rank by net profit: {shares}. Equal profits share a place; a customer without profit is never key; who is lost and moved no money in the period is outside.",
        "define.active": "Probability of at least one purchase in the next 90 days. Not the same as still being a customer.",
        "define.clv": "Expected profit of the next {months} months, discounted at {rate} a year. An expectation, not a forecast of one customer: single customers scatter widely around it.",
        "define.lost": "Probability of buying within {days} days below {share}.",
        "define.whale": "Where the curve falls, customers lose what others earned.",
        "made_by": "Made by Clientier from files alone; nothing left this computer.",
        "refused": "{table}{place}: {what}{hint}", "place_row": " row {row}", "place_column": " column “{column}”",
        "more": " ({n} rows alike)", "hint": "; {hint}",
        "table.orders": "orders", "table.costs": "costs", "table.customers": "customers",
    },
    "zh": {
        "title": "客户价值",
        "as_of": "截至 {day} · 过去 {days} 天净利润",
        "customers": "金字塔内客户",
        "net_profit": "净利润",
        "revenue": "收入",
        "margin": "毛利",
        "cost_to_serve": "服务成本",
        "cost": "成本",
        "key_share": "关键客户（前 {share}）贡献",
        "below_zero": "负值客户",
        "below_zero_cost": "吃掉 {amount}",
        "lost": "流失客户",
        "warned": "预警",
        "at_risk": "涉及 {amount}",
        "pyramid": "各层客户数",
        "profit_pyramid": "各层净利润（倒金字塔）",
        "tier1": "重要", "tier2": "主要", "tier3": "普通", "tier4": "小客户", "tier0": "未入塔",
        "whale": "鲸鱼曲线：客户由好到差的累计净利润",
        "peak": "{customers} 个客户贡献 {amount}",
        "total": "最终 {amount}",
        "whale_text": "{good} 个客户赚得 {peak}，{bad} 个客户亏掉 {loss}。前 20% 客户占收入 {share}；基尼系数 {gini}。",
        "whale_text_all": "{good} 个客户赚得 {peak}，无人亏损。前 20% 客户占收入 {share}；基尼系数 {gini}。",
        "tiers": "层级", "number": "客户数", "aim": "标准", "share": "占比",
        "best": "支撑业务的客户",
        "worst": "入不敷出的客户",
        "risers": "上升中的客户",
        "warnings": "预警",
        "none": "没有。",
        "customer": "客户", "tier": "层级", "purchases": "购买次数", "last_purchase": "最近购买",
        "active": "90 天内购买概率", "clv": "客户终身价值", "change": "变化", "reason": "原因",
        "gap": "距上一层", "health": "健康度", "risk": "涉及金额",
        "alert.silence": "{recency_days} 天未购买；通常在 {gap_limit_days} 天之内",
        "alert.activity_drop": "{horizon_days} 天内购买概率由 {then} 降至 {now}",
        "alert.purchases_falling": "购买 {now} 天，上一期 {before} 天",
        "alert.below_zero": "入不敷出",
        "lifecycle": "客户类别",
        "class.non_customer": "非客户", "class.potential": "潜在客户", "class.target": "目标客户",
        "class.first_time": "初次购买客户", "class.repeat": "重复购买客户", "class.loyal": "忠诚客户", "class.lost": "流失客户",
        "facts": "模型与依据",
        "purchase_model": "购买",
        "purchase_facts": "{name}，r {r}，α {alpha} 天，a {a}，b {b}；对数似然 {ll}；{n} 个客户，其中 {repeat} 个重复购买",
        "spend_model": "金额",
        "spend_gamma_gamma": "Gamma-Gamma，p {p}，q {q}，γ {gamma}；{n} 个客户有重复消费",
        "spend_shrunken_mean": "以全体均值收缩的个人均值；{n} 个客户有重复消费",
        "evidence": "依据",
        "evidence.data": "仅由本数据拟合。",
        "evidence.prior_and_data": "拟合时加入弱先验：{reason}。概率宜看次序，不宜当作承诺。",
        "evidence.prior": "没有客户购买两次，未能拟合；概率只是假设。",
        "fallback.few_repeat_customers": "重复购买的客户太少",
        "fallback.degenerate_fit": "仅凭数据无法确定参数（购买比模型设想更规律，或流失更少）",
        "fallback.spend_depends_on_frequency": "金额与频次相关",
        "holdout": "历史检验",
        "holdout_facts": "若在 {days} 天前预测，模型预期 {n} 个客户购买 {expected} 次，实际 {actual} 次；仅按过去频率推算为 {naive} 次。任取两个客户，模型把会购买的排在前面的比例为 {ranking}（仅看最近购买：{naive_ranking}）。",
        "holdout_none": "历史太短，无法留出一段作检验。",
        "data": "数据与核对",
        "rows": "订单明细", "rows_facts": "共 {all} 行，使用 {used} 行",
        "aside": "搁置",
        "aside.customer_missing": "{rows} 行没有客户", "aside.after_as_of": "{rows} 行晚于截止日",
        "aside.cancellation": "{rows} 行取消", "aside.cancelled_order": "{rows} 行属于已取消订单",
        "checks": "核对", "checks_ok": "{n} 项合计完全一致", "checks_bad": "{n} 项合计不一致：{names}",
        "columns": "读取的列",
        "notice.no_cost_of_goods": "未提供成本：毛利等于收入。",
        "notice.month_before_day_assumed": "“{column}”列的月日次序不明，按月在前处理。",
        "notice.minutes_without_rate": "{rows} 条工时未计成本：规则中没有每分钟成本。",
        "rules": "规则",
        "definitions": "名词解释",
        "define.net_profit": "不含税、折扣后的收入，减成本，减运费及各项服务成本。",
        "define.tier": "按净利润排名：{shares}。利润相同者名次相同；没有利润的客户不会成为关键客户；已流失且本期没有往来的客户不在塔内。",
        "define.active": "未来 90 天内至少购买一次的概率，与“仍是客户”不是一回事。",
        "define.clv": "未来 {months} 个月的期望利润，按年 {rate} 折现。这是期望值，单个客户会有很大出入。",
        "define.lost": "{days} 天内购买的概率低于 {share}。",
        "define.whale": "曲线下降之处，客户亏掉别人赚来的钱。",
        "made_by": "由 Clientier 仅凭文件生成，数据没有离开这台电脑。",
        "refused": "{table}{place}：{what}{hint}", "place_row": " 第 {row} 行", "place_column": "“{column}”列",
        "more": "（共 {n} 行）", "hint": "；{hint}",
        "table.orders": "订单表", "table.costs": "费用表", "table.customers": "客户表",
    },
}  # fmt: skip

REASONS: Mapping[str, tuple[str, str]] = {
    "file_not_found": ("no such file: {value}", "找不到文件：{value}"),
    "file_not_readable": ("{value} cannot be read", "无法读取 {value}"),
    "spreadsheet_not_readable": (
        "{value}: spreadsheets are read one at a time",
        "{value}：电子表格一次只能读一个",
    ),
    "column_missing": ("column “{column}” is missing", "缺少“{column}”列"),
    "unknown_column_name": ("“{column}” is not a column that can be mapped", "“{column}”不是可以对应的列"),
    "no_columns": ("the table has no columns", "表中没有列"),
    "columns_not_readable": ("the columns cannot be read", "无法读取各列"),
    "amounts_too_large": ("the amounts are too large to add up", "金额过大，无法相加"),
    "columns_of_unequal_length": ("columns differ in length", "各列长度不一"),
    "no_orders": ("there are no order lines", "没有订单明细"),
    "not_an_amount": ("“{value}” is not an amount", "“{value}”不是金额"),
    "not_a_number": ("“{value}” is not a number", "“{value}”不是数字"),
    "not_a_day": (
        "“{value}” is not a date in the form of the other rows",
        "“{value}”不是日期，或与其他行格式不同",
    ),
    "value_missing": ("the cell is empty", "单元格为空"),
    "unknown_kind": ("“{value}” is not a known kind", "“{value}”不是已知的类型"),
    "return_not_negative": ("a return has a positive amount", "退货金额为正"),
    "line_repeated": ("this line occurs more than once", "该行重复出现"),
    "customer_repeated": ("this customer occurs more than once", "该客户重复出现"),
    "unknown_setting": ("the policy has no setting “{setting}”", "规则中没有“{setting}”"),
    "setting_of_wrong_type": ("the setting “{setting}” cannot be {value!r}", "“{setting}”不能是 {value!r}"),
    "setting_out_of_range": ("the setting “{setting}” cannot be {value!r}", "“{setting}”不能是 {value!r}"),
    "output_format": ("{value}: choose one of {hint}", "{value}：请选择 {hint}"),
}
HINTS: Mapping[str, tuple[str, str]] = {
    "check_path": ("check the path, or put the glob in quotes", "请检查路径，通配符请加引号"),
    "give_columns": ("give at least customer, day and amount", "至少需要客户、日期、金额"),
    "same_length": ("every column needs one entry a row", "每列每行都要有一个值"),
    "one_spreadsheet": ("save them as CSV to read several", "多个文件请另存为 CSV"),
    "give_as_of": ("give the day with --as-of", "请用 --as-of 指定日期"),
    "amount_example": ("write it like 1234.56", "写成 1234.56 的形式"),
    "day_example": ("write it like 2026-03-31", "写成 2026-03-31 的形式"),
    "fill_or_remove_row": ("fill it in or remove the row", "请填写或删除该行"),
    "amount_or_minutes": ("give an amount or minutes", "请填写金额或分钟"),
    "returns_are_negative": ("returns carry negative amounts", "退货金额应为负数"),
    "remove_repeated_lines": ("remove the repetition", "请删除重复行"),
    "one_row_per_customer": ("keep one row a customer", "每个客户只留一行"),
}


def say(language: str, key: str, /, **values: object) -> str:
    """The words for a key, with the values filled in."""
    return WORDS[language][key].format(**values)


def say_refusal(error: WorthError, language: str) -> str:
    """A refusal as a sentence: where, what, and what to do."""
    second = 1 if language == "zh" else 0
    reason = (
        REASONS[error.code][second].format(**{"hint": "", **error.values})
        if error.code in REASONS
        else str(error)
    )
    if not isinstance(error, TableRefused):
        return reason
    place = say(language, "place_row", row=f"{error.row:,}") if error.row else ""
    if error.column and error.row:
        place += say(language, "place_column", column=error.column)
    if error.rows_affected and error.rows_affected > 1:
        reason += say(language, "more", n=f"{error.rows_affected:,}")
    hint = HINTS[error.hint][second] if error.hint in HINTS else _listed(error, second)
    return say(
        language,
        "refused",
        table=say(language, f"table.{error.table}"),
        place=place,
        what=reason,
        hint=say(language, "hint", hint=hint) if hint else "",
    )


def _listed(error: TableRefused, second: int) -> str:
    if not error.hint:
        return ""
    if error.reason == "column_missing":
        said = (
            "the table has: {names}; use --map {column}=HEADING",
            "表中有：{names}；可用 --map {column}=列名",
        )
        return said[second].format(names=error.hint, column=error.column)
    if error.reason == "unknown_kind":
        return ("one of {names}", "可用：{names}")[second].format(names=error.hint)
    return error.hint
