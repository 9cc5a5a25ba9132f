"""Real and spec-made updates as vectors for Foundry, which reads no beacon JSON and no SSZ; never committed.

python -m tests.light_clients.real_vectors     writes tests/vectors/real/sync_committee.json

Cases are as in sync_committee/updates.json. `full` is 1 where the execution header is in the update; where it could
not be rebuilt an empty list stands for it, and `blockHash` is what the execution branch leads from: there only the
beacon chain's rules can be tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from light_clients.errors import LightClientError
from light_clients.ssz.containers import BeaconHeader
from light_clients.sync_committee.beacon import LightClientHeader, LightClientUpdate
from light_clients.sync_committee.beacon_json import parse_committee, parse_update
from light_clients.sync_committee.build import assemble
from light_clients.sync_committee.presets import ETHEREUM
from light_clients.types import ZERO_HASH, Height, TrustedHeader
from tests.light_clients.beacon_data import (
    DEVNET_FILES,
    SOURCE,
    Follower,
    a_follower,
    devnet,
    devnet_updates,
    rebuilt,
    trusted_header,
)
from tests.light_clients.beacon_specs import SYNC_CASES, SpecCase, spec_update
from tests.light_clients.shared import FOLDER, load
from tests.light_clients.test_sync_committee_fixtures import begun, sepolia
from tests.vectors.beacon_cases import Case, constructor
from tests.vectors.generate import text

OUT = Path(__file__).parents[1] / "vectors" / "real" / "sync_committee.json"
NOTHING = LightClientHeader(BeaconHeader(0, 0, ZERO_HASH, ZERO_HASH, ZERO_HASH), ZERO_HASH, (ZERO_HASH,) * 16)
"""What an update without finality has for a finalized header."""


def cases() -> list[Case]:
    return [*ethereum(), *sepolian(), *devnets(), *specified()]


def case(name: str, follower: Follower, update: LightClientUpdate, now: int | None = None) -> Case:
    """The update on the client as it stands; the client moves on if it is accepted."""
    before, network = follower.client, follower.client.network
    at = network.time(update.signature_slot) if now is None else now
    data, header = _encoded(follower, update)
    rejects = ""
    try:
        if update.finalized is None:
            before.advance(data, at)
        follower.follow(update, at)
    except LightClientError as error:
        rejects = type(error).__name__
    expected = header or TrustedHeader(SOURCE, Height(0), ZERO_HASH, ZERO_HASH, ZERO_HASH, 0)
    return constructor(before) | {
        "blockHash": str(expected.block_hash),
        "full": hex(update.finalized is not None and rebuilt(update.finalized) is not None),
        "height": hex(expected.height),
        "name": name,
        "now": hex(at),
        "receiptsRoot": str(expected.receipts_root),
        "rejects": rejects,
        "stateRoot": str(expected.state_root),
        "timestamp": hex(expected.timestamp),
        "update": "0x" + data.hex(),
    }


def _encoded(follower: Follower, update: LightClientUpdate) -> tuple[bytes, TrustedHeader | None]:
    client = follower.client
    period = client.network.period(update.signature_slot)
    committee = follower.committees.get(period) or next(iter(follower.committees.values()))
    header = rebuilt(update.finalized) if update.finalized is not None else None
    whole = update if update.finalized is not None else replace(update, finalized=NOTHING)
    read = assemble(whole, committee, header.encode() if header else b"\xc0", client.network)
    if not client._is_news(read):
        read = replace(read, handover=None)
    return read.encode(), trusted_header(update.finalized) if update.finalized is not None else None


def ethereum() -> Iterator[Case]:
    capella = begun(ETHEREUM, "beacon_mainnet/capella/bootstrap_7069376.json")
    for period in (862, 863):
        update = parse_update(load(f"beacon_mainnet/capella/update_period{period}.json"))
        yield case(f"Ethereum, Capella, period {period}", capella, update)
    deneb = begun(ETHEREUM, "beacon_mainnet/deneb/committee-change_BootstrapDeneb.json")
    for name in ("UpdateDeneb", "UpdateNewPeriodDeneb"):
        yield case(f"Ethereum, {name}", deneb, parse_update(load(f"beacon_mainnet/deneb/committee-change_{name}.json")))


def sepolian() -> Iterator[Case]:
    follower, updates = sepolia()
    for update in updates:
        yield case(f"Sepolia, Electra, slot {update.signature_slot}", follower, update)


def devnets() -> Iterator[Case]:
    for file in DEVNET_FILES:
        network, content = devnet(file)
        served = list(devnet_updates(content))
        updates = [parse_update(update) for update, _ in served]
        known = {network.period(updates[0].signature_slot): parse_committee(served[0][1])}
        follower = a_follower(network, known, content["client_state"]["latest_slot"])
        for update in updates:
            yield case(f"devnet, Fulu, {file[:-5]}, slot {update.signature_slot}", follower, update)


def specified() -> Iterator[Case]:
    for path in SYNC_CASES:
        spec_case = SpecCase(path)
        follower = spec_case.follower()
        steps = [step["process_update"] for step in spec_case.steps if "process_update" in step]
        for place, step in enumerate(steps):
            now = spec_case.network.time(int(step["current_slot"]))
            yield case(f"{path}, update {place}", follower, spec_update(spec_case.update(step["update"])), now)


def main() -> None:
    """Where the data is not there nothing is written, and Foundry says that it skips."""
    if not FOLDER.is_dir():
        print(f"no real-world data at {FOLDER}: Foundry goes without (set LOCKKEEPER_FIXTURES)")
        return
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(text(cases()))


if __name__ == "__main__":
    main()
