"""The service agreements (服务协议) behind the claims: who serves whom, since when, for how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from models.rules.agreement_life import Attribution
from models.tables.agreements import Filing
from models.tables.reference import ServiceType
from seed.reference_data import reference_rows
from seed.year.cast import Cast, House, Member
from seed.year.timeline import Timeline

# fmt: off
# service → (fee from, fee to in yuan; working days of work from, to; claims one agreement may
# bring)
WORK: dict[str, tuple[int, int, int, int, int]] = {
    "hnte_first":         (24_000, 60_000, 60, 110, 1),
    "hnte_renewal":       (18_000, 45_000, 50,  90, 1),
    "sme_registration":   ( 1_500,  6_000, 15,  35, 1),
    "rd_accounting":      ( 9_000, 26_000, 25,  55, 1),
    "ip_advantage":       (30_000, 60_000, 60, 110, 1),
    "ip_demonstration":   (60_000, 90_000, 70, 120, 1),
    "invention_patent":   ( 8_200, 14_500, 20,  40, 3),
    "utility_model":      ( 2_100,  4_800, 15,  30, 4),
    "design_patent":      ( 1_200,  3_600, 12,  25, 3),
    "software_copyright": (   600,  2_600, 15,  35, 3),
    "ip_standard":        (24_000, 56_000, 70, 120, 1),
    "ip_review":          (20_000, 40_000, 30,  60, 1),
    "novelty_search":     ( 1_200,  4_500,  6,  14, 2),
    "tech_transfer":      (10_000, 40_000, 30,  60, 1),
    "project_local":      ( 8_000, 20_000, 30,  60, 1),
    "project_national":   (20_000, 60_000, 40,  80, 1),
    "tech_matching":      (10_000, 30_000, 40,  80, 1),
}
# fmt: on
STANDARDS = {
    row.code: row.standard_working_days or 0
    for row in reference_rows()
    if isinstance(row, ServiceType)
}
"""The working days a service may take."""

_ANY = frozenset({"none", "cultivating", "recognised", "lapsed"})
_WANTED = {
    "hnte_first": frozenset({"none", "cultivating"}),
    "hnte_renewal": frozenset({"recognised", "lapsed"}),
}

CAPPED = {"hnte_first": 14, "software_copyright": 4}
"""At most so many claims: per agency (S-01), per enterprise (S-12); beyond it only where the plot
wants it."""


@dataclass(slots=True)
class Pact:
    """One agreement as it will be filed; `id` once it is in the database."""

    member: Member
    house: House
    service: str
    signed_on: date
    filed_on: date
    confirmed_on: date | None
    started_on: date | None
    fee_fen: int
    upfront_fen: int = 0
    is_imported: bool = False
    filing: Filing = Filing.confirmed
    advance_fen: int = 0
    number: str = ""
    filing_number: str = ""
    id: int = 0
    claims: int = 0
    fails_on: date | None = None
    attribution: Attribution = Attribution.agency


@dataclass(slots=True)
class Pairing:
    """Finds or makes the agreement a claim rests on."""

    cast: Cast
    timeline: Timeline
    chance: Random
    pacts: list[Pact] = field(default_factory=list)
    served: set[tuple[str, str]] = field(default_factory=set)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def pact_for(
        self, service: str, obtained_on: date, *, faulty: bool = False, new: bool = False
    ) -> Pact:
        """An agreement for a result obtained on a day: one that still runs, or a new one."""
        if not new and self.chance.random() < 0.56:
            for pact in self.chance.sample(self.pacts, min(60, len(self.pacts))):
                is_like = not faulty or self.chance.randrange(30) < pact.house.work.proneness
                if is_like and self._still_runs(pact, service, obtained_on):
                    return self._used(pact)
        return self._used(self.new_pact(service, obtained_on, faulty=faulty))

    def new_pact(
        self,
        service: str,
        obtained_on: date,
        *,
        faulty: bool = False,
        member: Member | None = None,
        house: House | None = None,
    ) -> Pact:
        """A new agreement whose work ends with a result on a day."""
        low, high, shortest, _, _ = WORK[service]
        house = house or self._house(service, self.timeline.back(obtained_on, shortest + 9), faulty)
        started_on = self.timeline.back(obtained_on, self._days_of_work(service, house))
        confirmed_on = self.timeline.back(started_on, self.chance.randrange(1, 4))
        filed_on = self.timeline.back(confirmed_on, self.chance.randrange(2, 6))
        signed_on = self.timeline.back(filed_on, self.chance.randrange(2, 9))
        if not house.is_open_on(signed_on):
            house = self._house(service, signed_on, faulty)
        member = member or self._member(service, signed_on)
        fee = self.chance.randrange(low // 100, high // 100) * 100
        pact = Pact(
            member, house, service, signed_on, filed_on, confirmed_on, started_on, fee * 100
        )
        if self.chance.random() < 0.25:
            pact.advance_fen = fee * self.chance.randrange(10, 60)  # a tenth to six tenths of it
        self.pacts.append(pact)
        self.served.add((member.entry.uscc, service))
        return pact

    def failing(self, count: int, services: Sequence[tuple[str, int]]) -> None:
        """Agreements that come to nothing, most of them by the agency's doing.

        Args:
            count: how many.
            services: each with its weight.
        """
        names, weights = zip(*services, strict=True)
        days = (self.timeline.last_working_day - self.timeline.months[0].first_day).days
        for _ in range(count):
            day = self.timeline.last_working_day - timedelta(days=self.chance.randrange(days))
            fails_on = self.timeline.back(day, 0)
            service = self.chance.choices(names, weights)[0]
            house = self._failing_house(service, self.timeline.back(fails_on, STANDARDS[service]))
            pact = self.new_pact(service, fails_on, house=house)
            pact.fails_on = fails_on
            pact.attribution = self.chance.choices(list(Attribution), (88, 5, 4, 3))[0]

    def unclaimed(self, count: int) -> None:
        """Agreements without a claim yet: under way, waiting for their filing, returned, drafts."""
        services = [service for service in WORK if service not in ("ip_review", "ip_demonstration")]
        for place in range(count):
            days = self.chance.randrange(-40, 45)
            pact = self.new_pact(
                self.chance.choice(services), self.timeline.until + timedelta(days=days)
            )
            for name in ("signed_on", "filed_on", "confirmed_on", "started_on"):
                day = getattr(pact, name)
                setattr(pact, name, min(day, self.timeline.back(self.timeline.until, 2)))
            if place % 8 == 0:
                pact.filing = (Filing.filed, Filing.returned, Filing.draft)[place // 8 % 3]
                pact.confirmed_on = pact.started_on = None

    def in_order(self) -> Iterator[Pact]:
        """Every agreement in the order of filing, numbered."""
        for place, pact in enumerate(sorted(self.pacts, key=lambda pact: pact.filed_on), start=1):
            pact.number = f"XY-{pact.signed_on.year}-{place:04d}"
            if pact.confirmed_on is not None:
                pact.filing_number = f"备{pact.filed_on.year}-{place:04d}"
            yield pact

    def _still_runs(self, pact: Pact, service: str, obtained_on: date) -> bool:
        return (
            pact.service == service
            and pact.claims < WORK[service][4]
            and pact.confirmed_on is not None
            and pact.started_on is not None
            and self.timeline.forward(pact.started_on, 8) <= obtained_on
            and pact.fee_fen > 0
            and not self._is_full(service, pact.member, pact.house)
        )

    def _used(self, pact: Pact) -> Pact:
        pact.claims += 1
        self.counts[pact.service, pact.house.uscc] += 1
        self.counts[pact.service, pact.member.entry.uscc] += 1
        return pact

    def _is_full(self, service: str, member: Member, house: House) -> bool:
        most = CAPPED.get(service, 999)
        party = house.uscc if service == "hnte_first" else member.entry.uscc
        return self.counts[service, party] >= most

    def _days_of_work(self, service: str, house: House) -> int:
        """Working days to the result: within the standard, or past it where the agency is slow."""
        _, _, shortest, longest, _ = WORK[service]
        if self.chance.randrange(100) < house.work.late:
            return STANDARDS[service] * self.chance.randrange(106, 150) // 100
        return self.chance.randrange(shortest, min(longest, STANDARDS[service]))

    def _house(self, service: str, signed_on: date, faulty: bool) -> House:
        fitting = self._fitting(service, signed_on)
        sizes = [house.staff_count * (house.work.proneness if faulty else 1) for house in fitting]
        return self.chance.choices(fitting, sizes)[0]

    def _failing_house(self, service: str, signed_on: date) -> House:
        fitting = self._fitting(service, signed_on)
        sizes = [
            house.staff_count * house.work.failing / (100 - house.work.failing) for house in fitting
        ]
        return self.chance.choices(fitting, sizes)[0]

    def _fitting(self, service: str, signed_on: date) -> list[House]:
        return [
            house
            for house in self.cast.houses
            if service in house.services
            and house.is_open_on(signed_on)
            and (service != "hnte_first" or self.counts[service, house.uscc] < CAPPED[service])
        ]

    def _member(self, service: str, signed_on: date) -> Member:
        """An enterprise that had joined, and that nobody serves yet for this service."""
        for _ in range(400):
            member = self.chance.choice(self.cast.members)
            if (
                member.joins_on <= signed_on - timedelta(days=3)
                and not member.is_reserved
                and (member.entry.uscc, service) not in self.served
                and member.entry.hnte_status in _WANTED.get(service, _ANY)
            ):
                return member
        return next(
            member
            for member in self.chance.sample(self.cast.members, len(self.cast.members))
            if member.joins_on < signed_on and not member.is_reserved
        )
