"""What a SyncCommitteeLightClient must not take: updates that break one rule each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from light_clients.crypto.bls import MODULUS
from light_clients.ssz.containers import BeaconHeader
from light_clients.sync_committee.client import DRIFT
from light_clients.sync_committee.committee import CommitteeSum
from light_clients.sync_committee.wire import Update
from light_clients.types import ZERO_HASH, Height
from tests.vectors.beacon_cases import Case, at, case, coordinate, flip, number
from tests.vectors.beacon_world import MINIMAL, Scene, filler, validators, validators_of

Change = Callable[[Update], Update]

OUTSIDE = (
    bytes(47)
    + b"\2"
    + bytes(48)
    + bytes.fromhex(
        "18c6b864ae17dc9da64203ffefb966306425a7bc6aeb7c75247438372716284a4173830420cd476ba1a365b95bfcec38"
        "172e93db764a8400a7d5071b6b6f5de0da2f0f4a063119abca014006b7c40a2cfe291a1924e65db0d6d0fcfbf3bf3d5c"
    )
)
"""The point of G2's curve with x = 2, which is not in the subgroup."""


def rejected() -> list[Case]:
    """One fault each."""
    cases = malformed() + untimely() + by_others() + unproven() + unsigned() + off_the_curve() + unusable_headers()
    for one in cases:
        assert one["rejects"]
    return cases


def malformed() -> list[Case]:
    full, short, handing = Scene(), Scene(who=range(2, 32)), Scene(hands_over=True)
    data, rule = full.update.encode(), "UpdateMalformed"
    missing = short.update
    cases = {
        "nothing at all": b"",
        "beacon headers alone": data[:232],
        "the last byte missing": data[:-1],
        "a byte behind": data + b"\0",
        "a flag of two": data[:-1] + b"\2",
        "a handover without its flag": handing.update.encode()[:-321] + b"\0" + handing.update.encode()[-320:],
        "a flag without its handover": data[:-1] + b"\1",
        "the last of the next committee's branch missing": handing.update.encode()[:-32],
        "a missing key left out": replace(missing, missing=missing.missing[:-1]).encode(),
        "a node of the multiproof left out": replace(missing, nodes=missing.nodes[:-1]).encode(),
    }
    return [case(name, full, rule, update=update) for name, update in cases.items()]


def untimely() -> list[Case]:
    scene = Scene()
    rule = "SlotsUnordered"
    early = Scene(finalized_slot=16, attested_slot=33, signature_slot=34)
    phase0 = replace(early.update, finalized=replace(early.update.finalized, slot=7)).encode()
    return [
        case("signed in the attested slot", Scene(signature_slot=226), rule),
        case("signed before the attested slot", Scene(signature_slot=220), rule),
        case(
            "attested before the finalized slot", Scene(finalized_slot=226, attested_slot=225, signature_slot=227), rule
        ),
        case("after the trusting period", scene, "TrustExpired", now=scene.client.timestamp + 7 * 24 * 3600 + 1),
        case("further ahead than clocks may differ", scene, "HeaderFromFuture", now=scene.now - DRIFT - 1),
        case("finalized before the first fork of the table", early, "ForkUnknown", update=phase0),
        case(
            "signed in an unknown period",
            Scene(finalized_slot=250, attested_slot=256, signature_slot=257),
            "CommitteeUnknown",
        ),
        case(
            "signed in a period long past",
            Scene(finalized_slot=144, attested_slot=161, signature_slot=162),
            "CommitteeUnknown",
            client=at(208),
        ),
    ]


def by_others() -> list[Case]:
    scene = Scene()
    update = scene.update
    rule = "CommitteeMismatch"
    strangers = Scene(signers=validators(32, 9000))
    mixed = CommitteeSum(update.committee.keys_root, strangers.committee.committee.sum.aggregate)
    rootless = CommitteeSum(filler("other keys"), update.committee.aggregate)
    return [
        case("another committee", strangers, rule),
        case("the next committee, a period early", Scene(signers=validators_of(4)), rule),
        case("another aggregate", scene, rule, update=replace(update, committee=mixed).encode()),
        case("another root of keys", scene, rule, update=replace(update, committee=rootless).encode()),
        case("21 of 32", Scene(who=range(21)), "QuorumNotReached"),
        case("a single one", Scene(who=[5]), "QuorumNotReached"),
        case("nobody", Scene(who=[]), "QuorumNotReached"),
    ]


