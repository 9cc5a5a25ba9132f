"""What a transaction on the destination has brought is asked for."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index("deliveries_by_tx", "deliveries", ["tx"])
    op.create_index("executions_by_tx", "executions", ["tx"])
