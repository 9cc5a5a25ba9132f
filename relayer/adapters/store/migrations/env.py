"""How Alembic reaches the database."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine

from relayer.adapters.store.schema import metadata

url = context.config.get_main_option("sqlalchemy.url")
assert url is not None
engine = create_engine(url)
with engine.begin() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    context.run_migrations()
engine.dispose()
