"""Reads what `/eth/v1/beacon/light_client/*` answers; anything else than promised is refused by the field's name.

Sources: ethereum/beacon-APIs, apis/beacon/light_client; consensus-specs, ssz/simple-serialize.md (JSON mapping).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from light_clients.ssz.containers import BeaconHeader, PayloadHeader
from light_clients.sync_committee.beacon import (
    CommitteeKeys,
    LightClientBootstrap,
    LightClientHeader,
    LightClientUpdate,
)
from light_clients.sync_committee.errors import BeaconJsonMalformed
from light_clients.types import Address, Bloom, Hash32, Height

DECIMAL: Final = re.compile("0|[1-9][0-9]*")
HEX: Final = re.compile("0x(?:[0-9a-fA-F]{2})*")
BLOB_FIELDS: Final = ("blob_gas_used", "excess_blob_gas")
MOST_NODES: Final = 64


def parse_updates(document: object) -> list[LightClientUpdate]:
    """Those of `updates?start_period=…`."""
    if not isinstance(document, list):
        raise BeaconJsonMalformed("updates", "not a list")
    return [parse_update(item) for item in document]


def parse_update(document: object) -> LightClientUpdate:
    """An update or a finality update, with or without the answer's `version` and `data` around it."""
    data = _data(document, "update")
    has_next = "next_sync_committee" in data.fields
    next_branch = data.branch("next_sync_committee_branch") if has_next else ()
    following = data.committee("next_sync_committee") if has_next else None
    aggregate = data.fields_of("sync_aggregate")
    finality_branch = data.branch("finality_branch")
    finalized = data.header("finalized_header")
    update = LightClientUpdate(
        attested=data.header("attested_header"),
        finalized=finalized if any(map(any, finality_branch)) else None,
        finality_branch=finality_branch,
        bits=aggregate.bytes("sync_committee_bits"),
        signature=aggregate.bytes("sync_committee_signature", 96),
        signature_slot=data.integer("signature_slot"),
        next_committee=following if any(map(any, next_branch)) else None,
        next_committee_branch=next_branch,
    )
    aggregate.end()
    data.end()
    return update


def parse_bootstrap(document: object) -> LightClientBootstrap:
    """Of `bootstrap/{block_root}`."""
    data = _data(document, "bootstrap")
    bootstrap = LightClientBootstrap(
        data.header("header"),
        data.committee("current_sync_committee"),
        data.branch("current_sync_committee_branch"),
    )
    data.end()
    return bootstrap


def parse_committee(document: object) -> CommitteeKeys:
    """A `SyncCommittee` alone."""
    return _committee(_Fields(document, "sync_committee"))


def _data(document: object, name: str) -> _Fields:
    if isinstance(document, dict) and "data" in document:
        return _Fields(document["data"], name)
    return _Fields(document, name)


def _committee(fields: _Fields) -> CommitteeKeys:
    keys = tuple(_bytes(key, "pubkeys", 48) for key in fields.array("pubkeys"))
    committee = CommitteeKeys(keys, fields.bytes("aggregate_pubkey", 48))
    fields.end()
    return committee


def _header(fields: _Fields) -> LightClientHeader:
    beacon = fields.fields_of("beacon")
    header = BeaconHeader(
        beacon.integer("slot"),
        beacon.integer("proposer_index"),
        beacon.hash("parent_root"),
        beacon.hash("state_root"),
        beacon.hash("body_root"),
    )
    beacon.end()
    since_gloas = "execution_block_hash" in fields.fields
    execution = fields.hash("execution_block_hash") if since_gloas else _payload(fields.fields_of("execution"))
    read = LightClientHeader(header, execution, fields.branch("execution_branch"))
    fields.end()
    return read


def _payload(fields: _Fields) -> PayloadHeader:
    blobs = [fields.integer(name) if name in fields.fields else None for name in BLOB_FIELDS]
    if None in blobs and any(blob is not None for blob in blobs):
        raise BeaconJsonMalformed(fields.path, "one blob gas field without the other")
    extra_data = fields.bytes("extra_data")
    if len(extra_data) > 32:
        raise BeaconJsonMalformed("extra_data", f"{len(extra_data)} bytes")
    payload = PayloadHeader(
        parent_hash=fields.hash("parent_hash"),
        fee_recipient=Address(fields.bytes("fee_recipient", Address.LENGTH)),
        state_root=fields.hash("state_root"),
        receipts_root=fields.hash("receipts_root"),
        logs_bloom=Bloom(fields.bytes("logs_bloom", Bloom.LENGTH)),
        prev_randao=fields.hash("prev_randao"),
        block_number=Height(fields.integer("block_number")),
        gas_limit=fields.integer("gas_limit"),
        gas_used=fields.integer("gas_used"),
        timestamp=fields.integer("timestamp"),
        extra_data=extra_data,
        base_fee_per_gas=fields.integer("base_fee_per_gas", bits=256),
        block_hash=fields.hash("block_hash"),
        transactions_root=fields.hash("transactions_root"),
        withdrawals_root=fields.hash("withdrawals_root"),
        blob_gas_used=blobs[0],
        excess_blob_gas=blobs[1],
    )
    fields.end()
    return payload


def _bytes(value: object, field: str, length: int | None = None) -> bytes:
    if not isinstance(value, str) or not HEX.fullmatch(value):
        raise BeaconJsonMalformed(field, f"not 0x-prefixed hex: {value!r:.80}")
    data = bytes.fromhex(value[2:])
    if length not in (None, len(data)):
        raise BeaconJsonMalformed(field, f"{len(data)} bytes instead of {length}")
    return data


class _Fields:
    """One JSON object, of which every field is read once."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise BeaconJsonMalformed(path, "not an object")
        self.fields: dict[object, object] = value
        self.path = path
        self._unread = set(self.fields)

    def _take(self, name: str) -> object:
        if name not in self.fields:
            raise BeaconJsonMalformed(name, f"missing in {self.path}")
        self._unread.discard(name)
        return self.fields[name]

    def end(self) -> None:
        if self._unread:
            raise BeaconJsonMalformed(str(min(map(str, self._unread))), f"unknown in {self.path}")

    def integer(self, name: str, bits: int = 64) -> int:
        value = self._take(name)
        if not isinstance(value, str) or not DECIMAL.fullmatch(value) or len(value) > 78:
            raise BeaconJsonMalformed(name, f"not a decimal string: {value!r:.80}")
        if (number := int(value)) >> bits:
            raise BeaconJsonMalformed(name, f"more than {bits} bits")
        return number

    def bytes(self, name: str, length: int | None = None) -> bytes:
        return _bytes(self._take(name), name, length)

    def hash(self, name: str) -> Hash32:
        return Hash32(_bytes(self._take(name), name, 32))

    def array(self, name: str) -> Sequence[object]:
        value = self._take(name)
        if not isinstance(value, list):
            raise BeaconJsonMalformed(name, "not a list")
        return value

    def branch(self, name: str) -> tuple[Hash32, ...]:
        return tuple(self._nodes(name))

    def _nodes(self, name: str) -> Iterator[Hash32]:
        nodes = self.array(name)
        if len(nodes) > MOST_NODES:
            raise BeaconJsonMalformed(name, f"{len(nodes)} nodes")
        for node in nodes:
            yield Hash32(_bytes(node, name, 32))

    def fields_of(self, name: str) -> _Fields:
        return _Fields(self._take(name), name)

    def committee(self, name: str) -> CommitteeKeys:
        return _committee(self.fields_of(name))

    def header(self, name: str) -> LightClientHeader:
        return _header(self.fields_of(name))
