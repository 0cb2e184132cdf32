"""Who is in the demonstration: accounts by role and number, agencies of differing quality, member
enterprises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from models.queries.sign_in import DEMONSTRATION_PASSWORD
from models.rules.membership import EnterpriseEntry
from models.rules.roles import Role
from seed.year.names import (
    DISTRICTS,
    INDUSTRIES,
    bank_account,
    brands,
    credit_code,
    result_number,
)
from seed.year.timeline import Timeline

PASSWORD = DEMONSTRATION_PASSWORD
MEMBERS = 300
AGENCIES = 40
_SUSPENDED, _REMOVED = 36, 30  # places in the list


@dataclass(frozen=True, slots=True)
class Quality:
    """How good an agency's work is.

    Attributes:
        count: how many are like this.
        proneness: how prone to faults.
        satisfaction: what its customers answer, 1 to 5.
        failing, late: of a hundred agreements so many fail by its doing, and so many take longer
            than the service's standard.
        staff: how many people, from and to; who has more serves more.
    """

    count: int
    proneness: int
    satisfaction: tuple[int, ...]
    failing: int
    late: int
    staff: tuple[int, int]


# fmt: off
ACCOUNTS: tuple[tuple[str, str, Role], ...] = (
    ("reviewer",     "联盟初审员 1",   Role.alliance_reviewer),
    ("reviewer2",    "联盟初审员 2",   Role.alliance_reviewer),
    ("lead",         "联盟负责人",     Role.alliance_lead),
    ("leader",       "领导",           Role.leader),
    ("agency01",     "服务机构 01",    Role.agency),
    ("agency02",     "服务机构 02",    Role.agency),
    ("enterprise01", "企业会员 01",    Role.enterprise),
    ("bureau",       "科技创新局",     Role.bureau),
    ("committee",    "管委会",         Role.committee),
    ("finance",      "财政局",         Role.finance),
    ("auditor",      "审计",           Role.auditor),
    ("admin",        "系统管理员",     Role.administrator),
    ("reviewer3",    "联盟初审员 3",   Role.alliance_reviewer),
    ("intake",       "联盟录入员",     Role.alliance_reviewer),
    *((f"agency{number:02d}", f"服务机构 {number:02d}", Role.agency) for number in range(3, AGENCIES + 1)),
)

# quality → share of agencies (the published national distribution), how prone to faults,
# satisfaction 1–5, of a hundred agreements so many fail and so many are late, staff from and to
QUALITIES: dict[str, Quality] = {
    "excellent": Quality( 5,  1, (4, 5, 5, 5, 5),  1,  2, (62, 80)),
    "good":      Quality(12,  4, (3, 4, 4, 5, 5), 12, 18, (16, 36)),
    "pass":      Quality(21, 32, (1, 2, 3, 3, 4), 44, 60, ( 5, 32)),
    "poor":      Quality( 2, 40, (1, 2, 2, 3, 3), 50, 60, (14, 24)),
}

_HNTE = ("hnte_first", "hnte_renewal", "sme_registration", "rd_accounting")
_PATENTS = ("invention_patent", "utility_model", "design_patent", "software_copyright")
# how an agency is called → its services
PROFESSIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("科技服务有限公司",     (*_HNTE, *_PATENTS, "project_local", "project_national")),
    ("知识产权代理有限公司", (*_PATENTS, "ip_standard", "ip_advantage", "ip_demonstration")),
    ("创新咨询有限公司",     (*_HNTE, "ip_advantage", "project_national", "project_local", "software_copyright")),
    ("专利代理事务所",       _PATENTS),
    ("财税服务有限公司",     _HNTE),
    ("技术转移有限公司",     ("tech_transfer", "tech_matching", "novelty_search", "ip_review", "ip_demonstration", *_PATENTS)),
)
# fmt: on


@dataclass(slots=True)
class Member:
    """A member enterprise; `id` once it is in the database."""

    entry: EnterpriseEntry
    joins_on: date
    is_reserved: bool = False  # kept for one thread of the plot
    id: int = 0


@dataclass(slots=True)
class House:
    """An agency; `id` once it is in the database."""

    number: int
    name: str
    uscc: str
    quality: str
    services: tuple[str, ...]
    joins_on: date
    registered_on: date
    staff_count: int
    account: str
    leaves_on: date | None = None
    is_reserved: bool = False  # kept for one thread of the plot
    id: int = 0

    def is_open_on(self, day: date) -> bool:
        """Whether it takes on work on a day."""
        left = self.leaves_on is not None and self.leaves_on <= day
        return self.joins_on <= day and not left and not self.is_reserved

    @property
    def username(self) -> str:
        """The account that speaks for it."""
        return f"agency{self.number:02d}"

    @property
    def work(self) -> Quality:
        """How good its work is."""
        return QUALITIES[self.quality]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody."""

    members: tuple[Member, ...]
    houses: tuple[House, ...]

    @property
    def suspended(self) -> House:
        """The agency that is suspended in the open month."""
        return self.houses[_SUSPENDED]

    @property
    def removed(self) -> House:
        """The agency that leaves during the year."""
        return self.houses[_REMOVED]

    @property
    def without_account(self) -> House:
        """The agency whose account is not on record yet."""
        return self.houses[39]

    @property
    def tied_member(self) -> Member:
        """The enterprise the second agency's account is tied to."""
        return self.members[1]


