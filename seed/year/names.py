"""Invented organisations, and numbers with right check digits that no real organisation can have.

Codes lie in an area (210299) that was never assigned, patents and registrations in serial ranges no
year has reached, accounts begin with 99. Names pair characters that no register is known to pair.
"""

from __future__ import annotations

from itertools import cycle, product
from random import Random

from stdnum.cn import uscc as gb_32100

AREA = "210299"
_BRANDS_FIRST = "砺翊湉霁岱渚沅翮阆泠骊瀛屿澹璟昀峤淦湜垚"
_BRANDS_SECOND = "枢禾序衡朔策宁合拓柘桴棹蘅筠珩珂翎箴"
INDUSTRIES = (
    ("软件和信息服务", ("软件", "信息技术", "数据科技", "网络科技")),
    ("智能装备", ("智能装备", "自动化", "机器人")),
    ("生物医药", ("生物科技", "医疗科技")),
    ("新材料", ("新材料",)),
    ("节能环保", ("环保科技", "节能技术")),
    ("电子信息", ("电子", "光电")),
    ("海洋科技", ("海洋科技", "船舶技术")),
    ("现代农业", ("农业科技",)),
)
DISTRICTS = ("凌水街道", "七贤岭", "河口", "龙王塘街道", "黄泥川")


def brands(chance: Random) -> list[str]:
    """Every pair of characters, shuffled: each names one organisation."""
    pairs = [first + second for first, second in product(_BRANDS_FIRST, _BRANDS_SECOND)]
    chance.shuffle(pairs)
    return pairs


def credit_code(serial: int) -> str:
    """A unified social credit code (统一社会信用代码), both check characters right."""
    organisation = f"MADY{serial:04d}"
    number = f"91{AREA}{organisation}{_organisation_check(organisation)}"
    return number + gb_32100.calc_check_digit(f"{number}0")


def _organisation_check(body: str) -> str:
    """GB 11714: weights 3 7 9 10 5 8 4 2, letters from A = 10."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, weights, strict=True))
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))


def bank_account(serial: int) -> str:
    """An account number (收款账号) of no bank."""
    return f"9900{serial:012d}"


def patent_number(year: int, kind: int, serial: int) -> str:
    """A patent application number (专利申请号): kind 1 invention, 2 utility model, 3 design."""
    digits = f"{year}{kind}{9_800_000 + serial:07d}"
    weights = cycle(range(2, 10))
    rest = sum(int(sign) * weight for sign, weight in zip(digits, weights, strict=False)) % 11
    return f"{digits}.{'X' if rest == 10 else rest}"


def result_number(kind: str, year: int, serial: int) -> str:
    """The number a certificate of a result kind carries."""
    match kind:
        case "hnte_first_cert" | "hnte_renewal_cert":
            return f"GR{year}21{900_000 + serial}"
        case "invention_application" | "invention_grant":
            return patent_number(year, 1, serial)
        case "utility_grant":
            return patent_number(year, 2, serial)
        case "design_grant":
            return patent_number(year, 3, serial)
        case "software_registration":
            return f"{year}SR9{serial:06d}"
        case "sme_number":
            return f"{year}{AREA}A8{serial:06d}"
        case "technology_contract":
            return f"{year % 100:02d}210299{serial:06d}"
    return f"示例单位 示例字〔{year}〕第{serial:04d}号"
