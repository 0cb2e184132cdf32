"""Plausible values for generated rows, drawn with a seed: names, codes, numbers, dates.

Nothing here looks real on purpose beyond its shape: names are put together from syllables, and the
numbers of certificates count upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from stdnum.cn import uscc

_CITY = ("大连", "大连", "大连", "辽宁", "大连高新", "旅顺")
_FIRST = "华海天宏中远新联创智博瑞恒信达盛泰康正嘉诚德润东方北斗星云辰光禾木科锐图维思凯"
_SECOND = "源通达腾扬科泽和兴邦利顺升晖越航宇拓景川澜石原野岭峰河湾岛港晨曦启明"
_TRADE = (
    "软件", "信息技术", "智能装备", "生物科技", "新材料", "电子科技", "数据服务", "海洋工程",
    "机器人", "环保科技", "医疗器械", "精密制造", "网络科技", "能源技术", "化工科技", "检测技术",
)  # fmt: skip
_AGENCY_TRADE = ("知识产权代理", "科技咨询", "会计师事务所", "技术转移", "企业服务", "专利事务所")
_DISTRICTS = ("七贤岭街道", "凌水街道", "龙王塘街道", "软件园街道", "英歌石街道")
_INDUSTRIES = ("软件和信息技术", "智能制造", "生命健康", "新材料", "洁净能源", "海洋科技")
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of result as it is generated.

    Attributes:
        code: the result kind.
        service: the service it belongs to.
        weight: how often, of a hundred.
        subsidy_yuan, reward_yuan: what its standards give.
        fee_yuan: what agencies charge, from and to.
    """

    code: str
    service: str
    weight: int
    subsidy_yuan: int
    reward_yuan: int
    fee_yuan: tuple[int, int]


# fmt: off
KINDS = (
    Kind("software_registration", "software_copyright", 40,    800,    500, (600, 2_800)),
    Kind("utility_grant",         "utility_model",      25,  2_000,  1_000, (2_100, 4_800)),
    Kind("novelty_report",        "novelty_search",     15,  1_500,    500, (1_100, 4_800)),
    Kind("hnte_first_cert",       "hnte_first",         12, 50_000, 20_000, (22_000, 78_000)),
    Kind("invention_grant",       "invention_patent",    8, 10_000,  5_000, (8_200, 14_800)),
)
# fmt: on


def enterprise_name(draw: Random) -> str:
    """The name of an enterprise that does not exist."""
    place, trade = draw.choice(_CITY), draw.choice(_TRADE)
    return f"{place}{draw.choice(_FIRST)}{draw.choice(_SECOND)}{trade}有限公司"


def agency_name(draw: Random) -> str:
    """The name of an agency that does not exist."""
    trade = draw.choice(_AGENCY_TRADE)
    return f"大连{draw.choice(_FIRST)}{draw.choice(_SECOND)}{trade}有限公司"


def district(draw: Random) -> str:
    """A district (街道)."""
    return draw.choice(_DISTRICTS)


def industry(draw: Random) -> str:
    """An industry (行业)."""
    return draw.choice(_INDUSTRIES)


def code_of(prefix: str, serial: int) -> str:
    """A unified social credit code (统一社会信用代码) with its check digit right."""
    digits = []
    for _ in range(7):
        serial, rest = divmod(serial, len(_LETTERS))
        digits.append(_LETTERS[rest])
    body = f"91210231{prefix}{''.join(reversed(digits))}"
    return body + str(uscc.calc_check_digit(body))


def account_number(serial: int) -> str:
    """A payee's account."""
    return f"62220202{serial:010d}"


def result_number(kind: str, serial: int, on: date) -> str:
    """The printed number of a result, another one for every serial."""
    match kind:
        case "software_registration":
            return f"{2019 + serial // 9_000_000}SR{1_000_000 + serial % 9_000_000}"
        case "hnte_first_cert":
            return f"GR20{10 + serial // 1_000_000 % 90:02d}21{serial % 1_000_000:06d}"
        case "utility_grant":
            return _patent(2, serial)
        case "invention_grant":
            return _patent(1, serial)
    return f"大连科技查新站 CX{on.year}-{serial:08d}"


def _patent(kind: int, serial: int) -> str:
    digits = f"{2015 + serial // 10_000_000}{kind}{serial % 10_000_000:07d}"
    weights = cycle(range(2, 10))
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return f"ZL{digits}.{'X' if rest == 10 else rest}"


def days_before(draw: Random, day: date, fewest: int, most: int) -> date:
    """A day so many days before another."""
    return day - timedelta(days=draw.randint(fewest, most))