def invent_cast(timeline: Timeline, chance: Random) -> Cast:
    """Invent the organisations; the same chance gives the same ones."""
    names = iter(brands(chance))
    houses = tuple(
        _house(number, next(names), timeline, chance) for number in range(1, AGENCIES + 1)
    )
    members = tuple(
        _member(number, next(names), timeline, chance) for number in range(1, MEMBERS + 1)
    )
    cast = Cast(members, houses)
    cast.suspended.leaves_on = timeline.back(timeline.until, 18)
    cast.removed.leaves_on = timeline.months[6].first_day
    cast.without_account.is_reserved = cast.tied_member.is_reserved = True
    return cast


def _house(number: int, brand: str, timeline: Timeline, chance: Random) -> House:
    word, services = PROFESSIONS[(number - 1) % len(PROFESSIONS)]
    joins_on = timeline.opens_on - timedelta(days=chance.randrange(30, 700))
    quality = _qualities()[number - 1]
    return House(
        number=number,
        name=f"大连{brand}{word}",
        uscc=credit_code(number),
        quality=quality,
        services=services,
        joins_on=joins_on,
        registered_on=joins_on - timedelta(days=chance.randrange(200, 4000)),
        staff_count=chance.randrange(*QUALITIES[quality].staff),
        account=bank_account(number),
    )


def _qualities() -> list[str]:
    """Spread so that the two agencies with open accounts are a good one and an ordinary one, and
    those that leave and are suspended are the poor ones."""
    each = [name for name, quality in QUALITIES.items() for _ in range(quality.count)]
    spread = [each[(7 + 11 * place) % AGENCIES] for place in range(AGENCIES)]
    for place in (_SUSPENDED, _REMOVED):
        poor = spread.index("poor") if spread[place] != "poor" else place
        spread[place], spread[poor] = spread[poor], spread[place]
    return spread


def _member(number: int, brand: str, timeline: Timeline, chance: Random) -> Member:
    industry, words = chance.choice(INDUSTRIES)
    serial = AGENCIES + number
    name = f"大连{brand}{chance.choice(words)}有限公司"
    joins_on = _joining(number, timeline, chance)
    registered_on = joins_on - timedelta(days=int(chance.triangular(0, 4200, 500)))
    status = "none" if number == 1 else chance.choices(
        ("recognised", "cultivating", "none", "lapsed"), (46, 26, 24, 4)
    )[0]  # fmt: skip
    certified_on = None
    if status in ("recognised", "lapsed"):
        age = chance.randrange(40, 1090) if status == "recognised" else chance.randrange(1110, 1400)
        certified_on = min(timeline.opens_on, joins_on) - timedelta(days=age - 30)
    return Member(
        EnterpriseEntry(
            uscc=credit_code(serial),
            name=name,
            joined_on=joins_on,
            registered_on=min(registered_on, certified_on or registered_on),
            district=chance.choice(DISTRICTS),
            industry=industry,
            growth_stage=chance.choices(
                ("startup", "growing", "above_scale", "listed"), (38, 45, 16, 1)
            )[0],
            hnte_status=status,
            hnte_certificate_no=_certificate(certified_on, serial),
            certified_on=certified_on,
            contact_name=f"联系人 {number:03d}",
            contact_phone=f"0411-0000{number:04d}",
            payee_name=name,
            payee_bank="示例银行大连高新区支行",
            payee_account=bank_account(serial),
        ),
        joins_on,
    )


def _certificate(certified_on: date | None, serial: int) -> str:
    """Serials from 50,000 keep clear of the certificates obtained during the year."""
    if certified_on is None:
        return ""
    return result_number("hnte_first_cert", certified_on.year, 50_000 + serial)


def _joining(number: int, timeline: Timeline, chance: Random) -> date:
    """Five of six joined before the system was opened, the others during the year."""
    if number % 6:
        return timeline.opens_on - timedelta(days=chance.randrange(5, 900))
    days = (timeline.last_working_day - timeline.opens_on).days
    return timeline.opens_on + timedelta(days=chance.randrange(1, days - 15))
