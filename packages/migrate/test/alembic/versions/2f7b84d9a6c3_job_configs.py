"""job configs, and the cluster that a stage runs on

Revision ID: 2f7b84d9a6c3
Revises: c3a95e1d6f08
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2f7b84d9a6c3"
down_revision = "c3a95e1d6f08"
branch_labels = None
depends_on = None

STATUS_TABLES = ("assembly_status", "training_status", "scoring_status")


def upgrade():
    op.create_table(
        "job_configs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=True),
        sa.Column("modified_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "workflow_jobconfigs",
        sa.Column("workflow_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("job_config_name", sa.String(), nullable=False),
        sa.Column("stage", sa.String(length=14), nullable=False),
        sa.ForeignKeyConstraint(["job_config_name"], ["job_configs.name"]),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"]),
        sa.PrimaryKeyConstraint("workflow_id", "job_config_name", "stage"),
    )
    op.create_table(
        "cluster_status",
        sa.Column("workflow_id", postgresql.UUID(as_uuid=True), nullable=True),
        sa.Column("stage", sa.String(length=100), nullable=True),
        sa.Column("id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_unique_constraint(None, "cluster_status", ["id"])
    for table in STATUS_TABLES:
        op.create_table(
            table,
            sa.Column("cluster_id", sa.String(length=100), nullable=True),
            sa.Column("run_id", sa.Integer(), nullable=True),
            sa.Column("id", postgresql.UUID(as_uuid=True), nullable=False),
            sa.ForeignKeyConstraint(["id"], ["cluster_status.id"], ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("id"),
        )


def downgrade():
    for table in reversed(STATUS_TABLES):
        op.drop_table(table)
    op.drop_table("cluster_status")
    op.drop_table("workflow_jobconfigs")
    op.drop_table("job_configs")
