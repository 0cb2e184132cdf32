"""City targets: places, plans, indicators, promises, published figures, work items."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of this revision."""
    op.create_table(
        "place",
        sa.Column("code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("parent_code", sqlmodel.AutoString(length=24), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "zone",
                "city",
                "county_city",
                "province",
                name="placekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note_zh", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("note_en", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["place.code"], name=op.f("fk_place_parent_code_place")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_place")),
    )
    op.create_table(
        "theme",
        sa.Column("code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_theme")),
    )
    op.create_table(
        "indicator",
        sa.Column("code", sqlmodel.AutoString(length=48), nullable=False),
        sa.Column("name_zh", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("name_en", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("unit", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column("unit_en", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("theme_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "up",
                "down",
                "reach",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "stock",
                "cumulative",
                "flow",
                "rate",
                "growth",
                name="indicatorkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("definition_zh", sqlmodel.AutoString(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_indicator_theme_code_theme")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_indicator")),
    )
    op.create_table(
        "plan",
        sa.Column("code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("title_zh", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("title_en", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("number", sqlmodel.AutoString(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("place_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("note_zh", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("note_en", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_code"], ["place.code"], name=op.f("fk_plan_place_code_place")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_plan")),
    )
    op.create_table(
        "actual",
        sa.Column("id", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column("place_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("indicator_code", sqlmodel.AutoString(length=48), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("unit", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reported",
                "part_year",
                "derived",
                "forecast",
                name="actualkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "grade",
            sa.Enum(
                "high",
                "medium",
                "low",
                name="grade",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("source_title", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("source_url", sqlmodel.AutoString(length=400), nullable=False),
        sa.Column("published", sqlmodel.AutoString(length=10), nullable=False),
        sa.Column("note_zh", sqlmodel.AutoString(length=400), nullable=False),
        sa.CheckConstraint(
            "period_start IS NULL OR period_start <= as_of", name=op.f("ck_actual_period")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_actual_indicator_code_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["place_code"], ["place.code"], name=op.f("fk_actual_place_code_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actual")),
    )
    with op.batch_alter_table("actual", schema=None) as batch_op:
        batch_op.create_index(
            "ix_actual_place_indicator", ["place_code", "indicator_code", "as_of"], unique=False
        )

    op.create_table(
        "target",
        sa.Column("id", sqlmodel.AutoString(length=12), nullable=False),
        sa.Column("plan_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("place_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("clause", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("indicator_code", sqlmodel.AutoString(length=48), nullable=False),
        sa.Column(
            "comparison",
            sa.Enum(
                "at_least",
                "at_most",
                "reach",
                "more_than",
                "about",
                "range",
                "increase_by",
                "growth_rate",
                "share",
                "threshold",
                name="comparison",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("value_max", sa.String(length=32), nullable=True),
        sa.Column("unit", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column("base_year", sa.Integer(), nullable=True),
        sa.Column("base_value", sa.String(length=32), nullable=True),
        sa.Column("target_year", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "stock",
                "increment",
                "flow",
                "rate",
                "growth",
                "annual_growth",
                "multiple",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "responsible_units",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("lead_unit", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("derived_zh", sqlmodel.AutoString(length=120), nullable=False),
        sa.Column("printed", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("note_zh", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("note_en", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_target_indicator_code_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["place_code"], ["place.code"], name=op.f("fk_target_place_code_place")
        ),
        sa.ForeignKeyConstraint(
            ["plan_code"], ["plan.code"], name=op.f("fk_target_plan_code_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(
            "ix_target_place_indicator", ["place_code", "indicator_code"], unique=False
        )

    op.create_table(
        "task",
        sa.Column("code", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column("plan_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("parent_code", sqlmodel.AutoString(length=16), nullable=True),
        sa.Column("clause", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column("title_zh", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("title_en", sqlmodel.AutoString(length=160), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("recurrence", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column("printed", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("note_zh", sqlmodel.AutoString(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["task.code"], name=op.f("fk_task_parent_code_task")
        ),
        sa.ForeignKeyConstraint(["plan_code"], ["plan.code"], name=op.f("fk_task_plan_code_plan")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_plan", ["plan_code", "position"], unique=False)

    op.create_table(
        "target_link",
        sa.Column("from_id", sqlmodel.AutoString(length=12), nullable=False),
        sa.Column("to_id", sqlmodel.AutoString(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "duplicate",
                "restates",
                "part_of",
                "look_alike",
                "multiple_of",
                "baseline_of",
                name="linkkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note_zh", sqlmodel.AutoString(length=200), nullable=False),
        sa.Column("note_en", sqlmodel.AutoString(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"], ["target.id"], name=op.f("fk_target_link_from_id_target")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["target.id"], name=op.f("fk_target_link_to_id_target")),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_target_link")),
    )
    op.create_table(
        "target_source",
        sa.Column("target_id", sqlmodel.AutoString(length=12), nullable=False),
        sa.Column("indicator_code", sqlmodel.AutoString(length=48), nullable=False),
        sa.Column("place_code", sqlmodel.AutoString(length=24), nullable=False),
        sa.Column(
            "fit",
            sa.Enum(
                "same",
                "narrower",
                "broader",
                "proxy",
                name="fit",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note_zh", sqlmodel.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_code"],
            ["indicator.code"],
            name=op.f("fk_target_source_indicator_code_indicator"),
        ),
        sa.ForeignKeyConstraint(
            ["place_code"], ["place.code"], name=op.f("fk_target_source_place_code_place")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_target_source_target_id_target")
        ),
        sa.PrimaryKeyConstraint(
            "target_id", "indicator_code", "place_code", name=op.f("pk_target_source")
        ),
    )
    op.create_table(
        "task_unit",
        sa.Column("task_code", sqlmodel.AutoString(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit", sqlmodel.AutoString(length=60), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_code"], ["task.code"], name=op.f("fk_task_unit_task_code_task")
        ),
        sa.PrimaryKeyConstraint("task_code", "position", name=op.f("pk_task_unit")),
    )
    with op.batch_alter_table("task_unit", schema=None) as batch_op:
        batch_op.create_index("ix_task_unit_unit", ["unit", "task_code"], unique=False)
