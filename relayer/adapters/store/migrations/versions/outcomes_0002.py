"""What a bounced message goes back as, and who expressed one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("executions", sa.Column("back", sa.LargeBinary(length=32), nullable=True))
    op.add_column("executions", sa.Column("relayer", sa.LargeBinary(length=20), nullable=True))
