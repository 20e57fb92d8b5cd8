"""Countries as people and files write them, known by their two letters; what is not known stays as it is."""

from __future__ import annotations

_NAMES = """
CN: China, PRC, Mainland China, People's Republic of China, CHN, 中国, 中國, 中华人民共和国, 中國大陸, 中国大陆
TW: Taiwan, TWN, 台湾, 台灣, 臺灣, 中国台湾
HK: Hong Kong, HKG, 香港, 中国香港
MO: Macau, Macao, MAC, 澳门, 澳門, 中国澳门
US: United States, United States of America, USA, America, 美国, 美國
GB: United Kingdom, Great Britain, UK, GBR, England, Scotland, Wales, 英国, 英國
DE: Germany, Deutschland, DEU, 德国, 德國
FR: France, FRA, 法国, 法國
IT: Italy, Italia, ITA, 意大利, 義大利
ES: Spain, España, ESP, 西班牙
PT: Portugal, PRT, 葡萄牙
NL: Netherlands, The Netherlands, Nederland, Holland, NLD, 荷兰, 荷蘭
BE: Belgium, België, Belgique, BEL, 比利时, 比利時
LU: Luxembourg, LUX, 卢森堡, 盧森堡
AT: Austria, Österreich, AUT, 奥地利, 奧地利
CH: Switzerland, Schweiz, Suisse, CHE, 瑞士
SE: Sweden, Sverige, SWE, 瑞典
NO: Norway, Norge, NOR, 挪威
DK: Denmark, Danmark, DNK, 丹麦, 丹麥
FI: Finland, Suomi, FIN, 芬兰, 芬蘭
IE: Ireland, Éire, IRL, 爱尔兰, 愛爾蘭
PL: Poland, Polska, POL, 波兰, 波蘭
CZ: Czechia, Czech Republic, Česko, CZE, 捷克
SK: Slovakia, Slovensko, SVK, 斯洛伐克
HU: Hungary, Magyarország, HUN, 匈牙利
RO: Romania, România, ROU, 罗马尼亚, 羅馬尼亞
BG: Bulgaria, BGR, 保加利亚, 保加利亞
GR: Greece, GRC, 希腊, 希臘
TR: Turkey, Türkiye, TUR, 土耳其
RU: Russia, Russian Federation, RUS, 俄罗斯, 俄羅斯
UA: Ukraine, UKR, 乌克兰, 烏克蘭
JP: Japan, JPN, 日本
KR: South Korea, Korea, Republic of Korea, KOR, 韩国, 韓國
SG: Singapore, SGP, 新加坡
MY: Malaysia, MYS, 马来西亚, 馬來西亞
TH: Thailand, THA, 泰国, 泰國
VN: Vietnam, Viet Nam, VNM, 越南
ID: Indonesia, IDN, 印度尼西亚, 印尼
PH: Philippines, PHL, 菲律宾, 菲律賓
IN: India, IND, 印度
AE: United Arab Emirates, UAE, ARE, 阿联酋, 阿聯酋
SA: Saudi Arabia, SAU, 沙特阿拉伯, 沙烏地阿拉伯
IL: Israel, ISR, 以色列
ZA: South Africa, ZAF, 南非
EG: Egypt, EGY, 埃及
AU: Australia, AUS, 澳大利亚, 澳洲, 澳大利亞
NZ: New Zealand, NZL, 新西兰, 紐西蘭
CA: Canada, CAN, 加拿大
MX: Mexico, México, MEX, 墨西哥
BR: Brazil, Brasil, BRA, 巴西
AR: Argentina, ARG, 阿根廷
CL: Chile, CHL, 智利
CO: Colombia, COL, 哥伦比亚, 哥倫比亞
"""
_BY_NAME = {
    name.strip().casefold(): region
    for region, names in (line.split(":", 1) for line in _NAMES.strip().splitlines())
    for name in (region, *names.split(","))
}


def region_of(country: str) -> str:
    """The two letters of a country (ISO 3166) written in whatever way; empty where it is not known."""
    return _BY_NAME.get(country.strip().rstrip(".").casefold(), "")
