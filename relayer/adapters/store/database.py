"""One SQLite database: opened by one daemon, brought up to date, closed in order.

Write-ahead log with `synchronous=NORMAL`: a killed process loses nothing that was committed. A machine that loses
power may lose the last few commits, but never the middle of one; the daemon then reads them from the chains again, and
the contracts make a repeated delivery harmless. Only an attester's vows may not be lost: they are written with
`synchronous=FULL`.
"""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from relayer.adapters.store.schema import REVISION, metadata
from relayer.domain.errors import Misconfigured

Synchronous = Literal["NORMAL", "FULL"]


@asynccontextmanager
async def writing(url: str, *, synchronous: Synchronous = "NORMAL") -> AsyncIterator[AsyncEngine]:
    """One connection: transactions queue for it in the order they were begun."""
    async with _connections(url, size=1, begin="BEGIN IMMEDIATE", synchronous=synchronous) as engine:
        yield engine


@asynccontextmanager
async def reading(url: str, *, size: int) -> AsyncIterator[AsyncEngine]:
    """So many connections; none of them ever waits for a writer."""
    async with _connections(url, size=size, begin="BEGIN", synchronous="NORMAL") as engine:
        yield engine


@asynccontextmanager
async def _connections(url: str, *, size: int, begin: str, synchronous: Synchronous) -> AsyncIterator[AsyncEngine]:
    # Every use of a connection ends with a commit or a rollback of its own: the pool need not add another.
    engine = create_async_engine(url, pool_size=size, max_overflow=0, pool_timeout=60, pool_reset_on_return=None)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin when we say so
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    try:
        yield engine
    finally:
        await engine.dispose()


@contextmanager
def sole_owner(url: str, key: str = "store.url") -> Iterator[None]:
    """Refuse a second daemon on the same database. The system lets go of the lock when the process dies."""
    path = database_path(url, key)
    try:
        lock = path.with_name(path.name + ".lock").open("w")
    except OSError as error:
        raise Misconfigured(key, f"{path.parent} cannot be written: {error}", "choose another place") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            mend = "stop that process, or give this one its own database"
            raise Misconfigured(key, f"{path} is in use by another process", mend) from error
        yield


def database_path(url: str, key: str = "store.url") -> Path:
    """The file that an `sqlite+aiosqlite:///…` URL names."""
    parsed = make_url(url)
    if parsed.drivername != "sqlite+aiosqlite" or not parsed.database or parsed.database == ":memory:":
        mend = "write sqlite+aiosqlite:///path/to/file.db"
        raise Misconfigured(key, f"{parsed.drivername} is not supported", mend)
    return Path(parsed.database)


async def bring_up_to_date(engine: AsyncEngine, url: str) -> None:
    """Create the tables in a fresh database; migrate an older one. Alembic is slow to load, so only when needed."""
    if await stamped(engine, metadata, REVISION) != REVISION:
        from relayer.adapters.store.migrations import upgrade  # noqa: PLC0415 slow to import, rarely needed

        upgrade(url)


async def stamped(engine: AsyncEngine, tables: sa.MetaData, revision: str, key: str = "store.url") -> str:
    """The revision of a database, which is made with these tables if it is fresh."""
    async with engine.begin() as connection:
        found = await connection.run_sync(_revision, key)
        if found is None:
            await connection.run_sync(tables.create_all)
            await connection.execute(
                sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            )
            await connection.execute(sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    return found or revision


def _revision(connection: sa.Connection, key: str) -> str | None:
    names = set(sa.inspect(connection).get_table_names())
    if "alembic_version" not in names:
        if names:
            mend = "choose an empty or a new file"
            raise Misconfigured(key, "the database belongs to something else", mend)
        return None
    found: str = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    return found
