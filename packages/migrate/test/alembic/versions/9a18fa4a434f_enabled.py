"""which workflows are enabled

Revision ID: 9a18fa4a434f
Revises: e06d3b58f1a7
"""
import sqlalchemy as sa
from alembic import op

revision = "9a18fa4a434f"
down_revision = "e06d3b58f1a7"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "workflows",
        sa.Column("enabled", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "workflows",
        sa.Column("is_proxy", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index(
        "enabled_idx", "workflows", ["enabled"], postgresql_where=sa.text("enabled")
    )
    op.create_index(
        "disabled_idx", "workflows", ["enabled"], postgresql_where=sa.text("NOT enabled")
    )
    op.drop_constraint("dfp_orders_pkey", "dfp_orders", type_="primary")
    op.create_unique_constraint("dfp_orders_id_key", "dfp_orders", ["id"])


def downgrade():
    op.drop_constraint("dfp_orders_id_key", "dfp_orders", type_="unique")
    op.create_primary_key("dfp_orders_pkey", "dfp_orders", ["id"])
    op.drop_index("disabled_idx", table_name="workflows")
    op.drop_index("enabled_idx", table_name="workflows")
    op.drop_column("workflows", "is_proxy")
    op.drop_column("workflows", "enabled")
