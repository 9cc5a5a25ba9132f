"""Evidence against QBFT and IBFT 2.0 chains: what freezes a BftLightClient, and what must not."""

from __future__ import annotations

from light_clients.bft.client import CLOCK_DRIFT
from light_clients.bft.extra_data import Dialect
from light_clients.types import ZERO_HASH, Hash32
from tests.vectors.attesters import attesters
from tests.vectors.bft import NOW, QUORUM, Case, the_client
from tests.vectors.bft_chain import ANCHOR, PERIOD, START, Scene, a_header, a_scene, a_step


def evidence() -> list[Case]:
    cases = []
    for dialect in Dialect:
        scene = a_scene(4, dialect)
        one, other = scene.header(), scene.header(state_root=Hash32(b"\1" * 32))
        first, second = scene.step(QUORUM, one), scene.step([1, 2, 3], other)
        again = scene.step(QUORUM, scene.header(round_=5))
        elsewhere = scene.step(QUORUM, scene.header(102))
        invalid = "EvidenceInvalid"
        cases += [
            evidence_case("two blocks", first + second, scene=scene),
            evidence_case("two blocks in two rounds", again + second, scene=scene),
            evidence_case("two blocks, the other way round", second + first, scene=scene),
            evidence_case("at the end of trust", first + second, scene=scene, now=START + PERIOD),
            evidence_case("one block twice", first + first, invalid, scene=scene),
            evidence_case("one block in two rounds", first + again, invalid, scene=scene),
            evidence_case("two heights", first + elsewhere, invalid, scene=scene),
            evidence_case("one step", first, "RlpTruncated", scene=scene),
            evidence_case("a byte behind", first + second + b"\0", "UpdateMalformed", scene=scene),
            evidence_case("too few", first + scene.step([0, 3], other), "QuorumNotReached", scene=scene),
            evidence_case("trust is over", first + second, "TrustExpired", scene=scene, now=START + PERIOD + 1),
        ]
    return cases + unfit_evidence() + retired_evidence()


def unfit_evidence() -> list[Case]:
    scene = a_scene()
    other = scene.header(state_root=Hash32(b"\1" * 32))
    first, second = scene.step(QUORUM), scene.step([1, 2, 3], other)
    strange = attesters(4, first=50)
    by_strangers = a_step(a_header(strange), strange, range(4))
    forged = second[:-66] + first[-66:]
    listed = a_step(other, scene.signers, QUORUM, trusted=scene.signers)
    incomplete = scene.step(QUORUM, scene.header(state_root=ZERO_HASH))
    mixed = scene.step(QUORUM, scene.header(mix_hash=ZERO_HASH))
    return [
        evidence_case("by strangers", first + by_strangers, "ValidatorsMismatch"),
        evidence_case("a forged seal", first + forged, "SignerMismatch"),
        evidence_case("a trusted list in it", first + listed, "UpdateMalformed"),
        evidence_case("a header without state root", first + incomplete, "HeaderIncomplete"),
        evidence_case("another mix hash", first + mixed, "MixHashMismatch"),
    ]


def retired_evidence() -> list[Case]:
    """Of a list that another has replaced at `NOW`."""
    scene = a_scene()
    more = attesters(5)
    newest = a_header(more, 130, timestamp=NOW + CLOCK_DRIFT)
    change = scene.change(scene.child(more), more, range(4))
    late = NOW + PERIOD
    keeps = change + a_step(newest, more, range(4))
    one, other = scene.step(QUORUM), scene.step([1, 2, 3], scene.header(state_root=Hash32(b"\1" * 32)))
    mixed = a_step(scene.child(more), more, range(4)) + other
    return [
        evidence_case("by those replaced", one + other, before=keeps),
        evidence_case("by those replaced and those after them", mixed, before=keeps),
        evidence_case("by those replaced, just in time", one + other, before=keeps, now=late - 1),
        evidence_case("by those replaced too long ago", one + other, "ValidatorsMismatch", before=keeps, now=late),
    ]


def evidence_case(
    name: str, data: bytes, rejects: str = "", *, scene: Scene | None = None, before: bytes = b"", now: int = NOW
) -> Case:
    """`before` is an update that the client takes at `NOW`."""
    scene = scene or a_scene()
    return {
        **the_client(scene),
        "before": "0x" + before.hex(),
        "beforeNow": hex(NOW),
        "evidence": "0x" + data.hex(),
        "height": hex(ANCHOR + 1),
        "name": f"{scene.dialect.value}: {name}",
        "now": hex(now),
        "rejects": rejects,
    }
