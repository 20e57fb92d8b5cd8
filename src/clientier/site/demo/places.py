"""Where customers live: real cities with their coordinates, postcodes, territories and telephone ranges."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .chance import texts


class City(NamedTuple):
    """A city; `latin` names it in Latin letters, `weight` is how many customers it has beside the others."""

    name: str
    latin: str
    region: str
    country: str
    territory: str
    latitude: float
    longitude: float
    postcode: str
    landline: str
    weight: float


# Landline ranges end with digits that regulators keep for drama (United Kingdom, Germany, France, Sweden,
# North America) or that are plausibly unused (a 5550 exchange); three or four digits follow.
_CITIES = """
上海|Shanghai|上海市|CN|cn-shanghai|31.2304|121.4737|2000##|+86 21 5550 ####|16
南京|Nanjing|江苏省|CN|cn-jiangsu|32.0603|118.7969|2100##|+86 25 5550 ####|6
苏州|Suzhou|江苏省|CN|cn-jiangsu|31.2989|120.5853|2150##|+86 512 5550 ####|9
无锡|Wuxi|江苏省|CN|cn-jiangsu|31.4912|120.3119|2140##|+86 510 8555 ####|4
杭州|Hangzhou|浙江省|CN|cn-zhejiang|30.2741|120.1551|3100##|+86 571 8555 ####|8
宁波|Ningbo|浙江省|CN|cn-zhejiang|29.8683|121.5440|3150##|+86 574 8555 ####|5
合肥|Hefei|安徽省|CN|cn-anhui|31.8206|117.2272|2300##|+86 551 6555 ####|3
北京|Beijing|北京市|CN|cn-beijing|39.9042|116.4074|1000##|+86 10 5550 ####|11
天津|Tianjin|天津市|CN|cn-tianjin|39.3434|117.3616|3000##|+86 22 5550 ####|4
济南|Jinan|山东省|CN|cn-shandong|36.6512|117.1201|2500##|+86 531 8555 ####|3
青岛|Qingdao|山东省|CN|cn-shandong|36.0671|120.3826|2660##|+86 532 8555 ####|4
沈阳|Shenyang|辽宁省|CN|cn-liaoning|41.8057|123.4315|1100##|+86 24 5550 ####|3
广州|Guangzhou|广东省|CN|cn-guangdong|23.1291|113.2644|5100##|+86 20 5550 ####|8
深圳|Shenzhen|广东省|CN|cn-guangdong|22.5431|114.0579|5180##|+86 755 8555 ####|9
东莞|Dongguan|广东省|CN|cn-guangdong|23.0207|113.7518|5230##|+86 769 8555 ####|5
佛山|Foshan|广东省|CN|cn-guangdong|23.0215|113.1214|5280##|+86 757 8555 ####|3
厦门|Xiamen|福建省|CN|cn-fujian|24.4798|118.0894|3610##|+86 592 5550 ###|3
武汉|Wuhan|湖北省|CN|cn-hubei|30.5928|114.3055|4300##|+86 27 5550 ####|4
成都|Chengdu|四川省|CN|cn-sichuan|30.5728|104.0668|6100##|+86 28 5550 ####|5
重庆|Chongqing|重庆市|CN|cn-chongqing|29.5630|106.5516|4000##|+86 23 5550 ####|3
西安|Xi'an|陕西省|CN|cn-shaanxi|34.3416|108.9398|7100##|+86 29 5550 ####|2
香港|Hong Kong|香港|HK|hk|22.3193|114.1694||+852 2555 ####|5
Berlin|Berlin|Berlin|DE|de|52.5200|13.4050|101##|+49 30 23125 ###|2
Hamburg|Hamburg|Hamburg|DE|de|53.5511|9.9937|200##|+49 40 66969 ###|3
München|Munich|Bayern|DE|de|48.1351|11.5820|803##|+49 89 99998 ###|3
Köln|Cologne|Nordrhein-Westfalen|DE|de|50.9375|6.9603|506##|+49 221 4710 ###|2
Paris|Paris|Île-de-France|FR|fr|48.8566|2.3522|750##|+33 1 99 00 ####|3
Lyon|Lyon|Auvergne-Rhône-Alpes|FR|fr|45.7640|4.8357|690##|+33 4 65 71 ####|2
London|London|England|GB|gb|51.5074|-0.1278|SE1 #XX|+44 20 7946 0###|3
Manchester|Manchester|England|GB|gb|53.4808|-2.2426|M1 #XX|+44 161 496 0###|2
Göteborg|Gothenburg|Västra Götaland|SE|se|57.7089|11.9746|411 ##|+46 31 390 0###|1
Rotterdam|Rotterdam|Zuid-Holland|NL|nl|51.9244|4.4777|30## XX|+31 10 555 0###|2
Milano|Milan|Lombardia|IT|it|45.4642|9.1900|201##|+39 02 5550 ####|2
Barcelona|Barcelona|Catalunya|ES|es|41.3874|2.1686|080##|+34 93 555 0###|2
New York|New York|New York|US|us-east|40.7128|-74.0060|100##|+1 212 555 01##|2
Boston|Boston|Massachusetts|US|us-east|42.3601|-71.0589|021##|+1 617 555 01##|1
Atlanta|Atlanta|Georgia|US|us-east|33.7490|-84.3880|303##|+1 404 555 01##|1
Chicago|Chicago|Illinois|US|us-central|41.8781|-87.6298|606##|+1 312 555 01##|2
Houston|Houston|Texas|US|us-central|29.7604|-95.3698|770##|+1 713 555 01##|2
Seattle|Seattle|Washington|US|us-west|47.6062|-122.3321|981##|+1 206 555 01##|1
Los Angeles|Los Angeles|California|US|us-west|34.0522|-118.2437|900##|+1 213 555 01##|2
Toronto|Toronto|Ontario|CA|ca|43.6532|-79.3832|M5V #X#|+1 416 555 01##|2
Vancouver|Vancouver|British Columbia|CA|ca|49.2827|-123.1207|V6B #X#|+1 604 555 01##|1
"""

# 0000 blocks of Chinese prefixes are plausibly unused, as are the 555 ranges of the others.
_MOBILES = {
    "CN": [f"+86 {prefix} 0000 ####" for prefix in (130, 135, 138, 150, 158, 166, 177, 186, 189, 198)],
    "HK": ["+852 6550 ####", "+852 9550 ####"],
    "DE": ["+49 171 3920 ###", "+49 152 2895 0###"],
    "FR": ["+33 6 55 50 ####"],
    "GB": ["+44 7400 123 ###"],
    "SE": ["+46 70 174 06 ##"],
    "NL": ["+31 6 5550 ####"],
    "IT": ["+39 320 555 0###"],
    "ES": ["+34 655 550 ###"],
    "US": ["+1 646 555 01##", "+1 503 555 01##", "+1 720 555 01##", "+1 305 555 01##"],
    "CA": ["+1 647 555 01##", "+1 778 555 01##"],
}

_CURRENCIES = {"CN": "CNY", "HK": "HKD", "US": "USD", "CA": "USD"}


def _read_cities() -> tuple[City, ...]:
    cities = []
    for row in _CITIES.strip().splitlines():
        name, latin, region, country, territory, latitude, longitude, postcode, landline, weight = row.split(
            "|"
        )
        where = (float(latitude), float(longitude))
        cities.append(
            City(name, latin, region, country, territory, *where, postcode, landline, float(weight))
        )
    return tuple(cities)


CITIES = _read_cities()


def currency_of(country: str) -> str:
    """The currency in which the house invoices customers of a country."""
    return _CURRENCIES.get(country, "EUR")


def market_of(country: str) -> str:
    """The market whose holidays and habits a country follows: china, europe or america."""
    if country in ("CN", "HK"):
        return "china"
    return "america" if country in ("US", "CA") else "europe"


def fill(random: np.random.Generator, patterns: np.ndarray) -> np.ndarray:
    """Replaces every # by a digit and every X by a letter."""
    digits = iter(random.integers(0, 10, sum(pattern.count("#") for pattern in patterns)).tolist())
    letters = iter(random.integers(0, 20, sum(pattern.count("X") for pattern in patterns)).tolist())
    filled = []
    for pattern in patterns:
        parts = [str(next(digits)) if sign == "#" else sign for sign in pattern]
        filled.append(
            "".join("ABCDEFGHJKLNPRSTUVWY"[next(letters)] if sign == "X" else sign for sign in parts)
        )
    return texts(filled)


def mobiles(random: np.random.Generator, countries: np.ndarray) -> np.ndarray:
    """A mobile number, valid in its country, for each of the countries."""
    picks = random.random(len(countries))
    patterns = [
        _MOBILES[country][int(pick * len(_MOBILES[country]))]
        for country, pick in zip(countries.tolist(), picks.tolist(), strict=True)
    ]
    return fill(random, texts(patterns))
