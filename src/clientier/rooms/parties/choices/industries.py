"""The industries that companies are sorted by; another may be written as it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from django.utils import translation
from django.utils.translation import pgettext_lazy

from clientier.core.coded import CodedField

INDUSTRIES = {
    "agriculture": pgettext_lazy("industry", "Agriculture"),
    "mining": pgettext_lazy("industry", "Mining and raw materials"),
    "energy": pgettext_lazy("industry", "Energy and utilities"),
    "manufacturing": pgettext_lazy("industry", "Manufacturing"),
    "machinery": pgettext_lazy("industry", "Machinery"),
    "electronics": pgettext_lazy("industry", "Electronics"),
    "automotive": pgettext_lazy("industry", "Automotive"),
    "chemicals": pgettext_lazy("industry", "Chemicals"),
    "pharma": pgettext_lazy("industry", "Pharmaceuticals and biotechnology"),
    "food": pgettext_lazy("industry", "Food and beverages"),
    "textiles": pgettext_lazy("industry", "Textiles and apparel"),
    "construction": pgettext_lazy("industry", "Construction"),
    "wholesale": pgettext_lazy("industry", "Wholesale"),
    "retail": pgettext_lazy("industry", "Retail"),
    "logistics": pgettext_lazy("industry", "Transport and logistics"),
    "hospitality": pgettext_lazy("industry", "Hotels and restaurants"),
    "software": pgettext_lazy("industry", "Software and IT services"),
    "telecom": pgettext_lazy("industry", "Telecommunications"),
    "media": pgettext_lazy("industry", "Media and entertainment"),
    "finance": pgettext_lazy("industry", "Banking and finance"),
    "insurance": pgettext_lazy("industry", "Insurance"),
    "property": pgettext_lazy("industry", "Real estate"),
    "consulting": pgettext_lazy("industry", "Consulting and business services"),
    "engineering": pgettext_lazy("industry", "Engineering"),
    "healthcare": pgettext_lazy("industry", "Healthcare"),
    "education": pgettext_lazy("industry", "Education"),
    "government": pgettext_lazy("industry", "Public sector"),
    "charity": pgettext_lazy("industry", "Non-profit"),
}
# As other systems' exports have them, in capitals or not.
ALSO = {
    "agriculture": "farming|forestry|农林牧渔业|农业|農業",
    "mining": "mining & metals|metals|oil & gas|采矿业|采矿",
    "energy": "utilities|oil & energy|电力|电力、热力、燃气及水生产和供应业",
    "manufacturing": "industrial|industry|制造|製造|生产制造",
    "machinery": "mechanical engineering|industrial machinery|机械制造",
    "electronics": "electrical/electronic manufacturing|semiconductors|consumer electronics|电子|电子制造",
    "chemicals": "chemical|化学|化學",
    "pharma": "biotechnology|pharmaceuticals|医药|生物医药",
    "food": "food & beverage|food & beverages|food production|食品|食品加工",
    "textiles": "apparel|apparel & fashion|textile|纺织|服装|纺织业",
    "construction": "building|建筑|建筑业|建筑施工|營造業",
    "wholesale": "distribution|wholesale trade|trading|批发业|贸易|批发和零售业",
    "retail": "retail trade|consumer|零售业|零售業",
    "logistics": "transportation|shipping|transport|logistics and supply chain|物流|交通运输|运输",
    "hospitality": "restaurants|recreation|hotels|餐饮|酒店|住宿和餐饮业",
    "software": "technology|computer software|information technology and services|internet|it|互联网|信息技术|软件",
    "telecom": "communications|telecommunications|通信|电信",
    "media": "entertainment|broadcasting|传媒|文化娱乐",
    "finance": "banking|financial services|finance|金融业|银行|金融業",
    "property": "real estate|房地产业|不動產",
    "consulting": "professional services|management consulting|business services|咨询|商务服务",
    "healthcare": "hospital & health care|health care|medical|医疗|医疗卫生",
    "education": "higher education|e-learning|教育培训|培训",
    "government": "government administration|public administration|政府|公共管理",
    "charity": "not for profit|nonprofit organization management|ngo|公益|社会组织",
}  # fmt: skip


class IndustryField(CodedField):
    """An industry of the list, or another."""

    slug = "industries"

    @classmethod
    def in_language(cls, language: str) -> Mapping[str, str]:
        return _named(language)

    @classmethod
    def spellings(cls) -> Iterator[tuple[str, str]]:
        for code, words in ALSO.items():
            yield from ((each, code) for each in words.split("|"))


@cache
def _named(language: str) -> Mapping[str, str]:
    with translation.override(language):
        return {code: str(name) for code, name in INDUSTRIES.items()}
