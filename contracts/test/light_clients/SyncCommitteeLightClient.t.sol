// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {
    Fork,
    ISyncCommitteeLightClient,
    Parameters
} from "../../src/interfaces/ISyncCommitteeLightClient.sol";
import {SyncCommittee} from "../../src/light_clients/SyncCommittee.sol";
import {SyncCommitteeLightClient} from "../../src/light_clients/SyncCommitteeLightClient.sol";
import {SyncUpdates} from "../../src/light_clients/SyncUpdates.sol";
import {Bls} from "../../src/proofs/Bls.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {SyncCommitteeFixture} from "./SyncCommitteeFixture.sol";

/// @notice What the client does with the updates of the vectors, beyond what each vector says.
/// forge-config: default.evm_version = "prague"
contract SyncCommitteeLightClientTest is SyncCommitteeFixture {
    SyncCommitteeLightClient private client;
    Case private full;
    bytes private update;
    Height private height;

    function setUp() public {
        Case memory c = caseOf("updates", "everybody");
        full = c;
        client = clientOf(c);
        update = bytesOf(c, "update");
        height = Height.wrap(uint64(numberOf(c, "height")));
    }

    /* CONSTRUCTION */

    function test_construction_showsWhatItWasGiven() public view {
        Parameters memory given = parametersOf(full);
        assertEq(abi.encode(client.network()), abi.encode(given.network));
        assertEq(abi.encode(client.forks()), abi.encode(given.forks));
        assertEq(client.trustingPeriod(), given.trustingPeriod);
        assertEq(client.latestTimestamp(), given.trustedTimestamp);
        assertEq(client.newestPeriod(), given.trustedPeriod);
        assertEq(client.commitment(given.trustedPeriod), given.commitments[0]);
        assertEq(client.commitment(given.trustedPeriod - 1), 0);
        assertEq(client.commitment(given.trustedPeriod + 1), 0);
        assertEq(Height.unwrap(client.latestHeight()), 0);
    }

    function test_construction_takesTwoCommitments() public {
        Parameters memory given = parametersOf(full);
        bytes32 first = given.commitments[0];
        given.commitments = new bytes32[](2);
        (given.commitments[0], given.commitments[1]) = (first, keccak256("next"));
        client = new SyncCommitteeLightClient(sourceOf(full), given);
        assertEq(client.newestPeriod(), given.trustedPeriod + 1);
        assertEq(client.commitment(given.trustedPeriod), first);
        assertEq(client.commitment(given.trustedPeriod + 1), keccak256("next"));
    }

    function test_construction_refusesToTrustForever() public {
        Parameters memory given = parametersOf(full);
        given.trustingPeriod = 0;
        _refuses(given, ISyncCommitteeLightClient.TrustingPeriodZero.selector);
    }

    function test_construction_refusesOtherSizesOfCommittees() public {
        Parameters memory given = parametersOf(full);
        given.network.committeeSize = 64;
        _refuses(given, ISyncCommitteeLightClient.NetworkInvalid.selector);
    }

    function test_construction_refusesSlotsWithoutLength() public {
        for (uint256 i = 0; i < 3; ++i) {
            Parameters memory given = parametersOf(full);
            if (i == 0) given.network.secondsPerSlot = 0;
            if (i == 1) given.network.slotsPerEpoch = 0;
            if (i == 2) given.network.epochsPerPeriod = 0;
            _refuses(given, ISyncCommitteeLightClient.NetworkInvalid.selector);
        }
    }

    function test_construction_refusesForksOutOfOrderOrWithoutIndices() public {
        for (uint256 i = 0; i < 5; ++i) {
            Parameters memory given = parametersOf(full);
            if (i == 0) given.forks = new Fork[](0);
            if (i == 1) given.forks[1].epoch = given.forks[0].epoch - 1;
            if (i == 2) given.forks[1].finality = 0;
            if (i == 3) given.forks[2].nextCommittee = 1;
            if (i == 4) given.forks[3].executionBlockHash = 0;
            _refuses(given, ISyncCommitteeLightClient.ForksInvalid.selector);
        }
    }

    function test_construction_refusesCommitmentsOfNobody() public {
        for (uint256 length = 0; length < 4; ++length) {
            Parameters memory given = parametersOf(full);
            given.commitments = new bytes32[](length);
            if (length == 3) {
                given.commitments[0] = given.commitments[1] = given.commitments[2] = keccak256("");
            }
            _refuses(given, ISyncCommitteeLightClient.CommitmentsInvalid.selector);
        }
    }

    function test_storage_standsWhereERC7201Says() public view {
        bytes32 hash = keccak256("lockkeeper.storage.SyncCommitteeLightClient");
        bytes32 slot = keccak256(abi.encode(uint256(hash) - 1)) & ~bytes32(uint256(0xff));
        uint256 period = client.newestPeriod();
        bytes32 place = keccak256(abi.encode(period & 1, slot));
        assertEq(vm.load(address(client), place), client.commitment(uint64(period)));
    }

    /* RECEIVING */

    function test_update_emitsTheHeader() public {
        vm.expectEmit(address(client));
        emit ILightClient.HeaderTrusted(height, wordOf(full, "blockHash"));
        client.update(update);
        assertEq(Height.unwrap(client.latestHeight()), Height.unwrap(height));
        assertEq(client.latestTimestamp(), numberOf(full, "timestamp"));
    }

    /// @dev A repetition is not verified again: one with a broken signature is as quiet.
    function test_update_isQuietWhenHeldAlready() public {
        client.update(update);
        bytes memory repeated = update;
        repeated[repeated.length - 200] ^= 0x01;
        vm.recordLogs();
        (Height again, bool trusted) = client.update(repeated);
        assertEq(Height.unwrap(again), Height.unwrap(height));
        assertTrue(trusted);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_update_rejectsAHeaderOlderThanTheOneInItsPlace() public {
        uint256 place = uint256(TRUST_SLOT) + 1 + 3 * (Height.unwrap(height) % 256) + 2;
        vm.store(address(client), bytes32(place), bytes32(uint256(Height.unwrap(height)) + 256 << 192));
        Height held = Height.wrap(Height.unwrap(height) + 256);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderTooOld.selector, height, held));
        client.update(update);
    }

    function test_invariant_aConflictingHeaderFreezesTheClient() public {
        uint256 place = uint256(TRUST_SLOT) + 1 + 3 * (Height.unwrap(height) % 256) + 2;
        vm.store(address(client), bytes32(place), bytes32(uint256(Height.unwrap(height)) << 192 | 1));
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(height);
        (, bool trusted) = client.update(update);
        assertFalse(trusted);
        _assertServesNothing();
    }

    /// @dev Only what verifies may freeze.
    function test_update_rejectsAConflictThatDoesNotVerify() public {
        uint256 place = uint256(TRUST_SLOT) + 1 + 3 * (Height.unwrap(height) % 256) + 2;
        vm.store(address(client), bytes32(place), bytes32(uint256(Height.unwrap(height)) << 192 | 1));
        bytes memory broken = update;
        broken[broken.length - 200] ^= 0x01;
        vm.expectRevert();
        client.update(broken);
        assertFalse(client.frozen());
    }

    function test_update_learnsTheNextCommitteeOfAHeaderHeldAlready() public {
        Case memory c = caseOf("updates", "hands over");
        bytes memory handover = bytesOf(c, "update");
        bytes memory plain = this.head(handover, handover.length - 128 - 32 * 6);
        plain[plain.length - 1] = 0;
        client = clientOf(c);
        client.update(plain);
        uint64 period = client.newestPeriod();
        vm.expectEmit(address(client));
        emit ISyncCommitteeLightClient.CommitteeTrusted(period + 1, wordOf(c, "newestCommitment"));
        client.update(handover);
        assertEq(client.newestPeriod(), period + 1);
        assertTrue(client.commitment(period) != 0);
    }

    function test_update_forgetsTheCommitteeTwoPeriodsBefore() public {
        Case memory c = caseOf("updates", "hands over");
        Parameters memory given = parametersOf(c);
        bytes32 present = given.commitments[0];
        given.commitments = new bytes32[](2);
        (given.commitments[0], given.commitments[1]) = (keccak256("before"), present);
        --given.trustedPeriod;
        client = new SyncCommitteeLightClient(sourceOf(c), given);
        vm.warp(numberOf(c, "now"));
        client.update(bytesOf(c, "update"));
        assertEq(client.newestPeriod(), given.trustedPeriod + 2);
        assertEq(client.commitment(given.trustedPeriod), 0);
        assertEq(client.commitment(given.trustedPeriod + 1), present);
        assertEq(client.commitment(given.trustedPeriod + 2), wordOf(c, "newestCommitment"));
    }

    /// @dev Another byte anywhere is refused, or leads to the same header. (Only the slot of the signature is not signed:
    ///      within a period and a fork it may be another.)
    function test_invariant_noOtherByteMakesAnotherHeader() public {
        Case memory c = caseOf("updates", "hands over with a minority away");
        client = clientOf(c);
        bytes memory data = bytesOf(c, "update");
        uint256 pristine = vm.snapshotState();
        uint256 accepted = 0;
        for (uint256 i = 0; i < data.length; ++i) {
            data[i] ^= bytes1(uint8(1 << i % 8));
            (bool ok,) = address(client).call(abi.encodeCall(client.update, (data)));
            if (ok) {
                assertLt(i, 8);
                _assertServes(c);
                assertTrue(vm.revertToState(pristine));
                ++accepted;
            }
            data[i] ^= bytes1(uint8(1 << i % 8));
        }
        assertLe(accepted, 1);
        client.update(data);
        _assertServes(c);
    }

    function test_update_rejectsEveryOtherLength() public {
        Case memory c = caseOf("updates", "22 of 32, every third away");
        client = clientOf(c);
        bytes memory data = bytesOf(c, "update");
        for (uint256 length = 0; length < data.length; ++length) {
            (bool ok,) = address(client).call(abi.encodeCall(client.update, (this.head(data, length))));
            assertFalse(ok);
        }
        vm.expectPartialRevert(SyncUpdates.UpdateMalformed.selector);
        client.update(abi.encodePacked(data, bytes1(0)));
    }

    /// @dev What failing precompiles burn is bounded, whatever the caller forwards.
    function test_update_burnsABoundedAmountOnPointsOffTheCurve() public {
        bytes memory broken = update;
        broken[broken.length - 130] ^= 0x01; // the signature's last byte
        uint256 before = gasleft();
        vm.expectPartialRevert(Bls.PointInvalid.selector);
        client.update(broken);
        assertLt(before - gasleft(), 500_000);
    }

    function test_update_rejectsWhatTheEndOfTheTrustingPeriodLeftBehind() public {
        uint256 latest = client.latestTimestamp();
        vm.warp(latest + client.trustingPeriod() + 1);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.TrustExpired.selector, latest, block.timestamp));
        client.update(update);
    }

    function test_update_rejectsAHeaderFromTheFuture() public {
        vm.warp(numberOf(full, "genesisTime"));
        vm.expectPartialRevert(ILightClient.HeaderFromFuture.selector);
        client.update(update);
    }

    function test_invariant_noHeaderWithoutQuorumIsEverStored() public {
        Case memory c = caseOf("updates", "21 of 32");
        client = clientOf(c);
        vm.expectRevert(abi.encodeWithSelector(SyncCommittee.QuorumNotReached.selector, 21, 22));
        client.update(bytesOf(c, "update"));
        vm.expectPartialRevert(ILightClient.HeaderUnknown.selector);
        client.header(Height.wrap(uint64(numberOf(c, "height"))));
    }

    /* MISBEHAVIOUR */

    function test_invariant_aFrozenClientServesNothing() public {
        client = clientOf(caseOf("evidence", "two finalized headers of one slot"));
        bytes memory evidence = bytesOf(caseOf("evidence", "two finalized headers of one slot"), "evidence");
        client.submitMisbehaviour(evidence);
        _assertServesNothing();
        client.submitMisbehaviour(evidence);
        client.submitMisbehaviour("");
        vm.recordLogs();
        (, bool trusted) = client.update(update);
        assertFalse(trusted);
        assertEq(vm.getRecordedLogs().length, 0);
        _assertServesNothing();
    }

    function test_submitMisbehaviour_rejectsExpiredEvidence() public {
        Case memory c = caseOf("evidence", "two finalized headers of one slot");
        client = clientOf(c);
        vm.warp(client.latestTimestamp() + client.trustingPeriod() + 1);
        vm.expectPartialRevert(ILightClient.TrustExpired.selector);
        client.submitMisbehaviour(bytesOf(c, "evidence"));
    }

    function test_submitMisbehaviour_rejectsALengthBeyondTheEnd() public {
        bytes memory evidence = abi.encodePacked(uint32(update.length + 1), update);
        vm.expectRevert(
            abi.encodeWithSelector(SyncUpdates.UpdateMalformed.selector, evidence.length, evidence.length + 1)
        );
        client.submitMisbehaviour(evidence);
    }

    /* HELPERS */

    bytes32 private constant TRUST_SLOT = 0xfb99fee14eaa8bd88f4d83c49ebd8f0e61663988292ef4bf622011c33a304800;

    function head(bytes calldata data, uint256 length) external pure returns (bytes memory) {
        return data[:length];
    }

    function _refuses(Parameters memory given, bytes4 rule) private {
        ChainId source = sourceOf(full);
        vm.expectPartialRevert(rule);
        new SyncCommitteeLightClient(source, given);
    }

    function _assertServes(Case memory c) private view {
        Height number = Height.wrap(uint64(numberOf(c, "height")));
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) = client.header(number);
        assertEq(stateRoot, wordOf(c, "stateRoot"));
        assertEq(receiptsRoot, wordOf(c, "receiptsRoot"));
        assertEq(timestamp, numberOf(c, "timestamp"));
        assertEq(client.newestPeriod(), numberOf(c, "newestPeriod"));
        assertEq(client.commitment(client.newestPeriod()), wordOf(c, "newestCommitment"));
    }

    function _assertServesNothing() private {
        assertTrue(client.frozen());
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        client.header(height);
    }
}
