"""What ratings are read from is kept by quarter as well."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SPANS = (
    "satisfaction_cases", "satisfaction_quarters", "first_pass_cases", "first_pass_good",
    "timeliness_cases", "timeliness_good", "lapsed", "false_papers",
)  # fmt: skip
_QUARTER = (
    "substr(span, 1, 5) || 'Q' || CAST((CAST(substr(span, 6, 2) AS INTEGER) + 2) / 3 AS VARCHAR(1))"
)


def upgrade() -> None:
    """A quarter is the sum of its months."""
    _add_quarters("agency_span", ("agency_id",), _SPANS)
    _add_quarters("agency_span_outcome", ("agency_id", "service_code"), ("cases", "good"))


def _add_quarters(table: str, keys: tuple[str, ...], counts: tuple[str, ...]) -> None:
    named, sums = ", ".join((*keys, *counts)), ", ".join(f"sum({name})" for name in counts)
    of = ", ".join(keys)
    op.execute(
        f"INSERT INTO {table} (span, {named}) SELECT {_QUARTER} AS quarter, {of}, {sums} "  # noqa: S608 - nothing from outside
        f"FROM {table} WHERE substr(span, 6, 1) IN ('0', '1') GROUP BY quarter, {of}"
    )
