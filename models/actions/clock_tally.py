"""How long claims lay with the bodies (办理时限), kept with every step, so that no page ever looks
through a million steps."""

from __future__ import annotations

from sqlmodel import Session

from models.actions.course import Course
from models.actions.kept_counts import add_to
from models.clock import office_day
from models.queries.history import last_arrival, last_step
from models.rules.claim_workflow import Action, State
from models.rules.month_calendar import CLOCK_STATES, LEAVES
from models.tables.claims import ClockTally


def keep_clocks(session: Session, course: Course, left: State) -> None:
    """Count that a claim left a body, from arrival to decision, whatever was held in between; a
    pass that is undone never happened.

    Only the holder of the record's head may call it: the counts are locked after it.

    Args:
        session: the writing transaction.
        course: the step, taken.
        left: the state the claim stood in before it.
    """
    if course.step.action is Action.undo_pre_review:
        passed = last_step(course.history, Action.pass_pre_review)
        assert passed is not None, "there is nothing else to undo"
        before = course.history[: passed.position - 1]
        arrived = last_arrival(before, State.submitted)
        left_on, more, left = office_day(passed.at_utc), -1, State.submitted
    else:
        arrived = last_arrival(course.history, left)
        left_on, more = office_day(course.at_utc), 1
        if course.step.action not in LEAVES or left not in CLOCK_STATES:
            return
    assert arrived is not None, "a claim stands where a step has led it"
    since_on = office_day(arrived.at_utc)
    row = {"state": left, "since_on": since_on, "left_on": left_on, "claims": more}
    add_to(session, ClockTally, [row])
