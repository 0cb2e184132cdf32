"""The month's draw remembers which agencies were graded low."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Earlier draws had no low grades to tell apart."""
    kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column(
        "sampling_draw", sa.Column("low_grade", kind, nullable=False, server_default="[]")
    )
    with op.batch_alter_table("sampling_draw") as batch_op:
        batch_op.alter_column("low_grade", server_default=None)
