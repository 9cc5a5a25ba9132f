// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {Height} from "../../src/types/Message.sol";
import {CommitteeFixture} from "./CommitteeFixture.sol";

/// @notice How headers are held: by place in the ring, and not by a client that has seen misbehaviour.
contract TrustedHeadersTest is CommitteeFixture {
    /* RING */

    function test_header_isUnknownUntilVerified() public {
        _assertUnknown(0);
        _assertUnknown(1);
        _assertUnknown(256);
        assertUpdates(aHeader(256));
        _assertUnknown(0);
        _assertUnknown(512);
        assertEq(Height.unwrap(client.latestHeight()), 256);
    }

    /// @dev
    ///   heights   1 … 256 | 257 … 512 | 513
    ///   place     1 … 0   |   1 … 0   |   1      each round overwrites the one before
    function test_ring_holdsTheLast256Headers() public {
        for (uint64 height = 1; height <= 513; ++height) {
            client.update(signed(aHeader(height)));
        }
        for (uint64 height = 1; height <= 513; ++height) {
            if (height <= 257) _assertUnknown(height);
            else assertTrusts(aHeader(height));
        }
        assertEq(Height.unwrap(client.latestHeight()), 513);
    }

    /// @dev
    ///   place 5   1000005·256+5 held │ 5 offered: refused      place 6   free │ 6 offered: taken
    function test_ring_takesAnOldHeaderOnlyInAFreeOrOlderPlace() public {
        uint64 high = 1_000_005 * 256 + 5;
        assertUpdates(aHeader(high));
        bytes memory old = signed(aHeader(5));
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderTooOld.selector, 5, high));
        client.update(old);
        assertUpdates(aHeader(6));
        assertUpdates(aHeader(6 + 256));
        assertTrusts(aHeader(high));
        assertEq(Height.unwrap(client.latestHeight()), high);
    }

    function test_ring_holdsTheGreatestHeightThereIs() public {
        assertUpdates(aHeader(type(uint64).max));
        assertEq(Height.unwrap(client.latestHeight()), type(uint64).max);
    }

    function testFuzz_latestHeight_isTheGreatestVerified(uint64[6] memory heights) public {
        uint64 greatest;
        for (uint256 i = 0; i < 6; ++i) {
            uint64 height = 1 + heights[i] % 2000;
            try client.update(signed(aHeader(height))) {
                if (height > greatest) greatest = height;
            } catch {
                assertLt(height, greatest);
            }
            assertEq(Height.unwrap(client.latestHeight()), greatest);
        }
    }

    /* HELD ALREADY */

    function test_update_isQuietAboutAHeaderHeld() public {
        assertUpdates(aHeader(9));
        bytes memory byOthers = anUpdate(client, aHeader(9), four(), 0xe);
        vm.recordLogs();
        (Height height, bool trusted) = client.update(byOthers);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(Height.unwrap(height), 9);
        assertTrue(trusted);
        assertTrusts(aHeader(9));
    }

    function test_invariant_trustedRootsNeverChange(uint64 height, bytes32 stateRoot, uint256 bitmap) public {
        height = uint64(bound(height, 1, type(uint32).max));
        assertUpdates(aHeader(height));
        TrustedHeader memory other = aHeader(height);
        other.stateRoot = stateRoot;
        try client.update(anUpdate(client, other, four(), bitmap % 16)) returns (Height, bool trusted) {
            assertEq(trusted, stateRoot == aHeader(height).stateRoot);
        } catch {}
        if (!client.frozen()) assertTrusts(aHeader(height));
        else _assertFrozen(height);
    }

    /* FREEZING */

    function test_update_freezesOnASecondHeaderOfOneHeight() public {
        for (uint256 i = 0; i < 4; ++i) {
            setUp();
            assertUpdates(aHeader(9));
            TrustedHeader memory other = aHeader(9);
            if (i == 0) other.blockHash = keccak256("other");
            if (i == 1) other.stateRoot = keccak256("other");
            if (i == 2) other.receiptsRoot = keccak256("other");
            if (i == 3) other.timestamp += 1;
            vm.expectEmit(address(client));
            emit ILightClient.Frozen(Height.wrap(9));
            (Height height, bool trusted) = client.update(signed(other));
            assertEq(Height.unwrap(height), 9);
            assertFalse(trusted);
            _assertFrozen(9);
        }
    }

    function test_update_doesNotFreezeWithoutAQuorum() public {
        assertUpdates(aHeader(9));
        bytes memory conflicting = anUpdate(client, twinOf(aHeader(9)), four(), 0x3);
        vm.expectRevert();
        client.update(conflicting);
        assertFalse(client.frozen());
        assertTrusts(aHeader(9));
    }

    function test_invariant_aFrozenClientServesNothing() public {
        for (uint64 height = 1; height <= 20; ++height) {
            client.update(signed(aHeader(height)));
        }
        client.update(signed(twinOf(aHeader(20))));
        for (uint64 height = 0; height <= 300; ++height) {
            _assertFrozen(height);
        }
        (Height answered, bool trusted) = client.update(signed(aHeader(21)));
        assertFalse(trusted);
        assertEq(Height.unwrap(answered), 21);
        (, trusted) = client.update(signed(aHeader(20)));
        assertFalse(trusted);
        assertEq(Height.unwrap(client.latestHeight()), 20);
        bytes memory rotation = aRotation(client, someAttesters(3, "next"), four(), THREE);
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        client.rotate(rotation);
    }

    /* STORAGE */

    function test_storage_standsWhereItsNamespacesSay() public {
        bytes32 base = _namespace("lockkeeper.storage.TrustedHeaders");
        assertUpdates(aHeader(0x0109));
        bytes32 state = vm.load(address(client), base);
        uint256 latestTimestamp = aHeader(0x0109).timestamp;
        assertEq(uint256(state), 0x0109 | (uint256(1) << 64) | (latestTimestamp << 136));
        bytes32 place = bytes32(uint256(base) + 1 + 3 * 9);
        assertEq(vm.load(address(client), place), aHeader(0x0109).stateRoot);
        assertEq(
            vm.load(address(client), _namespace("lockkeeper.storage.CommitteeLightClient")),
            client.committeeHash()
        );
        client.update(signed(twinOf(aHeader(0x0109))));
        assertEq(uint256(vm.load(address(client), base)) >> 128, 1 | (latestTimestamp << 8));
    }

    /* HELPERS */

    function _namespace(string memory name) internal pure returns (bytes32) {
        return keccak256(abi.encode(uint256(keccak256(bytes(name))) - 1)) & ~bytes32(uint256(0xff));
    }

    function _assertUnknown(uint64 height) internal {
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, height));
        client.header(Height.wrap(height));
    }

    function _assertFrozen(uint64 height) internal {
        assertTrue(client.frozen());
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        client.header(Height.wrap(height));
    }
}
