"""latest history by workflow, date and stage

Revision ID: 9713d3159095
Revises: 9a18fa4a434f
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "9713d3159095"
down_revision = "9a18fa4a434f"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("history", sa.Column("cluster_id", sa.String(length=100), nullable=True))
    op.add_column("history", sa.Column("run_id", sa.Integer(), nullable=True))
    op.add_column("history", sa.Column("modified_at", sa.DateTime(), nullable=True))
    op.alter_column("history", "arg_date", existing_type=sa.DateTime(), nullable=False)
    op.create_table(
        "latest_history",
        sa.Column("workflow_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("arg_date", sa.DateTime(), nullable=False),
        sa.Column("stage", sa.String(length=50), nullable=False),
        sa.Column("history_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.ForeignKeyConstraint(["history_id"], ["history.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workflow_id", "arg_date", "stage"),
    )


def downgrade():
    op.drop_table("latest_history")
    op.alter_column("history", "arg_date", existing_type=sa.DateTime(), nullable=True)
    op.drop_column("history", "modified_at")
    op.drop_column("history", "run_id")
    op.drop_column("history", "cluster_id")
