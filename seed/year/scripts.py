"""The scripts: every claim of the year planned in full — dates, amounts, faults — before anything
is played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from models.rules.entitlement import StandardKind
from models.rules.months import YearMonth
from seed.year.agreements import Pact, Pairing
from seed.year.cast import Cast
from seed.year.faults import CLAIM_FAULTS, PACT_FAULTS
from seed.year.names import result_number
from seed.year.plot import (
    AGREEMENTS,
    CLEAN,
    FAILING,
    FIXED_SERVICE,
    PAST_CLAIMS,
    RESULT_KIND,
    SCENES,
    SERVICES,
    SPECIALS,
    STORYLINES,
    Scene,
    Special,
    Storyline,
)
from seed.year.standards import (
    ALLIANCE_ACCOUNT,
    ALLIANCE_NAME,
    Example,
    subsidy_for,
)
from seed.year.timeline import Timeline, office_hours

_NOTED = frozenset({"F03_no_start", "F06_blank", "F13_unregistered"})
_GROWTH = (58, 66, 76, 84, 92, 100, 108, 114, 122, 126, 130)
"""How the past months compare: the zone grows."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a claim must be, by number; 0 is anybody."""

    house: int = 0
    member: int = 0

    @property
    def is_somebodys(self) -> bool:
        """Whether it matters."""
        return bool(self.house or self.member)


@dataclass(slots=True)
class Script:
    """One claim as it will be filed, and the course it takes."""

    course: str
    faults: tuple[str, ...]
    month: YearMonth
    filed_at: datetime
    obtained_on: date
    pact: Pact
    result_kind: str
    printed: str
    asked_fen: int
    entitled_fen: int
    chance: Random
    requested_on: date | None
    confirmed_on: date | None
    paid_before_fen: int = 0
    paid_after_fen: int = 0
    satisfaction: int = 5
    units: int | None = None
    basis_fen: int | None = None
    invoice_number: str = ""
    invoice_fen: int | None = None
    payee_name: str = ""
    payee_account: str = ""
    is_imported: bool = False
    taken_by: str = ""
    is_open: bool = False  # a scene of the last days
    is_lent: bool = False  # another claim shares its result or invoice
    number: str = ""
    missing: set[str] = field(default_factory=set)

    @property
    def remark(self) -> str:
        """What whoever passes it notes, where something stays unknown."""
        is_decided = self.pact.service == "ip_demonstration"
        return "已核对原件，情况属实。" if is_decided or _NOTED & set(self.faults) else ""

    @property
    def filed_on(self) -> date:
        """The office's day of filing."""
        from models.clock import office_day

        return office_day(self.filed_at)


def _restriction(line: Storyline) -> tuple[bool, int]:
    """What fits few months is dealt out first."""
    needs_recent = any(fault.startswith(("F06", "F07_date")) for fault in line.faults)
    return not needs_recent, -line.oldest_only


