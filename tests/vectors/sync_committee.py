"""What a SyncCommitteeLightClient must take: updates, handovers, evidence, and what gas is measured with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from light_clients.crypto.bls import MODULUS
from light_clients.sync_committee.client import DRIFT
from light_clients.sync_committee.wire import Handover, join_evidence
from light_clients.types import Height
from tests.vectors.beacon_cases import Case, at, case, constructor, coordinate, flip, number
from tests.vectors.beacon_world import MAINNET, MINIMAL, Scene, filler, validators
from tests.vectors.sync_committee_rejected import rejected


def updates() -> list[Case]:
    return accepted() + handovers() + rejected()


def accepted() -> list[Case]:
    scene = Scene()
    twice = Scene(who=[*range(1, 31)])
    edge = Scene(who=range(22))
    late, early = scene.client.timestamp + MINIMAL.trusting_period, scene.now - DRIFT
    older = replace(scene.client, slot=scene.finalized_slot + 8, timestamp=scene.now)
    return [
        case("everybody", scene),
        case("all but one", Scene(who=range(1, 32))),
        case("all but the key that occurs twice", twice),
        case("22 of 32, the least", edge),
        case("22 of 32, every third away", Scene(who=[i for i in range(32) if i % 3 or i > 27])),
        case("at the end of the trusting period", scene, now=late),
        case("from as far ahead as clocks may differ", scene, now=early),
        case("older than the newest finalized", scene, client=older),
        case("finalized and attested are one slot", Scene(attested_slot=208, signature_slot=209)),
        case("signed many slots later", Scene(signature_slot=255)),
        case("Capella", Scene(finalized_slot=16, attested_slot=33, signature_slot=34)),
        case(
            "Capella is final, Deneb attested",
            Scene(finalized_slot=48, attested_slot=65, signature_slot=66),
            client=at(48, 1),
        ),
        case("Deneb", Scene(finalized_slot=80, attested_slot=97, signature_slot=98)),
        case(
            "Deneb is final, Electra attested",
            Scene(finalized_slot=112, attested_slot=129, signature_slot=130),
            client=at(112, 1),
        ),
        case("Electra", Scene(finalized_slot=144, attested_slot=161, signature_slot=162)),
        case(
            "signed in the first slot of Fulu",
            Scene(finalized_slot=176, attested_slot=191, signature_slot=192),
            client=at(176, 1),
        ),
        case(
            "Fulu is final, Gloas attested",
            Scene(finalized_slot=240, attested_slot=257, signature_slot=258),
            client=at(240, 1),
        ),
        case("Gloas", Scene(finalized_slot=272, attested_slot=289, signature_slot=290)),
    ]


def handovers() -> list[Case]:
    scene = Scene(hands_over=True)
    across = Scene(finalized_slot=250, attested_slot=255, signature_slot=256, hands_over=True)
    stranger = replace(scene, following=validators(32, 9000))
    return [
        case("hands over", scene),
        case("hands over with a minority away", replace(scene, who=range(3, 30))),
        case("hands over in Capella", Scene(finalized_slot=16, attested_slot=33, signature_slot=34, hands_over=True)),
        case("hands over in Gloas", Scene(finalized_slot=272, attested_slot=289, signature_slot=290, hands_over=True)),
        case("hands over what is known", scene, client=at(208, 1)),
        case("hands over to the committee that signs", across, client=at(250, 1)),
        case("hands over to another committee than the known", stranger, client=at(208, 1)),
        case(
            "hands over while the finalized header is of the period before",
            Scene(finalized_slot=250, attested_slot=257, signature_slot=258, hands_over=True),
            "HandoverMisplaced",
            client=at(250, 1),
        ),
        case("the next committee's root changed", scene, "NextCommitteeBranchInvalid", update=handed(scene, root)),
        case("another next committee", scene, "NextCommitteeBranchInvalid", update=handed(scene, other_sum)),
        case("the next committee's branch changed", scene, "NextCommitteeBranchInvalid", update=handed(scene, twig)),
        case("the next aggregate negated", scene, "NextCommitteeBranchInvalid", update=handed(scene, negated)),
        case("the next aggregate not below the modulus", scene, "PointInvalid", update=handed(scene, overflown)),
        case("the next aggregate with a flag in x", scene, "PointInvalid", update=handed(scene, flagged)),
        case("the next aggregate off the curve", scene, "PointInvalid", update=handed(scene, bent)),
    ]


def handed(scene: Scene, change: Callable[[Handover], Handover]) -> bytes:
    update = scene.update
    assert update.handover is not None
    return replace(update, handover=change(update.handover)).encode()


def resummed(handover: Handover, aggregate: bytes) -> Handover:
    return replace(handover, committee=replace(handover.committee, aggregate=aggregate))


def root(handover: Handover) -> Handover:
    return replace(handover, committee=replace(handover.committee, keys_root=filler("other keys")))


def other_sum(handover: Handover) -> Handover:
    return replace(handover, committee=validators(32, 9000).committee.sum)


def twig(handover: Handover) -> Handover:
    return replace(handover, branch=(filler("twig"), *handover.branch[1:]))


def negated(handover: Handover) -> Handover:
    aggregate = handover.committee.aggregate
    return resummed(handover, aggregate[:48] + coordinate(MODULUS - number(aggregate[48:])))


def overflown(handover: Handover) -> Handover:
    aggregate = handover.committee.aggregate
    return resummed(handover, aggregate[:48] + coordinate(MODULUS + number(aggregate[48:])))


def flagged(handover: Handover) -> Handover:
    aggregate = handover.committee.aggregate
    return resummed(handover, bytes((aggregate[0] | 0x80,)) + aggregate[1:])


def bent(handover: Handover) -> Handover:
    return resummed(handover, flip(handover.committee.aggregate, 95))


def evidence() -> list[Case]:
    scene = Scene(hands_over=True)
    good, rule = scene.update.encode(), "EvidenceInvalid"

    def evidence_case(name: str, one: bytes, other: bytes, rejects: str = "", *, cut: int | None = None) -> Case:
        joined = join_evidence(one, other)[:cut]
        if not rejects:
            scene.client.verify_misbehaviour(joined, scene.now)
        return constructor(scene.client) | {
            "evidence": "0x" + joined.hex(),
            "height": hex(scene.header.number),
            "name": name,
            "now": hex(scene.now),
            "rejects": rejects,
        }

    def of(**changes: object) -> bytes:
        return replace(scene, **changes).update.encode()  # type: ignore[arg-type]

    half = of(text=" fork", who=range(21))
    later = {"attested_slot": 224, "signature_slot": 225}
    same_height = {"finalized_slot": 216, "text": " fork", "header_changes": {"number": Height(1208)}, **later}
    return [
        evidence_case("two finalized headers of one slot", good, of(text=" fork", **later)),
        evidence_case("two attested headers of one slot", good, of(attested_text=" fork")),
        evidence_case("two finalized and attested headers of their slots", good, of(text=" fork")),
        evidence_case("two execution blocks of one height", good, of(**same_height)),
        evidence_case("two next committees of one period", good, of(following=validators(32, 9000), **later)),
        evidence_case("signed by different quorums", of(who=range(22)), of(attested_text=" fork", who=range(10, 32))),
        evidence_case("one update twice", good, good, rule),
        evidence_case("one update, by different quorums", of(who=range(22)), of(who=range(10, 32)), rule),
        evidence_case("two that agree", good, of(finalized_slot=216, **later), rule),
        evidence_case("one finalized header, attested twice", good, of(**later), rule),
        evidence_case("the second without quorum", good, half, "QuorumNotReached"),
        evidence_case("the first without quorum", half, good, "QuorumNotReached"),
        evidence_case("one update", good, b"", "UpdateMalformed"),
        evidence_case("nothing at all", b"", b"", "UpdateMalformed", cut=0),
        evidence_case("the last byte missing", good, of(attested_text=" fork"), "UpdateMalformed", cut=-1),
        evidence_case("a byte behind", good, of(attested_text=" fork") + b"\0", "UpdateMalformed"),
    ]


def bench() -> list[Case]:
    """512 keys, on Ethereum's preset in the time of Fulu."""
    slot = (411_392 + 64) * 32
    full = Scene(MAINNET, slot, slot + 66, slot + 67)
    partial = replace(full, who=[index for index in range(512) if index % 31 not in (3, 8, 13, 23) or index == 3])
    return [
        case("512 of 512", full),
        case(f"{len(partial.who or ())} of 512", partial),
        case("512 of 512, handing over", replace(full, hands_over=True)),
        case("510 of 512", replace(full, who=[index for index in range(512) if index not in (77, 300)])),
    ]