def unproven() -> list[Case]:
    scene, partial = Scene(), Scene(who=[*range(10), *range(12, 31)])
    other = Scene(text=" fork")
    keys = partial.update.missing

    def finalized(change: Callable[[BeaconHeader], BeaconHeader]) -> Change:
        return lambda update: replace(update, finalized=change(update.finalized))

    changes: dict[str, tuple[str, Scene, Change]] = {
        "the finalized slot changed": ("FinalityBranchInvalid", scene, finalized(lambda h: replace(h, slot=209))),
        "the finalized proposer changed": (
            "FinalityBranchInvalid",
            scene,
            finalized(lambda h: replace(h, proposer_index=8)),
        ),
        "the finalized parent changed": (
            "FinalityBranchInvalid",
            scene,
            finalized(lambda h: replace(h, parent_root=filler("x"))),
        ),
        "the finalized state changed": (
            "FinalityBranchInvalid",
            scene,
            finalized(lambda h: replace(h, state_root=filler("x"))),
        ),
        "another block finalized": (
            "FinalityBranchInvalid",
            scene,
            lambda u: replace(u, finalized=other.finalized, execution_header=other.header.encode()),
        ),
        "the first finality node changed": (
            "FinalityBranchInvalid",
            scene,
            lambda u: replace(u, finality_branch=(filler("x"), *u.finality_branch[1:])),
        ),
        "the last finality node changed": (
            "FinalityBranchInvalid",
            scene,
            lambda u: replace(u, finality_branch=(*u.finality_branch[:-1], filler("x"))),
        ),
        "another execution header": (
            "ExecutionBranchInvalid",
            scene,
            lambda u: replace(u, execution_header=other.header.encode()),
        ),
        "the first execution node changed": (
            "ExecutionBranchInvalid",
            scene,
            lambda u: replace(u, execution_branch=(filler("x"), *u.execution_branch[1:])),
        ),
        "the last execution node changed": (
            "ExecutionBranchInvalid",
            scene,
            lambda u: replace(u, execution_branch=(*u.execution_branch[:-1], filler("x"))),
        ),
        "two missing keys swapped": (
            "KeysProofInvalid",
            partial,
            lambda u: replace(u, missing=(keys[1], keys[0], keys[2])),
        ),
        "a missing key twice": ("KeysProofInvalid", partial, lambda u: replace(u, missing=(keys[0], keys[0], keys[2]))),
        "a stranger's key missing": (
            "KeysProofInvalid",
            partial,
            lambda u: replace(u, missing=(*keys[:2], validators(32, 9000).committee.key(3))),
        ),
        "a missing key negated": (
            "KeysProofInvalid",
            partial,
            lambda u: replace(u, missing=(keys[0][:48] + coordinate(MODULUS - number(keys[0][48:])), *keys[1:])),
        ),
        "the first node of the multiproof changed": (
            "KeysProofInvalid",
            partial,
            lambda u: replace(u, nodes=(filler("x"), *u.nodes[1:])),
        ),
        "the last node of the multiproof changed": (
            "KeysProofInvalid",
            partial,
            lambda u: replace(u, nodes=(*u.nodes[:-1], filler("x"))),
        ),
    }
    return [case(n, s, rule, update=change(s.update).encode()) for n, (rule, s, change) in changes.items()]


def unsigned() -> list[Case]:
    scene = Scene()
    update = scene.update
    wrong_fork = replace(MINIMAL, forks=MINIMAL.forks[:-2])
    elsewhere = replace(MINIMAL, genesis_validators_root=filler("another world"))
    first = Scene(finalized_slot=176, attested_slot=191, signature_slot=192)
    after = replace(MINIMAL, forks=(*MINIMAL.forks[:3], replace(MINIMAL.forks[3], epoch=23)))
    other = Scene(attested_text=" fork").update
    short = Scene(who=range(30)).update
    one_less = Scene(who=range(29)).update
    changes = {
        "the signature of another attested header": replace(update, signature=other.signature),
        "a signature with one signer less": replace(short, signature=one_less.signature),
        "a signature with one signer more": replace(one_less, signature=short.signature),
        "the signature negated": replace(update, signature=negative(update.signature)),
        "the attested proposer changed": replace(update, attested=replace(update.attested, proposer_index=12)),
        "the attested parent changed": replace(update, attested=replace(update.attested, parent_root=filler("x"))),
        "the attested body changed": replace(update, attested=replace(update.attested, body_root=filler("x"))),
    }
    rule = "SignatureInvalid"
    return [
        *[case(name, scene, rule, update=changed.encode()) for name, changed in changes.items()],
        case("signed for another fork", replace(scene, signed_as=wrong_fork), rule),
        case("signed for another genesis", replace(scene, signed_as=elsewhere), rule),
        case(
            "signed for the fork of the signature's own slot", replace(first, signed_as=after), rule, client=at(176, 1)
        ),
    ]


def negative(signature: bytes) -> bytes:
    y0, y1 = number(signature[96:144]), number(signature[144:])
    return signature[:96] + coordinate(MODULUS - y0) + coordinate(MODULUS - y1)


def off_the_curve() -> list[Case]:
    scene, partial = Scene(), Scene(who=range(1, 32))
    update, lacking = scene.update, partial.update
    key, signature = lacking.missing[0], update.signature
    keys = {
        "a missing key's x not below the modulus": coordinate(MODULUS + number(key[:48])) + key[48:],
        "a missing key's y not below the modulus": key[:48] + coordinate(MODULUS + number(key[48:])),
        "a missing key's x with a flag": flip(key, 0, 0x80),
        "a missing key off the curve": flip(key, 95),
        "a missing key at infinity": bytes(96),
    }
    signatures = {
        "a signature's first coordinate not below the modulus": coordinate(MODULUS + number(signature[:48]))
        + signature[48:],
        "a signature's last coordinate not below the modulus": signature[:144]
        + coordinate(MODULUS + number(signature[144:])),
        "a signature off the curve": flip(signature, 191),
        "a signature outside the subgroup": OUTSIDE,
        "a signature at infinity": bytes(192),
    }
    rule = "PointInvalid"
    return [
        *[case(n, partial, rule, update=replace(lacking, missing=(xy,)).encode()) for n, xy in keys.items()],
        *[case(n, scene, rule, update=replace(update, signature=xy).encode()) for n, xy in signatures.items()],
    ]


def unusable_headers() -> list[Case]:
    rule = "HeaderIncomplete"
    changes: dict[str, dict[str, object]] = {
        "execution height zero": {"number": Height(0)},
        "execution time zero": {"timestamp": 0},
        "execution state root zero": {"state_root": ZERO_HASH},
        "execution receipts root zero": {"receipts_root": ZERO_HASH},
    }
    return [case(name, Scene(header_changes=fields), rule) for name, fields in changes.items()]
