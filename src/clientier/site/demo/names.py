"""Invented names of companies and persons, put together from parts, in Chinese and in European languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from .places import City


class Name(NamedTuple):
    """A name as written, the same in Latin letters, and the word that addresses on the net are made of."""

    written: str
    latin: str
    slug: str


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(sign, sound) for sign, sound in re.findall(r"([一-鿿]+)([a-z]+)", text)]


_SURNAMES = _pairs(
    "王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun "
    "胡hu 朱zhu 高gao 林lin 何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie "
    "韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng 曹cao 袁yuan 邓deng 许xu 傅fu "
    "沈shen 曾zeng 彭peng 吕lv 苏su 卢lu 蒋jiang 蔡cai 贾jia 丁ding 魏wei 薛xue "
    "叶ye 阎yan 欧阳ouyang"
)
_GIVEN = _pairs(
    "伟wei 芳fang 娜na 敏min 静jing 丽li 强qiang 磊lei 洋yang 艳yan 勇yong 军jun "
    "杰jie 娟juan 涛tao 明ming 超chao 秀xiu 霞xia 平ping 刚gang 桂gui 文wen 辉hui "
    "玲ling 建jian 国guo 华hua 红hong 梅mei 鑫xin 宇yu 浩hao 欣xin 怡yi 佳jia "
    "雪xue 梦meng 琪qi 子zi 轩xuan 涵han 博bo 思si 远yuan 志zhi 海hai 晓xiao "
    "春chun 云yun 雨yu 晨chen 嘉jia 俊jun 婷ting 倩qian"
)
_BRAND = _pairs(
    "澄cheng 泓hong 翊yi 砚yan 骏jun 麒qi 瀚han 沐mu 朗lang 铭ming 岚lan 珏jue "
    "筑zhu 韬tao 岳yue 弘hong 钧jun 旌jing 棠tang 亘gen 济ji 融rong 锐rui 启qi "
    "晟sheng 禾he 川chuan 峰feng 拓tuo 晖hui 稷ji 湛zhan 越yue 帆fan 衡heng 楚chu "
    "榕rong 谷gu"
)
# The same signs in simplified and traditional writing, so that they serve Hong Kong too.
_BRAND_HONG_KONG = _pairs(
    "恒hang 信shun 和wo 永wing 昌cheong 宏wang 利lee 大tai 明ming 光kwong 安on 成shing 高ko 德tak"
)

_TRADE_CHINESE = {
    "manufacturing": [("机械", "Machinery"), ("精密制造", "Precision"), ("汽车零部件", "Auto Parts")],
    "construction": [("建筑工程", "Construction"), ("装饰工程", "Interiors")],
    "retail": [("商贸", "Trading"), ("连锁超市", "Stores"), ("五金", "Hardware")],
    "wholesale": [("贸易", "Trading"), ("供应链", "Supply Chain")],
    "hospitality": [("酒店管理", "Hotels"), ("餐饮", "Catering")],
    "healthcare": [("医疗器械", "Medical"), ("健康科技", "Health")],
    "education": [("教育科技", "Education"), ("职业培训", "Training")],
    "logistics": [("物流", "Logistics"), ("仓储服务", "Warehousing")],
    "electronics": [("电子科技", "Electronics"), ("光电", "Optics")],
    "food": [("食品", "Foods"), ("农产品", "Farm Produce")],
}
_LEGAL_CHINESE = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "(集团)有限公司")

_BRAND_START = """
Var Kest Bren Hol Tam Wes Mor Lind Gar Ost Fen Quil Har
Dun Pel Cor Elm Sten Ash Rav Thorn Vel Nor Brack Cald Wim
"""
_BRAND_END = """
nholt relby worth more sted bury wick lund field haven ridge mark ton dale gren hurst combe brook
"""
_TRADE_EUROPEAN = {
    "manufacturing": ["Engineering", "Machine Works", "Components", "Maschinenbau"],
    "construction": ["Builders", "Construction", "Bau"],
    "retail": ["Stores", "Hardware", "Home & Garden"],
    "wholesale": ["Trading", "Supply", "Distribution"],
    "hospitality": ["Hotels", "Catering"],
    "healthcare": ["Medical", "Care"],
    "education": ["Academy", "Training"],
    "logistics": ["Logistics", "Freight"],
    "electronics": ["Electronics", "Instruments"],
    "food": ["Foods", "Provisions"],
}
_LEGAL_EUROPEAN = {
    "DE": "GmbH",
    "FR": "SARL",
    "GB": "Ltd",
    "SE": "AB",
    "NL": "B.V.",
    "IT": "S.r.l.",
    "ES": "S.L.",
    "US": "Inc.",
    "CA": "Ltd.",
}
_FIRST_EUROPEAN = {
    "DE": "Anna Lukas Mia Jonas Lena Felix Sophie Paul Katrin Stefan Jürgen Birgit Uwe Heike",
    "FR": "Camille Louis Chloé Hugo Manon Arthur Élodie Julien Mathilde Thierry Sylvie Benoît",
    "GB": "Oliver Amelia Harry Isla George Freya Jack Poppy Alistair Gemma Nigel Fiona",
    "SE": "Elsa Oskar Maja Axel Astrid Nils Ingrid Björn Karin Anders",
    "NL": "Daan Sanne Bram Lotte Jeroen Femke Pieter Marieke",
    "IT": "Giulia Lorenzo Chiara Matteo Francesca Marco Paola Davide",
    "ES": "Lucía Hugo Martina Pablo Carmen Javier Núria Iñaki",
    "US": "Emma Liam Ava Noah Harper Mason Denise Tyler Monica Wyatt Jasmine Curtis",
    "CA": "Emily Logan Claire Owen Nathalie Ryan Heather Marc",
}
_LAST_EUROPEAN = {
    "DE": "Albers Brandt Dietrich Engel Hartwig Krüger Lehnert Neumann Ostermann Seidel Vogt Wiegand",
    "FR": "Aubert Blanchard Chevalier Delorme Fontaine Girard Lambert Morel Perrin Roussel Vasseur",
    "GB": "Ashdown Barlow Carver Dalton Fairley Hargrave Keswick Penrose Radcliffe Thorne Whitlock",
    "SE": "Bergström Dahl Ekman Forsberg Hedlund Lindqvist Nyberg Sandell",
    "NL": "Bakker de_Wit Hoekstra Kuipers van_Dam Verhoeven Visser",
    "IT": "Bellini Conti Ferraro Galli Marchetti Ricci Santoro",
    "ES": "Blanco Cortés Delgado Ferrer Molina Navarro Serrano",
    "US": "Abbott Brewster Calloway Dempsey Ellison Granger Holloway Maddox Prescott Sutton Whitaker",
    "CA": "Beaumont Drummond Fraser Gagnon Lavoie MacLeod Tremblay",
}


_T = TypeVar("_T")


class Namer:
    """Draws names; company names and their addresses on the net never repeat."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._taken: set[str] = set()

    def _pick(self, values: Sequence[_T]) -> _T:
        return values[int(self._random.random() * len(values))]

    def brand(self, country: str) -> Name:
        """A brand: two signs in China and Hong Kong, one word elsewhere."""
        if country in ("CN", "HK"):
            signs = _BRAND if country == "CN" else _BRAND_HONG_KONG
            (first, first_sound), (second, second_sound) = self._pick(signs), self._pick(signs)
            while second == first:
                second, second_sound = self._pick(signs)
            latin = (first_sound + second_sound).capitalize()
            return Name(first + second, latin, latin.lower())
        word = self._pick(_BRAND_START.split()) + self._pick(_BRAND_END.split())
        return Name(word, word, word.lower())

    def company(self, city: City, industry: str, brand: Name | None = None) -> Name:
        """A company of that city and industry, under the brand of its group or one of its own."""
        for _ in range(200):
            name = self._compose(city, industry, brand or self.brand(city.country))
            if name.written not in self._taken and name.slug not in self._taken:
                self._taken |= {name.written, name.slug}
                return name
        number = len(self._taken)
        return Name(f"{name.written} {number}", f"{name.latin} {number}", f"{name.slug}-{number}")

    def _compose(self, city: City, industry: str, brand: Name) -> Name:
        if city.country in ("CN", "HK"):
            trade, trade_latin = self._pick(_TRADE_CHINESE[industry])
            latin = f"{city.latin} {brand.latin} {trade_latin}"
            if city.country == "HK":
                legal_name = f"{brand.latin} {trade_latin} (Hong Kong) Limited"
                return Name(
                    legal_name, f"{brand.written}(香港)有限公司", slug_of(f"{brand.slug} {trade_latin} hk")
                )
            return Name(
                f"{city.name}{brand.written}{trade}{self._pick(_LEGAL_CHINESE)}", latin, slug_of(latin)
            )
        trade = self._pick(_TRADE_EUROPEAN[industry])
        written = f"{brand.written} {trade} {_LEGAL_EUROPEAN[city.country]}"
        place = f" {city.latin}" if self._random.random() < 0.3 else ""
        if place:
            written = f"{brand.written} {trade}{place} {_LEGAL_EUROPEAN[city.country]}"
        return Name(written, "", slug_of(f"{brand.slug} {trade}{place} {city.country}"))

    def person(self, country: str) -> Name:
        """A person of that country; persons may share a name, as they do."""
        if country == "CN" or (country == "HK" and self._random.random() < 0.5):
            surname, surname_sound = _SURNAMES[int(self._random.random() ** 2 * len(_SURNAMES))]
            given = [self._pick(_GIVEN) for _ in range(1 if self._random.random() < 0.3 else 2)]
            sounds = "".join(sound for _, sound in given)
            latin = f"{surname_sound.capitalize()} {sounds.capitalize()}"
            return Name(surname + "".join(sign for sign, _ in given), latin, f"{surname_sound}.{sounds}")
        country = "GB" if country == "HK" else country
        first = self._pick(_FIRST_EUROPEAN[country].split())
        last = self._pick(_LAST_EUROPEAN[country].split()).replace("_", " ")
        return Name(f"{first} {last}", "", slug_of(f"{first} {last}", joint="."))


def slug_of(text: str, joint: str = "-") -> str:
    """The text in small Latin letters, fit for a host name or a mailbox."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", joint, plain).strip(joint)
