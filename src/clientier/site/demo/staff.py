"""The people of the house: teams, territories and users, and who looks after whom."""

from __future__ import annotations

import numpy as np

from .chance import choose_weighted, stream, texts
from .places import CITIES
from .world import Table

_TEAMS = """
house|全公司 Whole house|
sales|销售部 Sales|house
sales-china|中国销售部 Sales China|sales
sales-international|国际销售部 Sales International|sales
service|客户服务部 Customer service|house
"""

_TERRITORIES = """
world|全球 World||
china|中国 China|world|
cn-east|华东 East China|china|CN
cn-north|华北 North China|china|CN
cn-south|华南 South China|china|CN
cn-west|华中西部 Central and West China|china|CN
europe|欧洲 Europe|world|
north-america|北美 North America|world|
cn-shanghai|上海 Shanghai|cn-east|CN
cn-jiangsu|江苏 Jiangsu|cn-east|CN
cn-zhejiang|浙江 Zhejiang|cn-east|CN
cn-anhui|安徽 Anhui|cn-east|CN
cn-beijing|北京 Beijing|cn-north|CN
cn-tianjin|天津 Tianjin|cn-north|CN
cn-shandong|山东 Shandong|cn-north|CN
cn-liaoning|辽宁 Liaoning|cn-north|CN
cn-guangdong|广东 Guangdong|cn-south|CN
cn-fujian|福建 Fujian|cn-south|CN
hk|香港 Hong Kong|cn-south|HK
cn-hubei|湖北 Hubei|cn-west|CN
cn-sichuan|四川 Sichuan|cn-west|CN
cn-chongqing|重庆 Chongqing|cn-west|CN
cn-shaanxi|陕西 Shaanxi|cn-west|CN
de|德国 Germany|europe|DE
fr|法国 France|europe|FR
gb|英国 United Kingdom|europe|GB
se|瑞典 Sweden|europe|SE
nl|荷兰 Netherlands|europe|NL
it|意大利 Italy|europe|IT
es|西班牙 Spain|europe|ES
us-east|美国东部 Eastern United States|north-america|US
us-central|美国中部 Central United States|north-america|US
us-west|美国西部 Western United States|north-america|US
ca|加拿大 Canada|north-america|CA
"""

# username, name, role, team, territory, language, time zone, cost of a minute in ten-thousandths of a yuan
_USERS = """
admin|周敏|administrator|house|world|zh-hans|Asia/Shanghai|25000
director|林海涛|sales_manager|sales|world|zh-hans|Asia/Shanghai|62000
manager|陈静|sales_manager|sales-china|china|zh-hans|Asia/Shanghai|45000
hannah.lindqvist|Hannah Lindqvist|sales_manager|sales-international|europe|en|Europe/Berlin|58000
account|王磊|account_manager|sales-china|cn-east|zh-hans|Asia/Shanghai|32000
zhao.xiaoyan|赵晓燕|account_manager|sales-china|cn-north|zh-hans|Asia/Shanghai|32000
leung.wingsze|梁詠詩|account_manager|sales-china|cn-south|zh-hant|Asia/Hong_Kong|36000
jonas.albers|Jonas Albers|account_manager|sales-international|europe|en|Europe/Berlin|46000
emily.carver|Emily Carver|account_manager|sales-international|north-america|en|America/New_York|48000
rep|孙宇航|sales_rep|sales-china|cn-east|zh-hans|Asia/Shanghai|20000
wu.jiahui|吴佳慧|sales_rep|sales-china|cn-west|zh-hans|Asia/Shanghai|20000
camille.morel|Camille Morel|sales_rep|sales-international|europe|en|Europe/Paris|34000
service|何秀英|service|service|china|zh-hans|Asia/Shanghai|15000
oliver.penrose|Oliver Penrose|service|service|europe|en|Europe/London|26000
analyst|郑思远|analyst|house|world|zh-hans|Asia/Shanghai|24000
"""

