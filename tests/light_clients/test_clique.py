"""The Clique client: depth with a majority of the signers on top, and never finality."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from light_clients.clique.client import CliqueClient
from light_clients.clique.errors import (
    DepthNotReached,
    HeadersUnlinked,
    SignedRecently,
    SignersEmpty,
    SignersMismatch,
    SignersTooMany,
    SignersUnsorted,
)
from light_clients.clique.signers import Signers
from light_clients.clique.snapshot import Snapshot
from light_clients.clique.wire import decode_update, encode_evidence, encode_update, split_evidence
from light_clients.crypto.keccak import keccak256
from light_clients.errors import (
    EvidenceInvalid,
    HeaderFromFuture,
    LightClientError,
    QuorumNotReached,
    TrustExpired,
    UpdateMalformed,
)
from light_clients.evm.header import Header, decode_header
from light_clients.interface import LightClient
from light_clients.types import Address, ChainId, Hash32, Height, TrustedHeader
from tests.light_clients import shared
from tests.light_clients.shared import flipped
from tests.light_clients.vectors import Case, cases, name_of
from tests.vectors.clique import NOW, TRUSTING, a_client, bytes_of
from tests.vectors.clique_chains import START, Block, addresses, chain, ranked
from tests.vectors.clique_chains import a_segment as seg


def client_of(case: Case) -> CliqueClient:
    signers = case["signers"]
    assert isinstance(signers, list)
    return CliqueClient(
        source=ChainId(case.number("sourceChain")),
        signers=Signers(tuple(map(Address.from_hex, signers))),
        signers_height=Height(case.number("signersHeight")),
        started=case.number("startTimestamp"),
        epoch_length=case.number("epochLength"),
        confirmations=case.number("confirmations"),
        trusting_period=case.number("trustingPeriod"),
    )


@pytest.mark.parametrize("case", cases("clique/updates.json"), ids=name_of)
def test_an_update_proves_its_header_or_breaks_the_named_rule(case: Case) -> None:
    client, update, now = client_of(case), case.data("update"), case.number("now")
    expected = TrustedHeader(
        client.source,
        Height(case.number("height")),
        Hash32(case.data("blockHash")),
        Hash32(case.data("stateRoot")),
        Hash32(case.data("receiptsRoot")),
        case.number("timestamp"),
    )

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.advance(update, now)
        assert type(error.value).__name__ == case.rejects
    else:
        after, header = client.advance(update, now)
        assert header == client.verify(update) == expected
        assert after.signers.hash == case.data("signersHashAfter")
        assert (after.height, after.timestamp) == (header.height, header.timestamp)


@pytest.mark.parametrize("case", cases("clique/evidence.json"), ids=name_of)
def test_evidence_names_the_height_or_breaks_the_named_rule(case: Case) -> None:
    client, evidence, now = client_of(case), case.data("evidence"), case.number("now")

    if case.rejects:
        with pytest.raises(LightClientError) as error:
            client.verify_misbehaviour(evidence, now)
        assert type(error.value).__name__ == case.rejects
    else:
        one, other = client.verify_misbehaviour(evidence, now)
        assert one.height == other.height == case.number("height")
        assert one.block_hash != other.block_hash
        assert client.build_evidence(*split_evidence(evidence)) == evidence


@pytest.mark.parametrize("size", range(1, 101))
def test_a_majority_is_more_than_half(size: int) -> None:
    signers = Signers(tuple(Address(number.to_bytes(20, "big")) for number in range(1, size + 1)))

    assert 2 * signers.majority > size >= 2 * (signers.majority - 1)


@pytest.mark.parametrize("size", range(1, 14))
def test_one_signer_less_than_a_majority_is_too_few(size: int) -> None:
    names = "ABCDEFGHIJKLM"[:size]
    client = a_client(names, confirmations=0)
    enough = seg(list(range(size)) * 2, names)[: client.signers.majority + 1]

    client.verify(bytes_of(enough, client))

    with pytest.raises(QuorumNotReached) as error:
        client.verify(bytes_of(enough[:-1], client))
    assert (error.value.signed, error.value.needed) == (client.signers.majority - 1, client.signers.majority)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.integers(0, 4))
def test_it_accepts_exactly_what_the_rules_say(who: list[int], confirmations: int) -> None:
    client = a_client("ABCDE", confirmations)
    headers = seg([one if one < 5 else "X" for one in who], "ABCDE", first=9)[:7]
    sealers = who[:7]

    recently = any(a == b != 5 for i, b in enumerate(sealers) for a in sealers[max(0, i - 2) : i])
    majority = len({one for one in sealers[1:] if one != 5}) >= 3
    fine = not recently and majority and sum(one != 5 for one in sealers[1:]) >= confirmations

    try:
        assert client.verify(bytes_of(headers, client)).height == 9
        accepted = True
    except (SignedRecently, QuorumNotReached, DepthNotReached):
        accepted = False
    assert accepted == fine


def test_every_byte_of_an_update_counts() -> None:
    client, headers = a_client(), seg([1, 2, 3, 0])
    update = client.build_update(headers)
    trusted = client.verify(update)

    for place in range(len(update)):
        for mask in (0x01, 0x80):
            try:
                again = client.verify(flipped(update, place, mask))
            except LightClientError:
                continue
            raise AssertionError(f"byte {place} changed by {mask:#x} still proves {again}, not only {trusted}")


def test_every_prefix_of_an_update_is_refused() -> None:
    client = a_client()
    update = client.build_update(seg([1, 2, 3, 0]))

    for length in range(len(update)):
        with pytest.raises(LightClientError):
            client.verify(update[:length])


def test_an_update_takes_no_more_headers_than_it_needs() -> None:
    client = a_client()
    headers = seg([1, 2, 3, 0, 1, 2, 3])

    assert client.build_update(headers) == bytes_of(headers[:4])
    assert replace(client, confirmations=5).build_update(headers) == bytes_of(headers[:6])
    strangers = seg([1, 2, 3, "X", 0, 1])
    assert client.build_update(strangers) == bytes_of(strangers[:5])


def test_an_update_is_not_built_of_headers_the_contract_would_refuse() -> None:
    client = a_client()
    headers = seg([1, 2, 3, 0])

    with pytest.raises(DepthNotReached):
        client.build_update(headers[:3])
    with pytest.raises(QuorumNotReached):
        client.build_update(seg([1, 2, 3, "X", 2]))
    with pytest.raises(HeadersUnlinked):
        client.build_update([headers[0], *headers[2:], headers[1]])


def test_what_is_written_is_read_back() -> None:
    headers = seg([1, 2, 3, 0])
    words = a_client().signers.words

    assert decode_update(encode_update(words, headers)) == (words, headers)
    assert split_evidence(encode_evidence(b"one", b"other")) == (b"one", b"other")
    with pytest.raises(UpdateMalformed):
        split_evidence(encode_evidence(b"one", b"other")[:6])


def test_after_an_epoch_only_the_new_signers_count() -> None:
    client = a_client()
    after, _ = client.advance(bytes_of(seg([0, 1, 2, 3], first=8, lists="EFG")), NOW)
    later = seg([0, 1, 2], "EFG", first=12)

    assert (after.signers, after.signers_height) == (Signers.of(addresses("EFG")), 8)
    following = replace(after, confirmations=2)
    assert following.verify(bytes_of(later, after)).height == 12
    with pytest.raises(SignersMismatch):
        following.verify(bytes_of(seg([1, 2, 3, 0], first=12)))
    with pytest.raises(DepthNotReached):
        following.verify(bytes_of(seg([1, 2, 3, 0], first=12), after))


def test_an_older_header_is_proven_but_moves_nothing() -> None:
    client, _ = a_client().advance(bytes_of(seg([1, 2, 3, 0], first=12)), NOW)

    after, header = client.advance(bytes_of(seg([1, 2, 3, 0], first=4)), NOW)

    assert header.height == 4
    assert after == client
    assert client.height == 12


def test_trust_lasts_from_the_newest_header_or_the_start() -> None:
    client = a_client()
    update = bytes_of(seg([1, 2, 3, 0], first=12))
    client.advance(update, START + TRUSTING)

    with pytest.raises(TrustExpired) as error:
        client.advance(update, START + TRUSTING + 1)
    assert (error.value.trusted, error.value.now) == (START, START + TRUSTING + 1)

    after, header = client.advance(update, NOW)
    after.advance(update, header.timestamp + TRUSTING)
    with pytest.raises(TrustExpired):
        after.advance(update, header.timestamp + TRUSTING + 1)


def test_a_header_from_the_future_is_refused() -> None:
    headers = seg([1, 2, 3, 0])
    last = headers[-1].timestamp
    a_client().advance(bytes_of(headers), last - 60)

    with pytest.raises(HeaderFromFuture) as error:
        a_client().advance(bytes_of(headers), last - 61)
    assert (error.value.timestamp, error.value.now) == (last, last - 61)


def test_two_headers_as_deep_are_evidence() -> None:
    client = a_client()
    one = client.build_update(seg([1, 2, 3, 0]))
    other = client.build_update(seg([1, 2, 3, 0], before={0: {"state_root": keccak256(b"other")}}))

    evidence = client.build_evidence(one, other)

    assert [header.height for header in client.verify_misbehaviour(evidence, NOW)] == [5, 5]
    with pytest.raises(EvidenceInvalid):
        client.build_evidence(one, one)


def test_signers_are_one_to_256_ascending_addresses() -> None:
    listed = [Address(number.to_bytes(20, "big")) for number in range(1, 258)]

    assert Signers.of(reversed(listed[:256])) == Signers(tuple(listed[:256]))
    with pytest.raises(SignersEmpty):
        Signers(())
    with pytest.raises(SignersTooMany):
        Signers(tuple(listed))
    for broken in ([listed[1], listed[0]], [listed[0], listed[0]]):
        with pytest.raises(SignersUnsorted) as error:
            Signers(tuple(broken))
        assert error.value.index == 1
    with pytest.raises(SignersUnsorted):
        Signers((Address(bytes(20)),))


def test_the_walk_knows_the_signers_that_the_client_needs() -> None:
    names = ranked("ABC")
    turns = [Block(names[number % 3]) for number in range(1, 10)]
    turns[5] = replace(turns[5], checkpoint=tuple("ABC"))
    headers = chain("ABC", turns, epoch_length=6)
    snapshot = Snapshot.of_checkpoint(headers[0], 6).walk(headers[1:])

    client = replace(a_client("ABC", confirmations=3), epoch_length=6, signers=Signers(snapshot.signers))
    after, header = client.advance(client.build_update(headers[6:]), NOW)

    assert header.block_hash == headers[6].hash()
    assert after.signers_height == 6


def real(file: str) -> list[Header]:
    return [decode_header(shared.data(entry["headerRlp"])) for entry in shared.load(f"clique/{file}")]


@pytest.mark.parametrize(("file", "depth"), [("rinkeby_0_5.json", 2), ("besu_clique_london_0_4.json", 3)])
def test_real_headers_are_trusted_at_depth(file: str, depth: int) -> None:
    genesis, *headers = real(file)
    signers = Signers(Snapshot.of_checkpoint(genesis, 30_000).signers)
    now = headers[-1].timestamp
    client = CliqueClient(ChainId(4), signers, Height(0), headers[0].timestamp, 30_000, depth, TRUSTING)

    update = client.build_update(headers)
    after, header = client.advance(update, now)

    assert header.block_hash == headers[0].hash()
    assert after.height == 1
    for place in range(2, len(update), 7):
        with pytest.raises(LightClientError):
            client.advance(flipped(update, place, 1), now)


def test_the_client_is_what_the_relayer_asks_for() -> None:
    client: LightClient = a_client()

    assert client.source == 31337