@dataclass(slots=True)
class Planner:
    """Plans the year; the same chance and the same last day give the same year."""

    timeline: Timeline
    cast: Cast
    chance: Random
    pairing: Pairing = field(init=False)
    scripts: list[Script] = field(default_factory=list)
    threads: dict[str, Pact] = field(default_factory=dict)
    serials: int = 0

    def __post_init__(self) -> None:
        self.pairing = Pairing(self.cast, self.timeline, self.chance)

    def plan(self) -> list[Script]:
        """Every claim in the order of filing, numbered by month."""
        for month, line in self._past():
            self._past_claim(month, line)
        for special in SPECIALS:
            self._special(special)
        for scene in SCENES:
            self._scene(scene)
        self.pairing.failing(FAILING, [(service, weight) for service, _, weight in SERVICES])
        self.pairing.unclaimed(max(0, AGREEMENTS - len(self.pairing.pacts)))
        self.scripts.sort(key=lambda script: script.filed_at)
        counts: dict[YearMonth, int] = {}
        for script in self.scripts:
            counts[script.month] = counts.get(script.month, 0) + 1
            script.number = f"{script.month}-{counts[script.month]:04d}"
        return self.scripts

    # ------------------------------------------------------------ which claims

    def _past(self) -> list[tuple[YearMonth, Storyline]]:
        """The storylines dealt out over the past months, the restricted ones first."""
        lines = [line for line in STORYLINES for _ in range(line.count)]
        again = sum(line.count for line in STORYLINES if line.course == "refused_then_again")
        lines += [CLEAN] * (PAST_CLAIMS - len(SPECIALS) - again - len(lines))
        places = self._places(len(lines))
        self.chance.shuffle(places)
        dealt = []
        for line in sorted(lines, key=_restriction):
            fits = self._fits(line)
            place = next((place for place in places if fits(place)), places[0])
            places.remove(place)
            dealt.append((self.timeline.months[place], line))
        return sorted(dealt, key=lambda pair: pair[0])

    def _places(self, claims: int) -> list[int]:
        """The past months' places, each as often as it has claims."""
        total = sum(_GROWTH)
        shares = [claims * weight // total for weight in _GROWTH]
        shares[-1] += claims - sum(shares)
        return [place for place, share in enumerate(shares) for _ in range(share)]

    def _fits(self, line: Storyline) -> Callable[[int], bool]:
        newest = len(self.timeline.months) - 1 - line.oldest_only
        if "F07_date" in line.faults:
            return lambda place: place >= newest - 1
        oldest = 6 if any(fault.startswith("F06") for fault in line.faults) else 0
        return lambda place: oldest <= place <= newest

    def _past_claim(self, month: YearMonth, line: Storyline) -> None:
        service, kind = self._service(line.faults)
        days = (month.last_day - month.first_day).days
        day = month.first_day + timedelta(days=self.chance.randrange(2, days))
        filed_at = office_hours(self.timeline.back(day, 0), self.chance)
        self._script(line.course, line.faults, filed_at, service, kind)

    def _special(self, special: Special) -> None:
        month = self.timeline.months[-1 - special.months_before]
        day = self.timeline.forward(month.first_day, self.chance.randrange(2, 14))
        self._script(
            special.course, (), office_hours(day, self.chance), special.service,
            RESULT_KIND[special.service], thread=special.thread, yuan=special.yuan,
            whose=Whose(member=special.member),
        )  # fmt: skip

    def _scene(self, scene: Scene) -> None:
        """Early in a month, what has waited longest was filed in the month before."""
        day = self.timeline.back(self.timeline.until, scene.waits)
        kind = RESULT_KIND[scene.service]
        if scene.service == "invention_patent":
            kind = "invention_grant"
        script = self._script(
            scene.course, scene.faults, office_hours(day, self.chance), scene.service, kind, thread=scene.thread,
            yuan=60_000 if scene.service == "ip_demonstration" else None,
            whose=Whose(scene.house, scene.member),
        )  # fmt: skip
        script.taken_by = scene.taken_by
        script.is_open = True

    def _service(self, faults: tuple[str, ...]) -> tuple[str, str]:
        for fault in faults:
            if service := FIXED_SERVICE.get(fault):
                return service, RESULT_KIND[service]
        offered = SERVICES[:-2] if faults else SERVICES
        service, kind, _ = self.chance.choices(offered, [weight for *_, weight in offered])[0]
        return service, kind

    # ------------------------------------------------------------ one claim

    def _script(
        self,
        course: str,
        faults: tuple[str, ...],
        filed_at: datetime,
        service: str,
        kind: str,
        *,
        thread: str = "",
        yuan: int | None = None,
        whose: Whose | None = None,
    ) -> Script:
        from models.clock import office_day

        filed_on = office_day(filed_at)
        days = self.chance.randrange(70, 90) if "F11" in faults else self.chance.randrange(8, 28)
        obtained_on = self.timeline.back(filed_on, days)
        pact = self._pact(faults, service, obtained_on, thread, whose or Whose())
        self.serials += 1
        year = obtained_on.year - 2 if kind.endswith("_grant") else obtained_on.year
        requested_on = self.timeline.forward(obtained_on, self.chance.randrange(1, 3))
        answered_on = self.timeline.forward(requested_on, self.chance.randrange(1, 5))
        script = Script(
            course, faults, YearMonth.containing(filed_on), filed_at, obtained_on, pact, kind,
            result_number(kind, year, self.serials), 0, 0,
            Random(f"{self.timeline.until} {self.serials}"),
            requested_on, min(answered_on, filed_on),
            satisfaction=self.chance.choice(pact.house.work.satisfaction),
            is_imported=self.chance.random() < 0.3,
        )  # fmt: skip
        self._fill_in(script, yuan)
        for fault in faults:
            if effect := CLAIM_FAULTS.get(fault):
                effect(self, script)
        self.scripts.append(script)
        if course == "refused_then_again":
            self.scripts.append(self._again(script))
        return script

    def _again(self, refused: Script) -> Script:
        """The same result claimed again a month later, now with the enterprise's word."""
        day = self.timeline.forward(refused.filed_on, 18)
        return replace(
            refused,
            course="straight",
            faults=("F06_refused",),
            month=YearMonth.containing(day),
            filed_at=office_hours(day, self.chance),
            requested_on=self.timeline.back(day, 5),
            confirmed_on=self.timeline.back(day, 2),
            chance=Random(f"{self.timeline.until} again {self.serials}"),
        )

    def _pact(
        self,
        faults: tuple[str, ...],
        service: str,
        obtained_on: date,
        thread: str,
        whose: Whose,
    ) -> Pact:
        """Faults of the agreement need one of their own; a thread keeps to one enterprise."""
        if thread:
            return self._thread_pact(thread, service, obtained_on)
        if whose.is_somebodys:
            return self._pact_of(whose, service, obtained_on)
        if make := next((PACT_FAULTS[fault] for fault in faults if fault in PACT_FAULTS), None):
            pact = self.pairing.new_pact(service, obtained_on, faulty=True)
            make(self, pact)
            pact.claims = 99  # no other claim shares it
            return pact
        is_alone = bool({"F14_not_asked", "F05_number"} & set(faults))
        return self.pairing.pact_for(service, obtained_on, faulty=bool(faults), new=is_alone)

    def _pact_of(self, whose: Whose, service: str, obtained_on: date) -> Pact:
        """An agreement of a certain agency or enterprise, for this claim alone."""
        cast = self.cast
        pact = self.pairing.new_pact(
            service,
            obtained_on,
            house=cast.houses[whose.house - 1] if whose.house else None,
            member=cast.members[whose.member - 1] if whose.member else None,
        )
        pact.claims = 99
        return pact

    def _thread_pact(self, thread: str, service: str, obtained_on: date) -> Pact:
        if thread not in self.threads:
            served = {script.pact.member.entry.uscc for script in self.scripts}
            member = next(
                member
                for member in self.cast.members
                if not member.is_reserved
                and member.joins_on < self.timeline.opens_on
                and member.entry.uscc not in served
            )
            member.is_reserved = True
            pact = self.pairing.new_pact(service, obtained_on, member=member)
            pact.claims = 99
            self.threads[thread] = pact
        return self.threads[thread]

    def _fill_in(self, script: Script, yuan: int | None) -> None:
        """Amounts, invoice and payee as an honest claim has them."""
        house, chance = script.pact.house, self.chance
        script.payee_name, script.payee_account = house.name, house.account
        standard = subsidy_for(script.pact.service, script.result_kind)
        if standard is not None:
            _ask(script, standard, chance)
            if standard.payee == "alliance":
                script.payee_name, script.payee_account = ALLIANCE_NAME, ALLIANCE_ACCOUNT
        else:
            script.asked_fen = script.entitled_fen = 500_000
        if yuan is not None:
            script.asked_fen = yuan * 100
        if script.pact.fee_fen >= 200_000:
            script.invoice_number = f"{26_000_000 + self.serials * 37}"
            script.invoice_fen = max(script.pact.fee_fen, script.asked_fen)
        if chance.random() < 0.12:
            script.paid_after_fen = script.pact.fee_fen * chance.randrange(5, 30) // 10_000 * 100

    def earlier(self, script: Script, fits: Callable[[Script], bool]) -> Script:
        """A clean claim that was settled months before, to share a result or an invoice with."""
        clean = [
            other
            for other in self.chance.sample(self.scripts, len(self.scripts))
            if other.course == "straight" and not (other.faults or other.is_lent) and fits(other)
        ]
        found = next(
            other
            for days in (150, 75, 0)
            for other in clean
            if other.filed_at < script.filed_at - timedelta(days=days)
        )
        found.is_lent = True
        return found


def _ask(script: Script, standard: Example, chance: Random) -> None:
    amount = standard.amount * 100
    if standard.kind is StandardKind.per_unit:
        script.units = chance.randrange(1, 4)
        amount *= script.units
    elif standard.kind is StandardKind.percent:
        script.basis_fen = chance.randrange(40, 300) * 10_000_00
        amount = min(amount, script.basis_fen * (standard.hundredths or 0) // 10_000)
    script.asked_fen = script.entitled_fen = amount