# Who may own a customer there: account managers for key customers, reps for the rest, with their shares.
_KEY_OWNERS = {
    "cn-east": "account",
    "cn-north": "zhao.xiaoyan",
    "cn-south": "leung.wingsze",
    "cn-west": "zhao.xiaoyan",
    "europe": "jonas.albers",
    "north-america": "emily.carver",
}
_SMALL_OWNERS = {
    "cn-east": [("rep", 0.6), ("wu.jiahui", 0.25), ("account", 0.15)],
    "cn-north": [("rep", 0.5), ("zhao.xiaoyan", 0.5)],
    "cn-south": [("wu.jiahui", 0.6), ("leung.wingsze", 0.4)],
    "cn-west": [("wu.jiahui", 1.0)],
    "europe": [("camille.morel", 0.75), ("jonas.albers", 0.25)],
    "north-america": [("emily.carver", 1.0)],
}
_SERVICE_OWNERS = {"europe": "oliver.penrose", "north-america": "oliver.penrose"}


def _split(rows: str) -> list[list[str]]:
    return [row.split("|") for row in rows.strip().splitlines()]


def make_teams() -> Table:
    """The teams, each after its parent."""
    code, name, parent = zip(*_split(_TEAMS), strict=True)
    return Table({"code": texts(code), "name": texts(name), "parent": texts(parent)})


def make_territories() -> Table:
    """The territories, each after its parent: the world, its parts, provinces, countries."""
    code, name, parent, country = zip(*_split(_TERRITORIES), strict=True)
    regions = {city.territory: city.region for city in CITIES if city.country == "CN"}
    return Table(
        {
            "code": texts(code),
            "name": texts(name),
            "parent": texts(parent),
            "country": texts(country),
            "region": texts([regions.get(one, "") for one in code]),
        }
    )


def make_users() -> Table:
    """The users; the first of every role has the plain sign-in that is shown to visitors."""
    username, name, role, team, territory, language, timezone, minute_cost = zip(*_split(_USERS), strict=True)
    return Table(
        {
            "username": texts(username),
            "name": texts(name),
            "email": texts([f"{one}@example.com" for one in username]),
            "role": texts(role),
            "team": texts(team),
            "territory": texts(territory),
            "language": texts(language),
            "timezone": texts(timezone),
            "minute_cost_e4": np.array([int(cost) for cost in minute_cost], dtype=np.int64),
        }
    )


def area_of(territory: str) -> str:
    """The sales area above a territory of customers: a part of China, Europe or North America."""
    return _AREAS[territory]


_AREAS = {code: parent for code, _, parent, _ in _split(_TERRITORIES)}


def assign_owners(
    seed: int, *, territory: np.ndarray, is_company: np.ndarray, size_rank: np.ndarray
) -> np.ndarray:
    """The owner of every customer: key companies by account managers, others by reps, persons by service."""
    dice = stream(seed, "owners").random(len(territory))
    owners = []
    for place, company, rank, pick in zip(territory, is_company, size_rank, dice, strict=True):
        area = area_of(place)
        if not company:
            owners.append(_SERVICE_OWNERS.get(area, "service"))
        elif rank > 0.87:
            owners.append(_KEY_OWNERS[area])
        else:
            names, shares = zip(*_SMALL_OWNERS[area], strict=True)
            owners.append(names[int(np.searchsorted(np.cumsum(shares), pick * 0.999))])
    return texts(owners)


def service_desks(territory: np.ndarray) -> np.ndarray:
    """Who in customer service answers for each of the territories."""
    return texts([_SERVICE_OWNERS.get(area_of(place), "service") for place in territory])


def draw_cities(seed: int, count: int) -> np.ndarray:
    """Positions in `CITIES`, as frequent as the cities' weights."""
    return choose_weighted(stream(seed, "cities"), [city.weight for city in CITIES], count)
