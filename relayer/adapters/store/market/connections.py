"""Two ways to the database: one thread that writes, transaction after transaction, and a connection that only reads.

Reads are made where they are asked for, without a thread between: they take microseconds, and never wait for a writer.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from relayer.domain.market.form import Refused

T = TypeVar("T")

STATEMENTS = 512
"""Prepared ones that a connection keeps."""
STEPS_AT_ONCE = 50_000
"""Between two looks at how long a question takes: a millisecond or so."""


class Writer:
    """Runs functions in transactions, one after the other, off the event loop."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._thread = thread

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """All of it or nothing. Whoever is cancelled meanwhile does not undo it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with transaction(self._connection, "BEGIN IMMEDIATE"):
            return work(self._connection)


class Reader:
    """Answers at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def all(self, statement: str, *values: object) -> list[Any]:
        return self.connection.execute(statement, values).fetchall()

    def one(self, statement: str, *values: object) -> Any:
        return self.connection.execute(statement, values).fetchone()

    @contextmanager
    def bounded(self, steps: int) -> Iterator[None]:
        """Nobody's question may keep everybody else waiting: refuses what takes more of SQLite's steps."""
        left = steps // STEPS_AT_ONCE

        def enough() -> bool:
            nonlocal left
            left -= 1
            return left < 0

        self.connection.set_progress_handler(enough, STEPS_AT_ONCE)
        try:
            yield
        except sqlite3.OperationalError:
            if left >= 0:
                raise
            raise Refused(
                "search-too-broad", "too much would have to be looked through: say more exactly what"
            ) from None
        finally:
            self.connection.set_progress_handler(None, 0)

    @contextmanager
    def moment(self) -> Iterator[None]:
        """What is read inside is of one moment."""
        with transaction(self.connection, "BEGIN"):
            yield


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def writer(path: Path, *, read_only: bool = False) -> Iterator[Writer]:
    """Write to an existing database until the context ends; what was begun is ended first."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="market") as thread:
        connection = thread.submit(_connected, path, read_only=read_only).result()
        try:
            yield Writer(connection, thread)
        finally:
            thread.submit(connection.close).result()


@contextmanager
def reader(path: Path) -> Iterator[Reader]:
    with closing(_connected(path, read_only=True)) as connection:
        yield Reader(connection)


def _connected(path: Path, *, read_only: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=STATEMENTS, timeout=10)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cache_size=-65536")
    connection.execute("PRAGMA mmap_size=268435456")
    connection.execute("PRAGMA temp_store=MEMORY")
    if read_only:
        connection.execute("PRAGMA query_only=ON")
    return connection
