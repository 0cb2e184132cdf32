"""The stage: the people of the year and what they do, each through the action a real person would
use."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from models.actions.claims import (
    ClaimDraft,
    Correction,
    correct_claim,
    draft_claim,
    take_claim,
)
from models.actions.evidence import add_evidence, keep_file
from models.actions.ledger import PAYS
from models.actions.members import edit_enterprise
from models.actions.months import send_month
from models.actions.rating_counts import note_answer
from models.actions.record import record
from models.actions.steps import Seen, seen_now, system_actor, take_step
from models.clock import now_utc, office_day, today
from models.queries.month_sending import sheet_seen
from models.queries.people import actor_named
from models.queries.sealing import recorded
from models.queries.vouching import own_digest
from models.rules.claim_workflow import Action, State
from models.rules.errors import SeenIsStale
from models.rules.money import yuan
from models.rules.months import YearMonth
from models.rules.payments import Voucher
from models.rules.roles import Actor
from models.tables.agreements import Confirmation, ConfirmationBasis, Result
from models.tables.claims import Claim, Evidence
from models.tables.organisations import Enterprise
from models.tables.reference import EvidenceKind, RequiredEvidence, ServiceType
from seed.year.cast import Cast
from seed.year.papers import paper, picture
from seed.year.scripts import Script
from seed.year.timeline import Timeline, office_hours

_INVOICE, _EXPLANATION = "M04", "M11"


@dataclass(slots=True)
class Stage:
    """What the courses act through; `session` is the transaction of the day being played."""

    timeline: Timeline
    cast: Cast
    session: Session = field(init=False)
    needed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    paper_names: dict[str, str] = field(default_factory=dict)
    service_names: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    vouchers: int = 0

    def learn(self) -> None:
        """Read what the reference data say of services and papers."""
        execute = self.session.execute
        kinds = execute(select(col(EvidenceKind.code), col(EvidenceKind.name_zh)))
        self.paper_names = dict(kinds.all())
        services = execute(select(col(ServiceType.code), col(ServiceType.name_zh)))
        self.service_names = dict(services.all())
        pairs = select(
            col(RequiredEvidence.result_kind_code), col(RequiredEvidence.evidence_kind_code)
        )
        for kind, code in execute(pairs.order_by(col(RequiredEvidence.evidence_kind_code))):
            self.needed[kind] = (*self.needed.get(kind, ()), code)

    # ------------------------------------------------------------ time and people

    def later(self, script: Script, fewest: int, most: int) -> datetime:
        """Some instant in office hours, so many working days from now."""
        day = office_day(now_utc())
        days = script.chance.randint(fewest, most)
        return office_hours(self.timeline.forward(day, days), script.chance)

    def actor(self, username: str) -> Actor:
        """Who has that account."""
        if username not in self.actors:
            self.actors[username] = actor_named(self.session, username)
        return self.actors[username]

    def reviewer(self, script: Script) -> str:
        """A reviewer without a tie to the agency."""
        free = ("reviewer", "reviewer3") if script.pact.house.number == 7 else None
        return script.chance.choice(free or ("reviewer", "reviewer2", "reviewer3"))

    # ------------------------------------------------------------ a claim

    def state(self, script: Script) -> State:
        """Where a claim stands, as its last step said."""
        return self.states[script.number]

    def file(self, script: Script) -> None:
        """File a claim with its papers: the agency itself, or the alliance from a workbook."""
        who = "intake" if script.is_imported else script.pact.house.username
        actor = self.actor(who)
        claim = draft_claim(self.session, actor, _draft(script), on_behalf=script.is_imported)
        if not script.is_imported:
            self._answer_for_enterprise(claim, script)
        self._attach(claim, actor, script)
        self._take(script, Action.submit, actor, on_behalf=script.is_imported)

    def step(
        self,
        script: Script,
        action: Action,
        username: str,
        reasons: Iterable[str] = (),
        note: str = "",
        subsidy_fen: int | None = None,
    ) -> None:
        """Take one step of the workflow, having seen the claim as it is."""
        actor = self.actor(username)
        words: dict[str, Any] = {"reasons": tuple(reasons), "note": note or script.remark}
        if action in PAYS:
            self.vouchers += 1
            words["voucher"] = Voucher(f"PZ{today():%Y%m%d}{self.vouchers:04d}", today())
        try:
            seen = self._seen_last(script)
            self._take(script, action, actor, seen, subsidy_fen=subsidy_fen, **words)
        except SeenIsStale:  # something around it has moved since: look again
            claim = self.session.execute(_claim_of(script)).scalar_one()
            seen = seen_now(self.session, actor, claim)
            self._take(script, action, actor, seen, subsidy_fen=subsidy_fen, **words)

    def _take(
        self,
        script: Script,
        action: Action,
        actor: Actor,
        seen: Seen | None = None,
        **words: Any,
    ) -> None:
        draws = action is Action.approve  # without room it would leave half a commitment
        with self.session.begin_nested() if draws else nullcontext():
            taken = take_step(self.session, actor, script.number, action, seen, **words)
        self.states[script.number] = taken.state

    def _seen_last(self, script: Script) -> Seen:
        """What the queue keeps of the claim, which costs nothing to read."""
        claim = self.session.execute(_claim_of(script)).scalar_one()
        return Seen(claim.version, claim.facts_digest)

    def close_without_reward(self, script: Script) -> None:
        """The system closes what triggers no reward."""
        self._take(script, Action.close_without_reward, system_actor())

    def lapse(self, script: Script) -> None:
        """The system withdraws what nobody corrected in time."""
        self._take(script, Action.lapse, system_actor())

    def take(self, script: Script, username: str) -> None:
        """Take a claim for long work."""
        take_claim(self.session, self.actor(username), script.number)

    def send(self, month: YearMonth) -> None:
        """Send a month's unified application."""
        lead = self.actor("lead")
        seen = sheet_seen(self.session, lead, str(month))
        sent = send_month(self.session, lead, str(month), seen)
        for row in sent.results:
            if row.is_done:
                self.states[row.number] = State.applied

    def correct(self, script: Script, faults: Iterable[str]) -> None:
        """The agency puts right what was named, and submits again."""
        actor = self.actor(script.pact.house.username)
        for fault in faults:
            if fault == "F05_paper":
                self._bring_missing_paper(script, actor)
            elif correction := _correction(script, fault):
                correct_claim(self.session, actor, script.number, correction)
        self._take(script, Action.submit, actor)

    def explain(self, script: Script) -> None:
        """The agency answers an office with one more paper."""
        actor = self.actor(script.pact.house.username)
        content = paper("补正说明", (f"申请编号：{script.number}", "已按要求补充说明。"))
        add_evidence(self.session, actor, script.number, _EXPLANATION, "M11-补正说明.pdf", content)
        self._take(script, Action.submit, actor)

    def ask_less(self, script: Script) -> None:
        """The agency corrects the amount downwards: a fact the offices decided on."""
        actor = self.actor(script.pact.house.username)
        correction = Correction(asked_fen=script.asked_fen * 9 // 1000 * 100)
        correct_claim(self.session, actor, script.number, correction)
        self._take(script, Action.submit, actor)

    def note_certificate(self, script: Script) -> None:
        """The alliance enters a new high-tech certificate on the member's record."""
        member = script.pact.member
        member.entry = replace(
            member.entry,
            hnte_status="recognised",
            hnte_certificate_no=script.printed,
            certified_on=script.obtained_on,
        )
        version = self.session.get_one(Enterprise, member.id).version
        edit_enterprise(
            self.session, self.actor("intake"), member.entry.uscc, member.entry, version
        )

    # ------------------------------------------------------------ papers

    def _answer_for_enterprise(self, claim: Claim, script: Script) -> None:
        """The enterprise's own answer, which neither agency nor alliance may give."""
        if script.requested_on is None:
            return
        has_answered = script.confirmed_on is not None
        answer = Confirmation(
            agreement_id=claim.agreement_id,
            result_id=claim.result_id,
            basis=ConfirmationBasis.given,
            requested_on=script.requested_on,
            confirmed_on=script.confirmed_on,
            paid_before_fen=script.paid_before_fen if has_answered else None,
            paid_after_fen=script.paid_after_fen if has_answered else None,
            satisfaction=script.satisfaction if has_answered else None,
            recorded_at_utc=now_utc(),
        )
        self.session.add(answer)
        self.session.flush()
        note_answer(self.session, claim.agency_id, (None, None), answer)
        stated = ("basis", "requested_on", "confirmed_on", "paid_before_fen", "paid_after_fen",
                  "satisfaction", "is_denied")  # fmt: skip
        after = recorded({name: getattr(answer, name) for name in stated})
        known = self.session.get_one(Result, claim.result_id).normalised
        subject = f"confirmation:{script.pact.number}:{known}"
        record(self.session, system_actor(), "confirm_service", subject, None, after)

    def _attach(self, claim: Claim, actor: Actor, script: Script) -> None:
        """The papers of a draft at once: nobody takes its findings before it is submitted."""
        codes = self.needed.get(script.result_kind, ("M01",))
        if script.missing:
            script.missing = {codes[-1]}
        vouched = {"version": claim.version, "own": own_digest(claim)}
        for code in codes:
            if code not in script.missing:
                after = self._keep(claim, actor, script, code)
                subject = f"claim:{claim.number}"
                record(self.session, actor, "add_evidence", subject, None, after | vouched)

    def _keep(self, claim: Claim, actor: Actor, script: Script, code: str) -> dict[str, Any]:
        name, content = self._paper(script, code)
        sha256 = _kept(content)
        self.session.add(
            Evidence(
                claim_id=claim.id or 0,
                kind_code=code,
                file_name=name,
                media_type="image/png" if code == _INVOICE else "application/pdf",
                size_bytes=len(content),
                sha256=sha256,
                uploaded_by_id=actor.account_id,
                uploaded_at_utc=now_utc(),
            )
        )
        return {"kind": code, "name": name, "sha256": sha256, "bytes": len(content)}

    def _bring_missing_paper(self, script: Script, actor: Actor) -> None:
        for code in sorted(script.missing):
            name, content = self._paper(script, code)
            add_evidence(self.session, actor, script.number, code, name, content)
        script.missing = set()

    def _paper(self, script: Script, code: str) -> tuple[str, bytes]:
        """Claims of the open month have papers of their own; older ones share a specimen of each
        kind."""
        title = self.paper_names[code]
        service = self.service_names[script.pact.service]
        is_open = script.is_open
        if code == _INVOICE:
            number = script.invoice_number or "-"
            figures = (f"No. {number}", f"CNY {yuan(script.pact.fee_fen)}", f"{script.obtained_on}")
            return f"{code}-{title}.png", picture("INVOICE", figures if is_open else ("SPECIMEN",))
        lines = _lines(script, service) if is_open else (f"服务：{service}", "样张")
        return f"{code}-{title}.pdf", paper(title, lines)


def _claim_of(script: Script) -> Select[Any]:
    return select(Claim).where(col(Claim.number) == script.number)


def _lines(script: Script, service: str) -> tuple[str, ...]:
    pact = script.pact
    return (
        f"申请编号：{script.number}",
        f"协议编号：{pact.number}",
        f"企业：{pact.member.entry.name}",
        f"服务机构：{pact.house.name}",
        f"服务：{service}",
        f"服务费：{yuan(pact.fee_fen)} 元，预收 {yuan(pact.upfront_fen)} 元",
        f"成果编号：{script.printed}",
        f"取得日期：{script.obtained_on}",
    )


def _draft(script: Script) -> ClaimDraft:
    draft = ClaimDraft(
        number=script.number,
        agreement_id=script.pact.id,
        result_kind_code=script.result_kind,
        result_printed=script.printed,
        obtained_on=script.obtained_on,
        filed_month=str(script.month),
        filed_on=script.filed_on,
        asked_fen=script.asked_fen,
        basis_fen=script.basis_fen,
        units=script.units,
        invoice_number=script.invoice_number,
        invoice_fen=script.invoice_fen,
        payee_name=script.payee_name,
        payee_account=script.payee_account,
    )
    if not script.is_imported:
        return draft
    draft = replace(draft, requested_on=script.requested_on)
    if script.confirmed_on is None:
        return draft
    return replace(
        draft,
        confirmed_on=script.confirmed_on,
        paid_before_fen=script.paid_before_fen,
        paid_after_fen=script.paid_after_fen,
        satisfaction=script.satisfaction,
    )


def _correction(script: Script, fault: str) -> Correction | None:
    match fault:
        case "F08":
            return Correction(asked_fen=script.entitled_fen)
        case "F13" | "F13_empty":
            return Correction(payee_account=script.pact.house.account)
        case "F06_exceeded":
            return Correction(
                invoice_number=f"{script.invoice_number}9", invoice_fen=script.pact.fee_fen
            )
    return None


@lru_cache(maxsize=512)
def _kept(content: bytes) -> str:
    return keep_file(content)
