"""A halted lane goes on when an operator says so, and says before why it was halted."""

from __future__ import annotations

from pathlib import Path

from light_clients.types import Address, ChainId
from relayer.adapters.store.store import open_store
from relayer.domain.facts import LaneContradicted
from relayer.domain.ids import Lane
from relayer.domain.lane import LaneState, transition
from relayer.ports import Change
from tests.entrypoints.support import lockkeeper

LANE = Lane(ChainId(31337), Address(b"\x01" * 20), ChainId(31338), Address(b"\x02" * 20))


async def a_halted_lane(folder: Path) -> tuple[Path, str]:
    url = f"sqlite+aiosqlite:///{folder}/relayer.db"
    new = LaneState.new(LANE)
    fact = LaneContradicted(LANE, "two headers of height 7")
    halted, effects = transition(new, fact)
    async with open_store(url) as store:
        await store.journal.commit(Change((), (new,), ()))
        await store.journal.commit(Change((fact,), (halted,), effects))
    config = folder / "relayer.toml"
    config.write_text(f'[store]\nurl = "{url}"\n')
    return config, url


async def test_a_halted_lane_goes_on_and_its_reason_is_told(tmp_path: Path) -> None:
    config, url = await a_halted_lane(tmp_path)

    first = lockkeeper("resume", "31337-31338", "--config", str(config))
    second = lockkeeper("resume", "31337-31338", "--config", str(config), "--json")

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert "two headers of height 7" in first.out
    assert second.json == {"lane": "31337-31338", "wasHalted": None}
    async with open_store(url) as store:
        (state,) = await store.journal.lanes()
    assert not state.halted


async def test_a_lane_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    config, _ = await a_halted_lane(tmp_path)

    unknown = lockkeeper("resume", "1-2", "--config", str(config))
    nonsense = lockkeeper("resume", "harbour", "--config", str(config))

    assert (unknown.code, nonsense.code) == (2, 2)
    assert "the store knows no lane 1-2; see `lockkeeper lanes`" in unknown.err
    assert "is no lane; name the two chain ids" in nonsense.err


async def test_a_lane_is_not_resumed_under_a_relayer_that_runs(tmp_path: Path) -> None:
    config, url = await a_halted_lane(tmp_path)

    async with open_store(url):
        ended = lockkeeper("resume", "31337-31338", "--config", str(config))

    assert ended.code == 2, ended.err
