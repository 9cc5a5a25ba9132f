from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from light_clients.types import Address, ChainId, Height
from relayer.adapters.store.migrations import upgrade
from relayer.adapters.store.store import Store, open_store, open_views
from relayer.domain.errors import Misconfigured
from relayer.domain.facts import (
    BatchEnded,
    Ending,
    Execution,
    ExecutionReported,
    Finalized,
    HeadReached,
    LaneContradicted,
    MessagesSeen,
    Settled,
)
from relayer.domain.ids import Gas, Nonce, TxRef
from relayer.domain.views import Stage
from tests.makers import a_block, a_hash, a_tx, an_address, delivered, messages_seen, sent_messages
from tests.port_suites.store import ACCOUNT, LANE, StoreSuite, a_submission, learn, prepared


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/relayer.db"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with open_store(url) as store:
        yield store


class TestSqlStore(StoreSuite):
    """SQLite keeps what every store promises."""


async def test_a_second_process_on_the_same_database_is_refused(store: Store, url: str) -> None:
    script = (
        "import asyncio, sys\n"
        "from relayer.adapters.store.store import open_store\n"
        "async def main():\n"
        "    async with open_store(sys.argv[1]):\n"
        "        pass\n"
        "asyncio.run(main())\n"
    )

    second = await asyncio.create_subprocess_exec(sys.executable, "-c", script, url, stderr=asyncio.subprocess.PIPE)
    _, said = await second.communicate()

    assert b"is in use by another process" in said


async def test_other_databases_than_sqlite_files_are_refused() -> None:
    with pytest.raises(Misconfigured, match=r"store\.url"):
        async with open_store("postgresql+asyncpg://localhost/lockkeeper"):
            pass


async def test_a_database_of_something_else_is_left_alone(tmp_path: Path, url: str) -> None:
    other = sqlite3.connect(tmp_path / "relayer.db")
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()

    with pytest.raises(Misconfigured, match="belongs to something else"):
        async with open_store(url):
            pass


async def test_the_views_of_a_database_that_does_not_exist_say_what_to_do(url: str) -> None:
    with pytest.raises(Misconfigured, match="lockkeeper run"):
        async with open_views(url):
            pass


async def test_migrations_lead_to_the_same_tables_as_a_fresh_database(tmp_path: Path, url: str) -> None:
    async with open_store(url):
        pass
    migrated = tmp_path / "migrated.db"

    upgrade(f"sqlite+aiosqlite:///{migrated}")

    assert tables_of(migrated) == tables_of(tmp_path / "relayer.db")


def tables_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Columns, references and indices: a column that was added later stands elsewhere in the table's own words."""
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        return {
            name: [(sql,)]
            if kind == "index"
            else [
                row
                for what in ("table_info", "foreign_key_list")
                for row in database.execute(f"PRAGMA {what}({name})").fetchall()
            ]
            for name, kind, sql in found
            if name != "alembic_version"
        }


async def test_a_database_of_the_first_release_keeps_what_it_knows(tmp_path: Path, url: str) -> None:
    upgrade(url, to="0001")
    row = "INSERT INTO executions VALUES (1, 2, 'failed', x'11', 3, x'22', x'33', 4)"
    lane = f"INSERT INTO lanes VALUES (1, 7, x'aa', 8, x'bb', {', '.join('0' * 12)})"
    with closing(sqlite3.connect(tmp_path / "relayer.db")) as database:
        database.executescript(f"{lane}; {row};")

    async with open_store(url):
        pass

    with closing(sqlite3.connect(tmp_path / "relayer.db")) as database:
        (found,) = database.execute("SELECT nonce, execution, back, relayer FROM executions").fetchall()
    assert found == (2, "failed", None, None)


async def test_an_attester_never_promises_two_digests_for_one_height(store: Store) -> None:
    place = (LANE.source, LANE.destination, an_address(5), 1, Height(7))

    assert await store.vows.vow(*place, a_hash("header"))
    assert await store.vows.vow(*place, a_hash("header"))
    assert not await store.vows.vow(*place, a_hash("another"))


