"""dfp orders; what a run warned of and why it failed

Revision ID: e06d3b58f1a7
Revises: 2f7b84d9a6c3
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e06d3b58f1a7"
down_revision = "2f7b84d9a6c3"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "dfp_orders",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("advertiser", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("last_processed_date", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id"),
    )
    op.add_column(
        "history",
        sa.Column(
            "warnings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
    )
    op.alter_column("history", "warnings", server_default=None)
    op.add_column("history", sa.Column("error", sa.Text(), nullable=True))
    op.add_column("history", sa.Column("traceback", sa.String(), nullable=True))
    op.alter_column("history", "arg_date", existing_type=sa.DateTime(), nullable=True)
    op.alter_column(
        "schedules",
        "definition",
        existing_type=sa.JSON(),
        type_=postgresql.JSONB(astext_type=sa.Text()),
        postgresql_using="definition::jsonb",
    )


def downgrade():
    op.alter_column(
        "schedules",
        "definition",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        type_=sa.JSON(),
    )
    op.alter_column("history", "arg_date", existing_type=sa.DateTime(), nullable=False)
    op.drop_column("history", "traceback")
    op.drop_column("history", "error")
    op.drop_column("history", "warnings")
    op.drop_table("dfp_orders")
