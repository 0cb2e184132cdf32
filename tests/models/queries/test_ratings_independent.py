"""Ratings computed once more in another way: frames straight from the rows, plain numbers, SciPy's
own Beta distribution; they agree to the last digit shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import holidays
import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta
from sqlalchemy import text

from models.database import session
from models.queries.rating_signals import counted_signals, kept_signals
from models.rules.months import YearMonth
from models.rules.rating import Rating, Scheme, Window, ratings
from tests.models.queries.rating_field import Field, make_field
from tests.signals import signals_agree
from tests.world import TODAY, Opener

WINDOWS = (
    Window.half_year(2025, 2), Window.half_year(2026, 1), Window.half_year(2026, 2),
    Window.twelve_months(YearMonth(2026, 10)),
)  # fmt: skip
ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)


@pytest.fixture
def field(opened: Opener) -> Field:
    """The field, the test's own."""
    made: Field = opened(make_field)
    return made


def test_what_is_kept_is_what_a_count_gives(field: Field) -> None:
    with session(field.engine) as current:
        assert signals_agree(current)
        for window in WINDOWS:
            kept = kept_signals(current, window, TODAY)
            assert kept == counted_signals(current, window, TODAY)


@ONE
@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: str(window.name))
def test_frames_and_scipy_come_to_the_same_digits(field: Field, window: Window) -> None:
    with session(field.engine) as current:
        found = ratings(kept_signals(current, window, TODAY), Scheme())
    expected = rated(Frames(field, window), window)
    assert {one.agency_id: shown(one) for one in found} == expected
    assert sum(1 for one in found if one.mark) >= 6
    assert len({one.mark for one in found}) >= 3


def shown(one: Rating) -> tuple[Any, ...]:
    """Whatever a screen shows of a rating."""
    if one.mark is None:
        return (str(one.unrated),)
    ends = (one.low_hundredths, one.high_hundredths)
    return (one.score_hundredths, *ends, str(one.mark), *(str(gate) for gate in one.gates))


# ---------------------------------------------------------------- the rows, as frames


