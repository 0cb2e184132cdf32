"""Rewards that come back, failures on the bank's list, contested attributions, kept clocks."""

import sqlalchemy as sa
from alembic import op

from models.migrations.checks import widen_check

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ACTIONS = (
    "submit",
    "withdraw",
    "lapse",
    "pass_pre_review",
    "return_pre_review",
    "refuse_pre_review",
    "undo_pre_review",
    "reopen",
    "apply",
    "pass_re_review",
    "approve",
    "return_office",
    "refuse_office",
    "ask_agency",
    "request_recall",
    "answer_recall",
    "hold",
    "release",
    "pay_agency",
    "payment_failed",
    "reward_enterprise",
    "reward_failed",
    "close_without_reward",
)
_VERDICTS = (
    "matched",
    "not_entered",
    "other_amount",
    "other_account",
    "other_name",
    "doubled",
    "came_back",
    "unknown",
)
_LIFE = (
    "draft_agreement",
    "edit_agreement",
    "file_agreement",
    "take_back_filing",
    "confirm_filing",
    "return_filing",
    "begin_work",
    "add_milestone",
    "finish_milestone",
    "record_advance",
    "record_result",
    "propose_amendment",
    "confirm_amendment",
    "turn_down_amendment",
    "conclude_agreement",
    "fail_agreement",
    "end_agreement",
    "contest_attribution",
    "uphold_contest",
    "dismiss_contest",
)
_STATES = (
    "draft", "submitted", "returned", "on_hold", "pre_reviewed", "applied", "re_reviewed",
    "approved", "agency_paid", "closed", "refused", "withdrawn",
)  # fmt: skip
_CONTESTED = "contest = 'raised'"


def upgrade() -> None:
    """Three columns hold more than before; an agreement says whether its attribution is contested."""
    widen_check("claim_event", "action", "action", _ACTIONS)
    widen_check("bank_row", "verdict", "verdict", _VERDICTS)
    widen_check("agreement_event", "action", "lifeaction", _LIFE)
    # Said in SQL: for its CHECKs, SQLite would otherwise copy the table and lose the others.
    op.execute(
        "ALTER TABLE agreement ADD COLUMN contest VARCHAR(24) NOT NULL DEFAULT 'none'"
        " CONSTRAINT ck_agreement_contest"
        " CHECK (contest IN ('none', 'raised', 'upheld', 'dismissed'))"
        " CONSTRAINT ck_agreement_contested_failure"
        " CHECK (contest = 'none' OR outcome = 'failed')"
    )
    op.execute(f"CREATE INDEX ix_agreement_contested ON agreement (id) WHERE {_CONTESTED}")
    op.create_table(
        "clock_tally",
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("state", "left_on", "since_on", name=op.f("pk_clock_tally")),
    )
    op.execute(first_clocks(op.get_bind().dialect.name))


def first_clocks(dialect: str) -> str:
    """The statement that counts, out of the steps there are, what the steps keep from now on."""
    day = {
        "sqlite": "date({}.at_utc, '+8 hours')",
        "postgresql": "CAST({}.at_utc AT TIME ZONE 'Asia/Shanghai' AS date)",
    }[dialect]
    return f"""
        INSERT INTO clock_tally (state, left_on, since_on, claims)
        SELECT e.from_state, {day.format("e")}, {day.format("a")}, count(*)
        FROM claim_event e JOIN claim_event a ON a.claim_id = e.claim_id AND a.position = (
            SELECT max(b.position) FROM claim_event b
            WHERE b.claim_id = e.claim_id AND b.position < e.position
            AND b.to_state = e.from_state AND b.action NOT IN
            ('release', 'request_recall', 'answer_recall', 'undo_pre_review')
        )
        WHERE e.from_state IN ('submitted', 'applied', 're_reviewed', 'approved', 'agency_paid')
        AND e.action IN ('pass_pre_review', 'return_pre_review', 'refuse_pre_review',
            'pass_re_review', 'approve', 'return_office', 'refuse_office', 'ask_agency',
            'pay_agency', 'reward_enterprise')
        AND NOT (e.action = 'pass_pre_review' AND 'undo_pre_review' = coalesce((
            SELECT u.action FROM claim_event u
            WHERE u.claim_id = e.claim_id AND u.position > e.position
            AND u.action IN ('pass_pre_review', 'undo_pre_review')
            ORDER BY u.position LIMIT 1
        ), ''))
        GROUP BY 1, 2, 3
    """  # noqa: S608 - of our own words alone
