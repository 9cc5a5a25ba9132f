"""The beacon API's JSON read strictly: decimal strings, 0x-prefixed hex of the right length, or it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar

from light_clients.ssz.containers import BeaconHeader, PayloadHeader
from light_clients.sync_committee.beacon import (
    CommitteeKeys,
    LightClientBootstrap,
    LightClientHeader,
    LightClientUpdate,
)
from light_clients.sync_committee.errors import BeaconJsonMalformed
from light_clients.types import Address, Bloom, FixedBytes, Hash32, Height

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Fixed = TypeVar("Fixed", bound=FixedBytes)

KEY = 48
SIGNATURE = 96
MOST_KEYS = 512
LONGEST_EXTRA_DATA = 32


class Fields:
    """The members of one JSON object, each read as what it must be."""

    def __init__(self, value: Json, name: str) -> None:
        if not isinstance(value, Mapping):
            raise BeaconJsonMalformed(name, "not an object")
        self._members = value
        self._name = name

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def fields(self, name: str) -> Fields:
        return Fields(self._members.get(name), self._path(name))

    def integer(self, name: str, bits: int = 64) -> int:
        value = self._members.get(name)
        if not isinstance(value, str) or not (value.isascii() and value.isdigit()) or len(value) > bits:
            raise BeaconJsonMalformed(self._path(name), "not a decimal string")
        number = int(value)
        if number.bit_length() > bits:
            raise BeaconJsonMalformed(self._path(name), f"more than {bits} bits")
        return number

    def octets(self, name: str, length: int | None = None) -> bytes:
        return _octets(self._members.get(name), self._path(name), length)

    def fixed(self, name: str, kind: type[Fixed]) -> Fixed:
        return kind(self.octets(name, kind.LENGTH))

    def hash(self, name: str) -> Hash32:
        return self.fixed(name, Hash32)

    def list(self, name: str, length: int) -> list[bytes]:
        """Byte strings of that length, at most as many as a committee has keys."""
        values = self._members.get(name)
        if not isinstance(values, list) or len(values) > MOST_KEYS:
            raise BeaconJsonMalformed(self._path(name), "not a list of the right size")
        return [_octets(value, self._path(name), length) for value in values]

    def branch(self, name: str) -> tuple[Hash32, ...]:
        return tuple(Hash32(node) for node in self.list(name, Hash32.LENGTH))

    def _path(self, name: str) -> str:
        return f"{self._name}.{name}"


def read_finality_update(answer: Json) -> LightClientUpdate:
    return _update(Fields(answer, "answer").fields("data"))


def read_period_update(answer: Json) -> LightClientUpdate | None:
    """The one update that was asked for, None when the node has none of that period."""
    if not isinstance(answer, list) or len(answer) > 1:
        raise BeaconJsonMalformed("answer", "not a list of at most one")
    return _update(Fields(answer[0], "answer").fields("data")) if answer else None


def read_bootstrap(answer: Json) -> LightClientBootstrap:
    data = Fields(answer, "answer").fields("data")
    return LightClientBootstrap(
        _header(data.fields("header")),
        _committee(data.fields("current_sync_committee")),
        data.branch("current_sync_committee_branch"),
    )


def read_genesis(answer: Json) -> tuple[int, Hash32]:
    """Genesis time and validators root: they tell chains apart."""
    data = Fields(answer, "answer").fields("data")
    return data.integer("genesis_time"), data.hash("genesis_validators_root")


def _update(data: Fields) -> LightClientUpdate:
    aggregate = data.fields("sync_aggregate")
    finality_branch = data.branch("finality_branch")
    has_next = "next_sync_committee" in data
    return LightClientUpdate(
        attested=_header(data.fields("attested_header")),
        finalized=_header(data.fields("finalized_header")) if any(map(any, finality_branch)) else None,
        finality_branch=finality_branch,
        bits=aggregate.octets("sync_committee_bits"),
        signature=aggregate.octets("sync_committee_signature", SIGNATURE),
        signature_slot=data.integer("signature_slot"),
        next_committee=_committee(data.fields("next_sync_committee")) if has_next else None,
        next_committee_branch=data.branch("next_sync_committee_branch") if has_next else (),
    )


def _header(data: Fields) -> LightClientHeader:
    branch = data.branch("execution_branch")
    if "execution_block_hash" in data:  # since Gloas
        return LightClientHeader(_beacon(data.fields("beacon")), data.hash("execution_block_hash"), branch)
    return LightClientHeader(_beacon(data.fields("beacon")), _payload(data.fields("execution")), branch)


def _beacon(data: Fields) -> BeaconHeader:
    return BeaconHeader(
        data.integer("slot"),
        data.integer("proposer_index"),
        data.hash("parent_root"),
        data.hash("state_root"),
        data.hash("body_root"),
    )


def _payload(data: Fields) -> PayloadHeader:
    extra_data = data.octets("extra_data")
    if len(extra_data) > LONGEST_EXTRA_DATA:
        raise BeaconJsonMalformed("extra_data", f"{len(extra_data)} bytes")
    has_blobs = "blob_gas_used" in data
    return PayloadHeader(
        parent_hash=data.hash("parent_hash"),
        fee_recipient=data.fixed("fee_recipient", Address),
        state_root=data.hash("state_root"),
        receipts_root=data.hash("receipts_root"),
        logs_bloom=data.fixed("logs_bloom", Bloom),
        prev_randao=data.hash("prev_randao"),
        block_number=Height(data.integer("block_number")),
        gas_limit=data.integer("gas_limit"),
        gas_used=data.integer("gas_used"),
        timestamp=data.integer("timestamp"),
        extra_data=extra_data,
        base_fee_per_gas=data.integer("base_fee_per_gas", bits=256),
        block_hash=data.hash("block_hash"),
        transactions_root=data.hash("transactions_root"),
        withdrawals_root=data.hash("withdrawals_root"),
        blob_gas_used=data.integer("blob_gas_used") if has_blobs else None,
        excess_blob_gas=data.integer("excess_blob_gas") if has_blobs else None,
    )


def _committee(data: Fields) -> CommitteeKeys:
    return CommitteeKeys(tuple(data.list("pubkeys", KEY)), data.octets("aggregate_pubkey", KEY))


def _octets(value: Json, name: str, length: int | None) -> bytes:
    if not isinstance(value, str) or not value.startswith("0x"):
        raise BeaconJsonMalformed(name, "not 0x-prefixed hex")
    try:
        octets = bytes.fromhex(value[2:])
    except ValueError as error:
        raise BeaconJsonMalformed(name, str(error)) from error
    if length is not None and len(octets) != length:
        raise BeaconJsonMalformed(name, f"{len(octets)} bytes instead of {length}")
    return octets