class Frames:
    """The tables, and what of a window is made of them: a row a case, with `agency` and `good`."""

    def __init__(self, field: Field, window: Window) -> None:
        self.engine, self.window = field.engine, window
        self.end = min(TODAY, window.last_day)
        self.agreement, self.result = self.table("agreement"), self.table("result")
        self.claim = self.table("claim").merge(
            self.result[["id", "obtained_on"]], left_on="result_id", right_on="id",
            suffixes=("", "_result"),
        )  # fmt: skip
        self.events, passed = self.of_events()
        standing = self.claim[~self.claim["state"].isin(["refused", "withdrawn"])]
        self.passed = standing.merge(passed, left_on="id", right_on="claim_id")

    def table(self, name: str) -> pd.DataFrame:
        """A table; its days are days."""
        with self.engine.connect() as connection:
            frame = pd.read_sql(text(f"SELECT * FROM {name}"), connection)
        for column in frame.columns:
            if column.endswith("_on"):
                frame[column] = pd.to_datetime(frame[column])
        return frame

    def of_events(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Decisions at pre-review that stand, and each claim's first pass among them."""
        events = self.table("claim_event").sort_values(["claim_id", "position"])
        at = pd.to_datetime(events["at_utc"], utc=True).dt.tz_convert("Asia/Shanghai")
        events["on"] = at.dt.tz_localize(None).dt.normalize()
        undone = events.groupby("claim_id")["action"].shift(-1).eq("undo_pre_review")
        stands = events["action"].str.endswith("_pre_review") & ~undone
        decided = events[stands & events["action"].ne("undo_pre_review")]
        passed = decided[decided["action"].eq("pass_pre_review")].groupby("claim_id")["on"].min()
        return events.assign(decided=events.index.isin(decided.index)), passed.reset_index()

    def inside(self, frame: pd.DataFrame, column: str) -> pd.DataFrame:
        """The rows of the window."""
        return frame[frame[column].between(*map(pd.Timestamp, self.days()))]

    def days(self) -> tuple[date, date]:
        return self.window.first_day, self.window.last_day

    def outcomes(self) -> pd.DataFrame:
        """A row an agreement that came out, with the day and the earliest result."""
        by_claim = self.passed.groupby("agreement_id").agg(
            passed_on=("on", "min"), claimed=("obtained_on", "min")
        )
        recorded = self.table("agreement_result").merge(
            self.result, left_on="result_id", right_on="id"
        )
        known = recorded.groupby("agreement_id")["obtained_on"].min().rename("recorded")
        frame = self.agreement.set_index("id").join(by_claim).join(known)
        concluded = frame["concluded_on"].where(frame["outcome"].eq("succeeded"))
        frame["counted"] = pd.concat([concluded, frame["passed_on"]], axis=1).min(axis=1)
        frame["good"] = frame["counted"].notna().astype(float)
        is_agencys = frame["outcome"].eq("failed") & frame["attribution"].eq("agency")
        frame["counted"] = frame["counted"].fillna(frame["concluded_on"].where(is_agencys))
        frame["obtained"] = frame[["claimed", "recorded"]].min(axis=1)
        frame["started"] = frame["work_started_on"].fillna(frame["filing_confirmed_on"])
        frame["standard"] = frame["service_code"].map(
            self.table("service_type").set_index("code")["standard_working_days"]
        )
        return frame

    def times(self) -> pd.DataFrame:
        """Agreements with a time, and those that are late without a result."""
        frame, passed = self.outcomes(), working_days()
        timed = self.inside(frame[frame["good"].eq(1) & frame["obtained"].notna()], "counted")
        timed = timed[timed["obtained"] >= timed["started"]].copy()
        took = passed[timed["obtained"]].to_numpy() - passed[timed["started"]].to_numpy()
        timed["good"] = (took <= timed["standard"]).astype(float)
        open_ = frame[frame["outcome"].eq("open") & frame["obtained"].isna()]
        open_ = open_[open_["started"] <= pd.Timestamp(self.end)].copy()
        waited = passed[pd.Timestamp(self.end)] - passed[open_["started"]].to_numpy()
        late = open_[waited > 2 * open_["standard"]].assign(good=0.0)
        return pd.concat([timed, late])

    def answers(self) -> pd.DataFrame:
        """Answers with satisfaction."""
        given = self.table("confirmation").dropna(subset=["satisfaction"])
        frame = self.inside(given, "confirmed_on").merge(
            self.agreement[["id", "agency_id"]], left_on="agreement_id", right_on="id"
        )
        return frame.assign(good=(frame["satisfaction"] - 1) / 4)

    def first_decisions(self) -> pd.DataFrame:
        """Each claim's first decision."""
        first = self.events[self.events["decided"]].groupby("claim_id").first().reset_index()
        frame = self.inside(first, "on").merge(self.claim, left_on="claim_id", right_on="id")
        return frame.assign(good=frame["action"].eq("pass_pre_review").astype(float))

    def lapsed(self) -> pd.Series:
        """Lapses by agency."""
        lapsed = self.inside(self.events[self.events["action"].eq("lapse")], "on")
        return (
            lapsed.merge(self.claim, left_on="claim_id", right_on="id").groupby("agency_id").size()
        )

    def gates(self) -> dict[int, set[str]]:
        """Gates by agency."""
        refused = self.events[self.events["action"].str.startswith("refuse")]
        last = self.inside(refused.groupby("claim_id").last().reset_index(), "on")
        last = last[last["reasons"].astype(str).str.contains("R10")]
        false = last.merge(self.claim[self.claim["state"].eq("refused")], left_on="claim_id",
                           right_on="id")  # fmt: skip
        paid = self.inside(self.table("confirmation").query("paid_before_fen > 0"), "confirmed_on")
        paid = paid.merge(self.agreement, left_on="agreement_id", right_on="id")
        agreed = self.inside(self.agreement.query("upfront_fee_fen > 0"), "signed_on")
        found: dict[int, set[str]] = {}
        for name, agencies in (("fraud", false["agency_id"]), ("fee_up_front", paid["agency_id"]),
                               ("fee_up_front", agreed["agency_id"])):  # fmt: skip
            for agency in agencies:
                found.setdefault(agency, set()).add(name)
        return found

    def members(self) -> pd.DataFrame:
        """Agencies of the window and their months."""
        agency = self.table("agency").set_index("id")
        first, end = pd.Timestamp(self.window.first_day), pd.Timestamp(self.end)
        here = agency["admission"].ne("applied") & (agency["joined_on"] <= end)
        here &= agency["removed_on"].isna() | (agency["removed_on"] >= first)
        left = agency["removed_on"].fillna(end + pd.Timedelta(days=1))
        until = left.where(left < end + pd.Timedelta(days=1), end + pd.Timedelta(days=1))
        whole = [
            max(k for k in range(-1, 60) if k < 0 or joined + pd.DateOffset(months=k) <= on)
            for joined, on in zip(agency["joined_on"], until, strict=True)
        ]
        return agency.assign(months=whole)[here]


def working_days() -> pd.Series:
    """Every day → how many working days there were up to it."""
    known = holidays.country_holidays("CN", years=range(2025, 2028), expand=False)
    days = [date(2025, 1, 1) + timedelta(days=at) for at in range(900)]
    works = [known.is_working_day(day) for day in days]
    return pd.Series(np.cumsum(works), index=pd.to_datetime(days))


# ---------------------------------------------------------------- the formula, in plain numbers


def rated(frames: Frames, window: Window) -> dict[int, tuple[Any, ...]]:
    """Every agency of the window → what a screen shows."""
    members = frames.members()
    outcomes = frames.inside(frames.outcomes(), "counted")
    outcomes = outcomes[outcomes["agency_id"].isin(members.index)]
    others = [
        frame[frame["agency_id"].isin(members.index)]
        for frame in (frames.answers(), frames.first_decisions(), frames.times())
    ]
    lapsed, gates = frames.lapsed(), frames.gates()
    return {
        agency: one(agency, row.months, outcomes, others, lapsed.get(agency, 0),
                    sorted(gates.get(agency, ())))
        for agency, row in members.iterrows()
    }  # fmt: skip


def one(
    agency: int, months: int, outcomes: pd.DataFrame, others: list[pd.DataFrame], lapsed: int,
    gates: list[str],
) -> tuple[Any, ...]:  # fmt: skip
    """One agency among the others."""
    own = outcomes[outcomes["agency_id"] == agency]
    if months < 6 or len(own) < 5:
        return ("young" if months < 6 else "few",)
    peers = outcomes[outcomes["agency_id"] != agency]
    of_all = (peers["good"].sum() + 1) / (len(peers) + 2)
    expected = np.mean([_in_service(peers, service, of_all) for service in own["service_code"]])
    mean, variance = _posterior(own["good"], expected)
    total = 40 * min(mean * of_all / expected, 1.0)
    spread = 40**2 * variance * (of_all / expected) ** 2
    for weight, frame in zip((20, 15, 15), others, strict=True):
        rest = frame[frame["agency_id"] != agency]["good"]
        mean, variance = _posterior(
            frame[frame["agency_id"] == agency]["good"], (rest.sum() + 1) / (len(rest) + 2)
        )
        total, spread = total + weight * mean, spread + weight**2 * variance
    total += max(0.0, 10 - lapsed * 10 / len(own))
    mean, variance = total / 100, spread / 10_000
    size = mean * (1 - mean) / variance - 1
    low, high = (100 * beta.ppf(q, mean * size, (1 - mean) * size) for q in (0.05, 0.95))
    mark = next((m for m, least in (("A", 88), ("B", 75), ("C", 60)) if total >= least), "D")
    mark = "B" if mark == "A" and low <= 75 else mark
    digits = [int(np.floor(points * 100 + 0.5)) for points in (total, low, high)]
    return (*digits, "D" if gates else mark, *gates)


def _in_service(peers: pd.DataFrame, service: str, of_all: float) -> float:
    there = peers[peers["service_code"] == service]
    if there["agency_id"].nunique() < 3 or len(there) < 20:
        return of_all
    return float((there["good"].sum() + 1) / (len(there) + 2))


def _posterior(good: pd.Series, peers: float) -> tuple[float, float]:
    held = beta(10 * peers + good.sum(), 10 * (1 - peers) + len(good) - good.sum())
    return float(held.mean()), float(held.var())
