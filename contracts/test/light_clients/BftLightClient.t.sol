// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBftLightClient} from "../../src/interfaces/IBftLightClient.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {Bft} from "../../src/light_clients/Bft.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {BftFixture} from "./BftFixture.sol";

/// @notice What the BFT clients accept, in either dialect.
abstract contract BftLightClientTest is BftFixture {
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /* CONSTRUCTION */

    function test_construction_trustsTheAnchorButServesNothing() public {
        Validator[] memory all = four();
        vm.expectEmit();
        emit IBftLightClient.ValidatorsTrusted(Height.wrap(ANCHOR), keccak256(payloadOf(all)));
        client = aClient(all, true);
        assertEq(client.validatorsHash(), keccak256(payloadOf(all)));
        assertEq(client.trustingPeriod(), PERIOD);
        assertTrue(client.oneThirdOverlap());
        assertEq(client.latestTimestamp(), aBlock(ANCHOR).timestamp);
        assertEq(client.latestBlockHash(), bytes16(hashOf(aBlock(ANCHOR), all)));
        assertEq(Height.unwrap(client.latestHeight()), ANCHOR);
        assertEq(ChainId.unwrap(client.sourceChain()), 1337);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, ANCHOR));
        client.header(Height.wrap(ANCHOR));
    }

    /* ACCEPTED */

    function test_update_trustsWhatAQuorumHasSealed() public {
        Block memory b = aBlock(150);
        vm.expectEmit(address(client));
        emit ILightClient.HeaderTrusted(Height.wrap(150), hashOf(b, four()));
        assertUpdates(signed(b), 150);
        assertServes(b);
        assertEq(Height.unwrap(client.latestHeight()), 150);
        assertEq(client.latestTimestamp(), b.timestamp);
        assertEq(client.latestBlockHash(), bytes16(hashOf(b, four())));
    }

    /// @dev The block hash does not depend on the round, so a header is known whichever round's seals come with it.
    function test_update_knowsABlockInEveryRound(uint32 round) public {
        Block memory b = aBlock(150);
        client.update(signed(b));
        b.round = round;
        assertUpdates(signed(b), 150);
        assertFalse(client.frozen());
        b = aBlock(151);
        b.round = round;
        vm.expectEmit(address(client));
        emit ILightClient.HeaderTrusted(Height.wrap(151), hashOf(b, four()));
        client.update(signed(b));
    }

    function test_update_takesManySteps() public {
        bytes memory update;
        for (uint64 height = 110; height < 120; ++height) {
            update = abi.encodePacked(update, signed(aBlock(height)));
        }
        assertUpdates(update, 119);
        for (uint64 height = 110; height < 120; ++height) {
            assertServes(aBlock(height));
        }
    }

    function test_update_isQuietWhenTheHeaderIsHeld() public {
        bytes memory step = signed(aBlock(150));
        client.update(step);
        step[step.length - 10] ^= 0xff; // a seal: not looked at any more
        vm.warp(START + 2 * PERIOD);
        vm.recordLogs();
        assertUpdates(step, 150);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_update_acceptsOlderHeadersOfTheSameList() public {
        client.update(signed(aBlock(500)));
        assertUpdates(signed(aBlock(400)), 400);
        assertServes(aBlock(400));
        assertEq(Height.unwrap(client.latestHeight()), 500);
        assertEq(client.latestTimestamp(), aBlock(500).timestamp);
        bytes memory old = signed(aBlock(244));
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderTooOld.selector, 244, 500));
        client.update(old);
    }

    /* QUORUM AND OVERLAP */

    function test_update_takesTwoThirdsRoundedUp() public {
        for (uint256 n = 1; n <= 100; ++n) {
            this.assertQuorum(n);
        }
    }

    function test_update_takesAnotherListBlocksLaterFromAQuorumOfTheTrusted() public {
        for (uint256 n = 1; n <= 100; ++n) {
            this.assertOverlap(n, Bft.quorum(n), false, false);
        }
    }

    function test_update_takesAnotherListBlocksLaterFromOneHonestIfToldSo() public {
        for (uint256 n = 1; n <= 100; ++n) {
            this.assertOverlap(n, (n - 1) / 3 + 1, true, false);
        }
    }

    function test_update_takesAnotherListInTheNextBlockFromOneHonest() public {
        for (uint256 n = 1; n <= 100; ++n) {
            this.assertOverlap(n, (n - 1) / 3 + 1, false, true);
        }
    }

    /// @dev External, so that the memory of each count is free again after it.
    function assertQuorum(uint256 n) external {
        Validator[] memory all = someValidators(n, "validators");
        uint256 needed = Bft.quorum(n);
        assertTrue(3 * needed >= 2 * n && 3 * (needed - 1) < 2 * n);
        client = aClient(all, false);
        bytes memory few = aStep(aBlock(150), all, first(needed - 1), dialect(), "");
        vm.expectRevert(abi.encodeWithSelector(Bft.QuorumNotReached.selector, needed - 1, needed));
        client.update(few);
        assertUpdates(aStep(aBlock(150), all, first(needed) << (n - needed), dialect(), ""), 150);
    }

    /// @dev Exactly `needed` of the trusted are enough, one fewer is not.
    function assertOverlap(uint256 n, uint256 needed, bool oneThird, bool child) external {
        Validator[] memory trusted = someValidators(n, "validators");
        client = aClient(trusted, oneThird);
        Block memory b = child ? aChild(trusted) : aBlock(150);
        Validator[] memory next = mixed(trusted, needed - 1, 2);
        bytes memory step = aStep(b, next, first(next.length), dialect(), payloadOf(trusted));
        vm.expectRevert(abi.encodeWithSelector(Bft.OverlapNotReached.selector, needed - 1, needed));
        client.update(step);
        next = mixed(trusted, needed, 2);
        assertUpdates(aStep(b, next, first(next.length), dialect(), payloadOf(trusted)), b.height);
    }

    function test_update_takesBlockHundredAndOneOfAnotherParentForASkip() public {
        Validator[] memory next = mixed(four(), 2, 2);
        Block memory b = aChild(four());
        b.parent = bytes32(uint256(b.parent) ^ 1 << 128);
        bytes memory step = change(b, next, 0xf);
        vm.expectRevert(abi.encodeWithSelector(Bft.OverlapNotReached.selector, 2, 3));
        client.update(step);
        b.parent = bytes32(uint256(b.parent) ^ 1 << 128 ^ 1);
        assertUpdates(change(b, next, 0xf), ANCHOR + 1);
    }

    function test_update_takesTheParentFromTheRing() public {
        client.update(signed(aBlock(200)));
        Block memory b = aBlock(201);
        b.parent = hashOf(aBlock(200), four());
        assertUpdates(change(b, mixed(four(), 2, 2), 0xf), 201);
    }

    function test_update_handsOverToTheNewList() public {
        Validator[] memory next = mixed(four(), 4, 1);
        bytes32 old = client.validatorsHash();
        Block memory b = aChild(four());
        vm.expectEmit(address(client));
        emit IBftLightClient.ValidatorsTrusted(Height.wrap(101), keccak256(payloadOf(next)));
        assertUpdates(change(b, next, 0x1f), 101);
        assertEq(client.validatorsHash(), keccak256(payloadOf(next)));
        assertEq(client.retiredAt(old), block.timestamp);
        assertEq(client.retiredAt(client.validatorsHash()), 0);
        bytes memory stale = signed(aBlock(150));
        vm.expectRevert();
        client.update(stale);
        assertUpdates(aStep(aBlock(150), next, 0xf, dialect(), ""), 150);
    }

    function test_update_rejectsAnotherListAtOrBelowTheNewest() public {
        Validator[] memory next = mixed(four(), 4, 1);
        for (uint64 height = ANCHOR - 1; height <= ANCHOR; ++height) {
            bytes memory step = change(aBlock(height), next, 0x1f);
            vm.expectRevert(
                abi.encodeWithSelector(
                    Bft.ValidatorsMismatch.selector, keccak256(payloadOf(next)), client.validatorsHash()
                )
            );
            client.update(step);
        }
    }

    /* TIME */

    function test_update_rejectsHeadersFromTheFuture() public {
        Block memory b = aBlock(150);
        b.timestamp = uint64(block.timestamp) + 61;
        bytes memory step = signed(b);
        vm.expectRevert(
            abi.encodeWithSelector(ILightClient.HeaderFromFuture.selector, b.timestamp, block.timestamp)
        );
        client.update(step);
        b.timestamp -= 1;
        assertUpdates(signed(b), 150);
    }

    function test_update_rejectsEverythingWhenTrustIsOver() public {
        uint64 newest = client.latestTimestamp();
        vm.warp(newest + PERIOD + 1);
        bytes memory step = signed(aBlock(150));
        vm.expectRevert(
            abi.encodeWithSelector(ILightClient.TrustExpired.selector, newest, newest + PERIOD + 1)
        );
        client.update(step);
        vm.warp(newest + PERIOD);
        assertUpdates(step, 150);
    }

    /* BYTES */

    function test_update_rejectsEveryFlippedByte() public {
        bytes memory update = signed(aBlock(150));
        uint256 pristine = vm.snapshotState();
        bytes32 block_ = hashOf(aBlock(150), four());
        for (uint256 i = 0; i < update.length; ++i) {
            bytes1 original = update[i];
            for (uint256 bit = 0; bit < 8; ++bit) {
                update[i] = original ^ bytes1(uint8(1 << bit));
                (bool ok,) = address(client).call(abi.encodeCall(client.update, (update)));
                if (!ok) continue;
                assertEq(client.latestBlockHash(), bytes16(block_));
                vm.revertToState(pristine);
            }
            update[i] = original;
        }
    }

    function test_update_rejectsEveryTruncationAndExtension() public {
        bytes memory update = signed(aBlock(150));
        bytes memory shorter = signed(aBlock(150));
        for (uint256 length = update.length; length > 0; --length) {
            assembly ("memory-safe") {
                mstore(shorter, sub(length, 1))
            }
            (bool ok,) = address(client).call(abi.encodeCall(client.update, (shorter)));
            assertFalse(ok);
        }
        for (uint256 i = 0; i < 256; ++i) {
            bytes memory longer = abi.encodePacked(update, uint8(i));
            (bool ok,) = address(client).call(abi.encodeCall(client.update, (longer)));
            assertFalse(ok);
        }
    }

    function test_update_rejectsHighS() public {
        bytes memory data = signedHeader(aBlock(150), payloadOf(four()), dialect());
        bytes memory seals = sealsOf(keccak256(data), four(), THREE);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 vs;
            assembly ("memory-safe") {
                vs := mload(add(seals, add(64, mul(64, i))))
            }
            _assertSealRejected(data, seals, i, ORDER - (vs & type(uint256).max >> 1));
            _assertSealRejected(data, seals, i, ORDER / 2 + 1);
        }
        assertEq(Bft.GREATEST_S, ORDER / 2);
    }

    function test_update_rejectsBitsBeyondTheList() public {
        bytes memory data = signedHeader(aBlock(150), payloadOf(four()), dialect());
        for (uint256 i = 4; i < 256; ++i) {
            uint256 bitmap = THREE | 1 << i;
            bytes memory update = abi.encodePacked(data, bitmap, new bytes(256), uint16(0));
            vm.expectRevert(abi.encodeWithSelector(Bft.BitmapOutOfRange.selector, bitmap, 4));
            client.update(update);
        }
    }

    function test_update_rejectsOneSignerTwice() public {
        Validator[] memory all = four();
        all[2].key = all[0].key;
        bytes memory step = aStep(aBlock(150), all, THREE, dialect(), "");
        vm.expectRevert(
            abi.encodeWithSelector(Bft.SignerMismatch.selector, 2, all[0].account, all[2].account)
        );
        client.update(step);
    }

    function _assertSealRejected(bytes memory data, bytes memory seals, uint256 i, uint256 word) private {
        bytes memory forged = abi.encodePacked(seals);
        assembly ("memory-safe") {
            mstore(add(forged, add(64, mul(64, i))), word)
        }
        (bool ok,) = address(client)
            .call(abi.encodeCall(client.update, (abi.encodePacked(data, THREE, forged, hex"0000"))));
        assertFalse(ok);
    }
}

/// @notice QBFT.
contract QbftLightClientTest is BftLightClientTest {
    function dialect() internal pure override returns (Bft.Dialect) {
        return Bft.Dialect.Qbft;
    }
}

/// @notice IBFT 2.0.
contract Ibft2LightClientTest is BftLightClientTest {
    function dialect() internal pure override returns (Bft.Dialect) {
        return Bft.Dialect.Ibft2;
    }
}