async def test_clients_of_one_address_on_two_chains_are_promised_apart(store: Store) -> None:
    client, height = an_address(5), Height(7)

    assert await store.vows.vow(LANE.source, ChainId(1), client, 1, height, a_hash("for one"))
    assert await store.vows.vow(LANE.source, ChainId(2), client, 1, height, a_hash("for two"))


async def test_a_message_is_followed_from_stage_to_stage(store: Store) -> None:
    sent = sent_messages(LANE, 1)[0]

    async def stage() -> Stage:
        view = await store.views.message(sent.id)
        assert view is not None
        return view.stage

    stages = []
    state = await learn(store, messages_seen(LANE, 1))
    stages.append(await stage())
    state = await learn(store, Finalized(LANE, Nonce(1)))
    stages.append(await stage())
    state = await learn(store, prepared(1, 1))
    stages.append(await stage())
    await store.submissions.reserve(a_submission((await store.submissions.waiting(LANE.destination))[0]))
    await learn(store, delivered(LANE, 1, 1))
    stages.append(await stage())
    await learn(store, Settled(LANE, Nonce(1)), BatchEnded(LANE, state.in_flight[0], Ending.SETTLED, Gas(123_456), ""))
    stages.append(await stage())

    assert stages == [Stage.SEEN, Stage.FINAL, Stage.SUBMITTED, Stage.EXECUTED, Stage.SETTLED]


async def test_a_message_tells_both_transactions_and_what_it_was_proven_under(store: Store) -> None:
    state = await learn(store, messages_seen(LANE, 2), Finalized(LANE, Nonce(2)), prepared(1, 2))
    submission = a_submission((await store.submissions.waiting(LANE.destination))[0])
    await store.submissions.reserve(submission)
    on_its_way = (await store.views.messages_of(sent_messages(LANE, 2)[1].at.hash))[0]
    ours = TxRef(submission.newest.hash, a_block(8))
    await learn(store, replace(delivered(LANE, 1, 2), relayer=ACCOUNT, at=ours))
    await learn(store, BatchEnded(LANE, state.in_flight[0], Ending.SETTLED, Gas(123_456), ""))

    view = (await store.views.messages_of(sent_messages(LANE, 2)[1].at.hash))[0]

    assert on_its_way.destination_transaction == submission.newest.hash
    assert (on_its_way.destination_block, on_its_way.stage) == (None, Stage.SUBMITTED)
    assert (view.source_transaction, view.destination_transaction) == (
        sent_messages(LANE, 2)[1].at.hash,
        submission.newest.hash,
    )
    assert (view.header_height, view.attestations, view.batch, view.gas_used) == (9, 3, (1, 2), 123_456)
    assert view.relayer == ACCOUNT


async def test_a_message_that_another_relayer_brought_does_not_claim_our_header(store: Store) -> None:
    await learn(store, messages_seen(LANE, 2), Finalized(LANE, Nonce(2)), delivered(LANE, 1, 2))

    view = await store.views.message(sent_messages(LANE, 1)[0].id)

    assert view is not None
    assert (view.stage, view.header_height, view.batch) == (Stage.EXECUTED, None, (1, 2))


async def test_a_refused_message_says_so_until_it_is_retried(store: Store) -> None:
    await learn(store, messages_seen(LANE, 2), delivered(LANE, 1, 2))

    stages = []
    for execution in (Execution.FAILED, Execution.RETRIED):
        await learn(store, ExecutionReported(LANE, Nonce(2), execution, a_tx()))
        stages += [view.stage for view in await store.views.newest(LANE, limit=1)]

    assert stages == [Stage.FAILED, Stage.RETRIED]


