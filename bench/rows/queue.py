"""The queue: the first fifty of the pending."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from bench.django_client import Admin
from bench.servers import django_admin, our_app, plain_streamlit
from bench.stage import Stage
from bench.streamlit_client import Visitor
from bench.timing import Line, Spread, against, alternately, middle, ms

_LIST = "/admin/zone/claim/?state__exact=submitted"


def queue(stage: Stage) -> list[Line]:
    """The real page beside the admin's changelist and a plain page, and beside itself on the small
    database.

    Measured from the question sent on an open connection to the last byte of the answer, without a
    browser. Ours does everything it does for a reviewer: reads who is there, draws filters, counts
    and findings in short, and asks for fifty rows (its own pages hold fifteen) because the admin
    shows fifty. The admin joins the same names, counts only what its filter leaves, has its
    templates cached and its connection kept. The plain page reads fifty rows and draws them,
    nothing else.
    """
    small, large = stage.folder_of("queue-small"), stage.folder_of("queue-large")
    with contextlib.ExitStack() as open_:
        serve = open_.enter_context
        on_small = serve(our_app(small, stage.ours(stage.small)))
        on_large = serve(our_app(large, stage.ours(stage.large)))
        django = serve(django_admin(large, stage.theirs(stage.large)))
        plain = serve(plain_streamlit(large, stage.ours(stage.large)))
        token = stage.tokens[stage.large][0]
        little = serve(Visitor(on_small, "claims", token=stage.tokens[stage.small][0]))
        ours = serve(Visitor(on_large, "claims", token=token))
        plainly, admin = serve(Visitor(plain, "")), Admin(django, "admin1")
        spreads = alternately(
            ours.rerun,
            lambda: admin.get(_LIST),
            little.rerun,
            plainly.rerun,
            rounds=stage.rounds,
            warm=5,
        )
        measured = len(spreads[0].times_ms)
        runs = _runs(large, measured), _runs(small, measured)
        new = alternately(
            lambda: Visitor(on_large, "claims", token=token).close(),
            lambda: (admin.new_connection(), admin.get(_LIST)),
            rounds=max(6, stage.rounds // 2),
        )
    return [*_against_peers(spreads, runs[0]), *_against_itself(stage, spreads, runs), _new(new)]


Runs = list[dict[str, float]]


def _runs(folder: Path, count: int) -> Runs:
    lines = (folder / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[-count:]]


def _against_peers(spreads: tuple[Spread, ...], runs: Runs) -> list[Line]:
    ours, django, _, plain = spreads
    script, computed = (middle([run[of] for run in runs]) for of in ("ms", "cpu_ms"))
    note = (
        f"the script run itself {ms(script)}, of it {ms(computed)} computing;"
        f" {runs[-1]['statements']:.0f} statements"
    )
    return [
        against("queue, first 50 of the pending", ours, django, at_most=0.5, note=note),
        against("queue, beside a plain page", ours, plain, at_most=None, name="plain Streamlit"),
    ]


def _against_itself(
    stage: Stage, spreads: tuple[Spread, ...], runs: tuple[Runs, Runs]
) -> list[Line]:
    if stage.is_quick:
        return []
    ours, _, little, _ = spreads
    statements = {run["statements"] for part in runs for run in part}
    growth = ours.median / little.median
    return [
        Line(
            f"queue, {stage.small:,} → {stage.large:,} claims",
            f"{ms(little.median)} → {ms(ours.median)}",
            "itself",
            f"{growth:.2f} ×",
            "≤ 1.3 ×",
            growth <= 1.3,
        ),
        Line(
            "queue, statements sent on either",
            " and ".join(f"{count:.0f}" for count in sorted(statements)),
            "itself",
            "equal" if len(statements) == 1 else "differ",
            "equal",
            len(statements) == 1,
        ),
    ]


def _new(new: tuple[Spread, ...]) -> Line:
    return against(
        "queue in a new session",
        *new,
        at_most=0.75,
        note="a new connection on both sides; signed in before",
    )
