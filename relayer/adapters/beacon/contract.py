"""What a sync-committee contract says of itself: the chain it follows, and the committees it knows."""

from __future__ import annotations

from light_clients.sync_committee.network import Fork, Indices, Network
from light_clients.types import Hash32, Height
from relayer.adapters.beacon.headers import ClientState
from relayer.domain.errors import Transient
from relayer.ports import ContractViews

WORD = 32
NETWORK_WORDS, FORK_WORDS = 6, 5


async def network_of(contract: ContractViews) -> Network:
    """The beacon chain that the contract was made for."""
    root, *times = _words(await contract.view("network()"), NETWORK_WORDS)
    genesis_time, seconds_per_slot, slots_per_epoch, epochs_per_period, committee_size = map(_number, times)
    return Network(
        genesis_validators_root=Hash32(root),
        genesis_time=genesis_time,
        forks=_forks(await contract.view("forks()")),
        seconds_per_slot=seconds_per_slot,
        slots_per_epoch=slots_per_epoch,
        epochs_per_period=epochs_per_period,
        committee_size=committee_size,
        trusting_period=_number(await contract.view("trustingPeriod()")),
    )


async def state_of(contract: ContractViews, network: Network) -> ClientState:
    """What the contract holds now."""
    views = ("newestPeriod()", "latestTimestamp()", "latestHeight()", "frozen()")
    newest, timestamp, height, frozen = map(_number, await contract.views(*views))
    periods = [period for period in (newest - 1, newest) if period >= 0]
    held = {period: Hash32(await contract.view("commitment(uint64)", period)) for period in periods}
    return ClientState(
        committees={period: commitment for period, commitment in held.items() if any(commitment)},
        slot=(timestamp - network.genesis_time) // network.seconds_per_slot,
        timestamp=timestamp,
        height=Height(height),
        frozen=bool(frozen),
    )


def _forks(answer: bytes) -> tuple[Fork, ...]:
    """An array of structs of static values: where it begins, how long it is, its words."""
    _, count, *words = _words(answer, 2, at_least=True)
    rows = [words[FORK_WORDS * row : FORK_WORDS * (row + 1)] for row in range(_number(count))]
    if any(len(row) != FORK_WORDS for row in rows):
        raise Transient("a light client whose forks cannot be read")
    return tuple(
        Fork(_number(epoch), version[:4], Indices(_number(finality), _number(next_), _number(execution)))
        for epoch, version, finality, next_, execution in rows
    )


def _words(answer: bytes, count: int, *, at_least: bool = False) -> list[bytes]:
    words = [answer[at : at + WORD] for at in range(0, len(answer), WORD)]
    if len(words) < count or (len(words) != count and not at_least):
        raise Transient("no sync-committee light client stands there")
    return words


def _number(word: bytes) -> int:
    return int.from_bytes(word, "big")