async def test_a_bounced_message_names_the_one_it_has_gone_back_as(store: Store) -> None:
    await learn(store, messages_seen(LANE, 2), delivered(LANE, 1, 2))

    await learn(store, ExecutionReported(LANE, Nonce(2), Execution.FAILED, a_tx()))
    await learn(store, ExecutionReported(LANE, Nonce(2), Execution.BOUNCED, a_tx(), back=a_hash("back")))

    (view,) = await store.views.newest(LANE, limit=1)
    assert (view.stage, view.returned_as) == (Stage.BOUNCED, a_hash("back"))


async def test_an_expressed_message_stands_where_it_was_executed_whatever_is_delivered_later(store: Store) -> None:
    await learn(store, messages_seen(LANE, 3), Finalized(LANE, Nonce(3)))
    at, other = a_tx(a_block(40), "express"), an_address(77)

    await learn(store, ExecutionReported(LANE, Nonce(3), Execution.EXPRESSED, at, relayer=other))
    early = (await store.views.newest(LANE, limit=1))[0]
    await learn(store, delivered(LANE, 1, 3))
    late = (await store.views.newest(LANE, limit=1))[0]

    for view in (early, late):
        assert (view.stage, view.destination_transaction, view.destination_block) == (
            Stage.EXPRESSED,
            at.hash,
            at.block,
        )
        assert (view.relayer, view.batch) == (other, None)


async def test_a_message_that_expired_says_so(store: Store) -> None:
    await learn(store, messages_seen(LANE, 1), delivered(LANE, 1, 1))

    await learn(store, ExecutionReported(LANE, Nonce(1), Execution.EXPIRED, a_tx()))

    assert [view.stage for view in await store.views.newest(LANE)] == [Stage.EXPIRED]


async def test_lanes_tell_how_long_the_oldest_message_waits(store: Store) -> None:
    await learn(store, messages_seen(LANE, 3), delivered(LANE, 1, 1), LaneContradicted(LANE, "two histories"))

    (view,) = await store.views.lanes()

    assert (view.seen, view.included, view.oldest_pending) == (3, 1, 2)
    assert view.oldest_pending_since == a_block(2).timestamp
    assert view.halted == "two histories"


async def test_chains_tell_how_far_they_were_read(store: Store, url: str) -> None:
    await learn(store, HeadReached(LANE.source, a_block(9), Height(7)))

    async with open_views(url) as views:
        (view,) = await views.chains()

    assert (view.chain, view.head, view.final) == (LANE.source, a_block(9), 7)


async def test_messages_are_listed_newest_first_a_page_at_a_time(store: Store) -> None:
    await learn(store, messages_seen(LANE, 5))

    first = await store.views.newest(LANE, limit=2)
    second = await store.views.newest(LANE, before=first[-1].nonce, limit=2)

    assert [view.nonce for view in (*first, *second)] == [5, 4, 3, 2]


async def test_messages_are_found_by_the_transaction_that_brought_them(store: Store) -> None:
    expressed = a_tx(a_block(40), "express")
    await learn(store, messages_seen(LANE, 5), delivered(LANE, 1, 3))
    await learn(store, ExecutionReported(LANE, Nonce(5), Execution.EXPRESSED, expressed, relayer=an_address(77)))

    brought = await store.views.brought_by(delivered(LANE, 1, 3).at.hash)
    alone = await store.views.brought_by(expressed.hash)

    assert [view.nonce for view in brought] == [3, 2, 1]
    assert [view.nonce for view in alone] == [5]
    assert await store.views.brought_by(a_hash("another")) == []


async def test_messages_are_found_by_who_sent_receives_or_is_named_in_them(store: Store) -> None:
    named, (*others, last) = an_address(50), sent_messages(LANE, 3)
    telling = replace(last, message=replace(last.message, payload=b"for " + named + b"!"))
    await learn(store, MessagesSeen(LANE, (*others, telling)))

    async def found(account: Address) -> list[int]:
        return [view.nonce for view in await store.views.of_account(account)]

    assert await found(an_address(1)) == [1]
    assert await found(an_address(2)) == [2, 1]
    assert await found(named) == [3]
    assert await found(an_address(51)) == []
