"""Bringing an older database up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade(url: str, to: str = "head") -> None:
    """Run every migration that the database has not seen, up to this one."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("sqlalchemy.url", url.replace("+aiosqlite", "", 1).replace("%", "%%"))
    command.upgrade(config, to)
