"""Refusals on the command line as sentences, in English and Simplified Chinese; the web product words the same
codes itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from clientier.worth.refusals import TableRefused, WorthError
from clientier.worth.report.words import say

STATE_OF_ANOTHER_VERSION = (
    "the state was made by another version; name a new folder with --state and give all lines",
    "该状态由另一版本生成；请用 --state 指定新文件夹并提供全部明细",
)
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
    "rate_repeated": ("this currency has two rates for one day", "同一币种在同一天有两个汇率"),
    "not_above_zero": ("“{value}” is not above zero", "“{value}”必须大于零"),
    "base_currency_missing": ("amounts are in several currencies ({value})", "金额有多种币种（{value}）"),
    "currency_without_rate": ("there is no rate for {value}", "没有 {value} 的汇率"),
    "capacity_overlaps": ("this role has two capacities for the same days", "同一岗位在同一时段有两份产能"),
    "ends_before_it_begins": ("the span ends before it begins", "结束日期早于开始日期"),
    "not_a_share": ("“{value}” is not a share from 0 to 1", "“{value}”不是 0 到 1 之间的份额"),
    "not_yes_or_no": ("“{value}” is neither yes nor no", "“{value}”既不是“是”也不是“否”"),
    "dates_out_of_order": ("{value} does not lie before the later day", "{value} 不早于后一日期"),
    "unknown_setting": ("the policy has no setting “{setting}”", "规则中没有“{setting}”"),
    "setting_of_wrong_type": ("the setting “{setting}” cannot be {value!r}", "“{setting}”不能是 {value!r}"),
    "setting_out_of_range": ("the setting “{setting}” cannot be {value!r}", "“{setting}”不能是 {value!r}"),
    "not_scores": ("{value} does not hold the scores of a run ({hint})", "{value} 不是评分结果（{hint}）"),
    "history_too_short": (
        "the history of {days} days is too short to hold a part of it back; {needed} are needed",
        "历史只有 {days} 天，不足以留出一段作检验；至少需要 {needed} 天",
    ),
    "few_customers": (
        "only {customers} customers were known at the days asked; {needed} are needed",
        "检验时只有 {customers} 个客户；至少需要 {needed} 个",
    ),
    "unknown_change": ("“{change}” cannot be asked", "不能假设“{change}”"),
    "change_of_wrong_type": ("{change} cannot be read ({value})", "无法读取 {change}（{value}）"),
    "change_out_of_range": ("{change} cannot be {value!r}", "{change} 不能是 {value!r}"),
    "output_format": ("{value}: choose one of {hint}", "{value}：请选择 {hint}"),
    # scoring from a state
    "type_not_for_state": (
        "column “{column}” is of type {value}, which no state takes",
        "“{column}”列的类型是 {value}，状态无法读取",
    ),
    "column_has_gaps": ("column “{column}” has empty cells", "“{column}”列有空单元格"),
    "lines_repeated": (
        "column “{column}” names {value} lines more than once",
        "“{column}”列中有 {value} 行重复出现",
    ),
    "cancellation_in_state": (
        "a state cannot take back lines, and these hold cancellations",
        "状态无法撤回明细，而这些明细含有取消",
    ),
    "currency_in_state": (
        "“{value}” is not the base currency, and a state converts nothing",
        "“{value}”不是本位币，状态不作换算",
    ),
    "history_needed": (
        "{customers} customers have sales before the last one that the state knows; give all lines with "
        "--history",
        "{customers} 个客户有早于状态中最后一次购买的销售；请用 --history 提供全部明细",
    ),
    "history_incomplete": (
        "--history lacks lines that the state knows of {customers} customers; give all lines, new ones too",
        "--history 缺少状态已知的 {customers} 个客户的明细；请提供全部明细，包括新明细",
    ),
    "window_not_kept": (
        "the state does not keep the last {days} days; give all lines with --history",
        "状态没有保留最近 {days} 天；请用 --history 提供全部明细",
    ),
    "gaps_not_kept": (
        "the state does not keep gaps between purchases; give all lines with --history",
        "状态没有保存购买间隔；请用 --history 提供全部明细",
    ),
    "as_of_before_state": (
        "the lines reach {reached}, and --as-of cannot lie before that",
        "明细已到 {reached}，--as-of 不能更早",
    ),
    "state_in_use": ("another run is folding into {folder}", "另一次运行正在写入 {folder}"),
    "schema_changed": STATE_OF_ANOTHER_VERSION,
    "definition_changed": STATE_OF_ANOTHER_VERSION,
    "state_has_names": (
        "the state names its customers by text, and these lines by number",
        "状态用文本标识客户，而这些明细用数字",
    ),
    "state_has_numbers": (
        "the state names its customers by whole numbers, and these lines by text; make a state anew from all lines",
        "状态用整数标识客户，而这些明细用文本；请用全部明细重建状态",
    ),
    "batch_partly_folded": (
        "these were folded before, others of the batch were not: {batches}",
        "其中一部分已并入状态：{batches}",
    ),
    "values_missing": ("{lines} lines have no {column}", "{lines} 行缺少 {column}"),
    "column_not_whole": ("column “{column}” is not whole ({found})", "“{column}”列不是整数（{found}）"),
    "engine_unknown": ("--engine takes {hint}, not {value!r}", "--engine 可用 {hint}，而不是 {value!r}"),
    "engine_not_installed": (
        "--engine {value} needs packages that are not installed: pip install {hint}",
        "--engine {value} 缺少软件包：pip install {hint}",
    ),
    "engine_unreachable": ("no Spark answers at {value} ({hint})", "{value} 没有 Spark 响应（{hint}）"),
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
    "rate_example": ("write it like 7.1234", "写成 7.1234 的形式"),
    "share_example": ("write it like 0.4", "写成 0.4 的形式"),
    "minutes_example": ("write practical minutes, such as 96000", "请填写实际可用分钟数，如 96000"),
    "one_rate_a_day": ("keep one rate a currency and day", "每个币种每天只留一个汇率"),
    "one_span_a_role": ("keep one span a role and day", "每个岗位同一时段只留一份"),
    "set_base_currency": ("set base_currency in the policy", "请在规则中设定 base_currency"),
    "give_rates": ("give a table of rates, or a rate on the row", "请提供汇率表，或在该行填写汇率"),
    "give_lines": ("give lines to fold", "请提供明细"),
    "typed_columns": (
        "write amounts as numbers and days as dates without time zone, or score without --state",
        "请把金额写成数字、日期写成不带时区的日期，或不用 --state",
    ),
    "leave_out_cancelled": (
        "leave them and the lines they cancel out, or score without --state",
        "请去掉取消及被取消的明细，或不用 --state",
    ),
    "base_currency_only": (
        "give amounts in base_currency of the policy, or score without --state",
        "请提供规则中 base_currency 的金额，或不用 --state",
    ),
    "one_row_per_customer": ("keep one row a customer", "每个客户只留一行"),
}


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
