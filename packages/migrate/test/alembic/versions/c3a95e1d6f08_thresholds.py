"""thresholds, and a shorter name for what they belong to

Revision ID: c3a95e1d6f08
Revises: 8d41c7f0e2b9
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c3a95e1d6f08"
down_revision = "8d41c7f0e2b9"
branch_labels = None
depends_on = None


def upgrade():
    op.rename_table("postprocess_workflows", "postprocess")
    op.add_column("postprocess", sa.Column("type", sa.String(length=100), nullable=True))
    op.create_unique_constraint("postprocess_id_key", "postprocess", ["id"])
    op.create_foreign_key(
        "postprocess_workflow_id_fkey",
        "postprocess",
        "workflows",
        ["workflow_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_table(
        "thresholds",
        sa.Column("id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("strategy", sa.String(length=100), nullable=True),
        sa.Column("thresholds", sa.Float(), nullable=True),
        sa.Column("buckets", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["postprocess.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade():
    op.drop_table("thresholds")
    op.drop_constraint("postprocess_workflow_id_fkey", "postprocess", type_="foreignkey")
    op.drop_constraint("postprocess_id_key", "postprocess", type_="unique")
    op.drop_column("postprocess", "type")
    op.rename_table("postprocess", "postprocess_workflows")
