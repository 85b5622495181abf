"""traits, schedules and history

Revision ID: 5e2f9a8b3c17
Revises: 1b6d0c5e7f42
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5e2f9a8b3c17"
down_revision = "1b6d0c5e7f42"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "trait_workflows",
        sa.Column("trait_id", sa.Integer(), nullable=True),
        sa.Column("workflow_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("trait_id"),
    )
    op.create_table(
        "schedules",
        sa.Column("workflow_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "history",
        sa.Column("id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("workflow_id", postgresql.UUID(as_uuid=True), nullable=True),
        sa.Column("stage", sa.String(length=50), nullable=False),
        sa.Column("arg_date", sa.DateTime(), nullable=False),
        sa.Column("execution_date", sa.DateTime(), nullable=True),
        sa.Column("stats", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("info", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], ondelete="CASCADE"),
    )


def downgrade():
    op.drop_table("history")
    op.drop_table("schedules")
    op.drop_table("trait_workflows")
