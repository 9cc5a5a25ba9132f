// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICliqueLightClient} from "../../src/interfaces/ICliqueLightClient.sol";
import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {Clique} from "../../src/light_clients/Clique.sol";
import {CliqueLightClient} from "../../src/light_clients/CliqueLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {CliqueFixture} from "./CliqueFixture.sol";

/// @notice What the Clique client accepts as an update, and how it stops.
contract CliqueLightClientTest is CliqueFixture {
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /* CONSTRUCTION */

    function test_constructor_tellsWhatThePythonTwinNeeds() public {
        bytes32 hash = keccak256(words(signers()));
        vm.expectEmit();
        emit ICliqueLightClient.SignersTrusted(Height.wrap(2000), hash, signers());
        client = new CliqueLightClient(SOURCE, 2000, START, signers(), EPOCH, 5, TRUSTING);
        assertEq(client.signersHash(), hash);
        assertEq(Height.unwrap(client.signersHeight()), 2000);
        assertEq(client.epochLength(), EPOCH);
        assertEq(client.confirmations(), 5);
        assertEq(client.trustingPeriod(), TRUSTING);
        assertEq(client.startTimestamp(), START);
        assertEq(client.latestTimestamp(), 0);
        assertEq(Height.unwrap(client.latestHeight()), 0);
    }

    function test_constructor_rejectsWhatCannotWork() public {
        address[] memory some = signers();
        vm.expectRevert(ILightClient.SourceChainZero.selector);
        new CliqueLightClient(ChainId.wrap(0), 0, START, some, EPOCH, 3, TRUSTING);
        vm.expectRevert(ICliqueLightClient.EpochLengthZero.selector);
        new CliqueLightClient(SOURCE, 0, START, some, 0, 3, TRUSTING);
        vm.expectRevert(ICliqueLightClient.TrustingPeriodZero.selector);
        new CliqueLightClient(SOURCE, 0, START, some, EPOCH, 3, 0);
        vm.expectRevert(Clique.SignersEmpty.selector);
        new CliqueLightClient(SOURCE, 0, START, new address[](0), EPOCH, 3, TRUSTING);
        vm.expectRevert(abi.encodeWithSelector(Clique.SignersTooMany.selector, 257));
        new CliqueLightClient(SOURCE, 0, START, new address[](257), EPOCH, 3, TRUSTING);
        (some[1], some[2]) = (some[2], some[1]);
        vm.expectRevert(abi.encodeWithSelector(Clique.SignersUnsorted.selector, 2));
        new CliqueLightClient(SOURCE, 0, START, some, EPOCH, 3, TRUSTING);
        some = signers();
        some[0] = address(0);
        vm.expectRevert(abi.encodeWithSelector(Clique.SignersUnsorted.selector, 0));
        new CliqueLightClient(SOURCE, 0, START, some, EPOCH, 3, TRUSTING);
    }

    /* ACCEPTED */

    function test_update_trustsWhatAMajorityHasBuiltOn() public {
        Header[] memory headers = aSegment(9, "1230");
        vm.expectEmit(address(client));
        emit ILightClient.HeaderTrusted(Height.wrap(9), keccak256(sealed_(headers[0])));
        (Height height, bool trusted) = client.update(anUpdate(headers));
        assertEq(Height.unwrap(height), 9);
        assertTrue(trusted);
        assertTrusts(headers[0]);
        assertEq(Height.unwrap(client.latestHeight()), 9);
        assertEq(client.latestTimestamp(), headers[0].timestamp);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, 10));
        client.header(Height.wrap(10));
    }

    function test_update_adoptsTheSignersThatAnEpochLists() public {
        Header[] memory headers = aSegment(EPOCH, "0123");
        address[] memory next = new address[](3);
        (next[0], next[1], next[2]) = (signers()[0], signers()[1], signers()[3]);
        headers[0].listed = words(next);
        vm.expectEmit(address(client));
        emit ICliqueLightClient.SignersTrusted(Height.wrap(EPOCH), keccak256(words(next)), next);
        client.update(anUpdate(headers));
        assertEq(client.signersHash(), keccak256(words(next)));
        assertEq(Height.unwrap(client.signersHeight()), EPOCH);
        bytes memory byTheOld = anUpdate(EPOCH + 9, "1230");
        vm.expectPartialRevert(Clique.SignersMismatch.selector);
        client.update(byTheOld);
    }

    function test_update_neverTakesAnOlderListForANewer() public {
        client.update(anUpdate(2 * EPOCH, "0123"));
        Header[] memory headers = aSegment(EPOCH, "0123");
        headers[0].listed = abi.encodePacked(signers()[0]);
        client.update(anUpdate(headers));
        assertTrusts(headers[0]);
        assertEq(client.signersHash(), keccak256(words(signers())));
        assertEq(Height.unwrap(client.signersHeight()), 2 * EPOCH);
    }

    function test_update_ofAnOlderHeaderDoesNotAgeTheTrust() public {
        client.update(anUpdate(100, "1230"));
        client.update(anUpdate(9, "1230"));
        assertEq(Height.unwrap(client.latestHeight()), 100);
        assertEq(client.latestTimestamp(), START + 500);
    }

    function test_update_isQuietAboutAHeaderHeld() public {
        client.update(anUpdate(9, "1230"));
        bytes memory again = anUpdate(9, "1320");
        vm.recordLogs();
        (Height height, bool trusted) = client.update(again);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(Height.unwrap(height), 9);
        assertTrue(trusted);
    }

    /* INVARIANTS */

    /// @dev Whoever seals what: without three of the four in the confirmations, no header is stored.
    function test_invariant_noHeaderWithoutQuorumIsEverStored(uint8[6] memory ranks, uint256 length) public {
        Header[] memory headers = new Header[](bound(length, 1, 6));
        uint256 seen;
        uint256 depth;
        for (uint256 i = 0; i < headers.length; ++i) {
            uint256 rank = ranks[i] % 5;
            headers[i] = aHeader(9 + uint64(i), rank);
            if (i != 0 && rank != STRANGER) (seen, depth) = (seen | 1 << rank, depth + 1);
        }
        uint256 distinct = (seen & 1) + (seen >> 1 & 1) + (seen >> 2 & 1) + (seen >> 3 & 1);
        try client.update(anUpdate(headers)) returns (Height, bool trusted) {
            assertTrue(trusted && distinct >= 3 && depth >= 3);
        } catch {
            vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, 9));
            client.header(Height.wrap(9));
        }
    }

    function test_invariant_trustedRootsNeverChange(bytes32 stateRoot) public {
        vm.assume(stateRoot != 0);
        Header[] memory headers = aSegment(9, "1230");
        client.update(anUpdate(headers));
        Header[] memory others = aSegment(9, "1230");
        others[0].stateRoot = stateRoot;
        (, bool trusted) = client.update(anUpdate(others));
        assertEq(trusted, stateRoot == headers[0].stateRoot);
        assertEq(client.frozen(), !trusted);
        if (trusted) assertTrusts(headers[0]);
    }

    function test_invariant_aFrozenClientServesNothing() public {
        client.update(anUpdate(9, "1230"));
        client.update(anUpdate(20, "1230"));
        _freeze(9);
        (Height height, bool trusted) = client.update(anUpdate(21, "1230"));
        assertEq(Height.unwrap(height), 21);
        assertFalse(trusted);
        (, trusted) = client.update(anUpdate(20, "1230"));
        assertFalse(trusted);
        client.submitMisbehaviour("");
        for (uint64 i = 0; i < 30; ++i) {
            vm.expectRevert(ILightClient.ClientFrozen.selector);
            client.header(Height.wrap(i));
        }
        assertTrue(client.frozen());
        assertEq(Height.unwrap(client.latestHeight()), 20);
    }

    /* FREEZING */

    function test_update_doesNotFreezeWithoutAMajority() public {
        client.update(anUpdate(9, "1230"));
        Header[] memory others = aSegment(9, "12412");
        others[0].stateRoot = keccak256("another");
        bytes memory update = anUpdate(others);
        vm.expectRevert(abi.encodeWithSelector(Clique.QuorumNotReached.selector, 2, 3));
        client.update(update);
        assertFalse(client.frozen());
    }

    function test_submitMisbehaviour_freezesOnTwoHeadersOfOneHeight() public {
        bytes memory one = anUpdate(9, "1230");
        Header[] memory others = aSegment(9, "1230");
        others[0].receiptsRoot = keccak256("another");
        bytes memory evidence = abi.encodePacked(uint32(one.length), one, anUpdate(others));
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(Height.wrap(9));
        client.submitMisbehaviour(evidence);
        assertTrue(client.frozen());
    }

    function test_submitMisbehaviour_rejectsOneHeaderTwice() public {
        bytes memory one = anUpdate(9, "1230");
        bytes memory evidence = abi.encodePacked(uint32(one.length), one, anUpdate(9, "1320"));
        vm.expectRevert(ILightClient.EvidenceInvalid.selector);
        client.submitMisbehaviour(evidence);
    }

    /* BYTES */

    function test_update_rejectsEveryFlippedByte() public {
        bytes memory update = anUpdate(9, "1230");
        for (uint256 i = 0; i < update.length; ++i) {
            bytes1 mask = bytes1(uint8(1 << (i % 8)));
            update[i] ^= mask;
            _assertRejected(update);
            update[i] ^= mask;
        }
        client.update(update);
    }

    function test_update_rejectsEveryTruncation() public {
        bytes memory update = anUpdate(9, "1230");
        uint256 whole = update.length;
        for (uint256 length = 0; length < whole; length += 3) {
            assembly ("memory-safe") {
                mstore(update, length)
            }
            _assertRejected(update);
        }
    }

    function test_update_rejectsTrailingBytes() public {
        bytes memory update = anUpdate(9, "1230");
        _assertRejected(abi.encodePacked(update, hex"00"));
        _assertRejected(abi.encodePacked(update, hex"c0"));
        _assertRejected(abi.encodePacked(update, update));
        _assertRejected(abi.encodePacked(update, sealed_(aHeader(13, 1))));
    }

    /// @dev The other s of a seal recovers the same signer, but makes another block hash.
    function test_update_rejectsHighS() public {
        bytes memory update = anUpdate(9, "1230");
        uint256 place = update.length - 43 - 33;
        uint256 s = _word(update, place);
        assertLe(s, Clique.GREATEST_S);
        assertEq(Clique.GREATEST_S, ORDER / 2);
        _setWord(update, place, ORDER - s);
        update[place + 32] ^= 0x01;
        vm.expectRevert(abi.encodeWithSelector(Clique.SealInvalid.selector, 3));
        client.update(update);
        _setWord(update, place, Clique.GREATEST_S + 1);
        vm.expectRevert(abi.encodeWithSelector(Clique.SealInvalid.selector, 3));
        client.update(update);
    }

    /* TIME */

    function test_update_rejectsWhatComesAfterTheTrustingPeriod() public {
        bytes memory first = anUpdate(1, "1230");
        bytes memory later = anUpdate(9, "1230");
        vm.warp(START + TRUSTING + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ILightClient.TrustExpired.selector, START, START + TRUSTING + 1)
        );
        client.update(first);
        vm.warp(START + TRUSTING);
        client.update(first);
        vm.warp(START + 5 + TRUSTING + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ILightClient.TrustExpired.selector, START + 5, START + 5 + TRUSTING + 1)
        );
        client.update(later);
        (, bool trusted) = client.update(first);
        assertTrue(trusted);
    }

    function test_update_rejectsAHeaderFromTheFuture() public {
        Header[] memory headers = aSegment(9, "1230");
        headers[0].timestamp = uint64(block.timestamp) + 61;
        bytes memory update = anUpdate(headers);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILightClient.HeaderFromFuture.selector, block.timestamp + 61, block.timestamp
            )
        );
        client.update(update);
        vm.warp(block.timestamp + 1);
        client.update(update);
    }

    function test_update_rejectsAHeaderOlderThanTheOneInItsPlace() public {
        client.update(anUpdate(9 + 256, "1230"));
        bytes memory old = anUpdate(9, "1230");
        vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderTooOld.selector, 9, 9 + 256));
        client.update(old);
    }

    /* STORAGE */

    function test_storage_standsWhereItsNamespaceSays() public view {
        bytes32 base = keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.CliqueLightClient")) - 1))
            & ~bytes32(uint256(0xff));
        assertEq(vm.load(address(client), base), client.signersHash());
    }

    /* HELPERS */

    function _freeze(uint64 height) internal {
        Header[] memory others = aSegment(height, "1230");
        others[0].stateRoot = keccak256("another");
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(Height.wrap(height));
        (Height answered, bool trusted) = client.update(anUpdate(others));
        assertEq(Height.unwrap(answered), height);
        assertFalse(trusted);
    }

    function _assertRejected(bytes memory update) internal {
        (bool ok,) = address(client).call(abi.encodeCall(client.update, (update)));
        assertFalse(ok);
    }

    function _word(bytes memory data, uint256 offset) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 32), offset))
        }
    }

    function _setWord(bytes memory data, uint256 offset, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(data, 32), offset), word)
        }
    }
}
