// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {Committee} from "../../src/light_clients/Committee.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {CommitteeFixture} from "./CommitteeFixture.sol";

/// @notice What the committee client accepts as an update.
contract CommitteeLightClientTest is CommitteeFixture {
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 internal constant SIGNATURES = 112 + 34 + 4 * 32;

    /* ACCEPTED */

    function test_update_trustsWhatAQuorumHasSigned() public {
        vm.expectEmit(address(client));
        emit ILightClient.HeaderTrusted(Height.wrap(9), aHeader(9).blockHash);
        assertUpdates(aHeader(9));
        assertEq(Height.unwrap(client.latestHeight()), 9);
        assertEq(ChainId.unwrap(client.sourceChain()), 31337);
        assertFalse(client.frozen());
    }

    function test_update_acceptsEveryQuorumOfFour() public {
        uint8[5] memory quorums = [0x7, 0xb, 0xd, 0xe, 0xf];
        for (uint256 i = 0; i < quorums.length; ++i) {
            client.update(anUpdate(client, aHeader(uint64(i + 1)), four(), quorums[i]));
            assertTrusts(aHeader(uint64(i + 1)));
        }
    }

    function test_eip712Domain_isTheOneSigned() public view {
        (, string memory name, string memory version, uint256 chainId, address verifier,,) =
            client.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                Committee.DOMAIN_TYPEHASH,
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chainId,
                verifier
            )
        );
        assertEq(domain, Committee.domainSeparator(block.chainid, address(client)));
        assertEq(typedDigest(client, 0), keccak256(abi.encodePacked(hex"1901", domain, bytes32(0))));
    }

    /* INVARIANT */

    /// @dev Whatever bitmap and whatever signatures: without three members behind it, no header is stored.
    function test_invariant_noHeaderWithoutQuorumIsEverStored(
        uint256 bitmap,
        uint256[4] memory keys,
        uint64 height
    ) public {
        vm.assume(height != 0);
        bitmap = bitmap % 16;
        Attester[] memory all = four();
        uint256 honest;
        for (uint256 i = 0; i < 4; ++i) {
            bool signs = keys[i] % 3 != 0;
            if (!signs) all[i].key = bound(keys[i], 1, ORDER - 1);
            else if ((bitmap >> i) & 1 == 1) ++honest;
        }
        bool wholly = honest == _count(bitmap);
        try client.update(anUpdate(client, aHeader(height), all, bitmap)) returns (Height, bool trusted) {
            assertTrue(trusted && wholly && honest >= 3);
        } catch {
            assertTrue(!wholly || honest < 3);
            vm.expectRevert(abi.encodeWithSelector(ILightClient.HeaderUnknown.selector, height));
            client.header(Height.wrap(height));
        }
    }

    /* BYTES */

    function test_update_rejectsEveryFlippedByte() public {
        bytes memory update = signed(aHeader(9));
        for (uint256 i = 0; i < update.length; ++i) {
            bytes1 original = update[i];
            for (uint256 bit = 0; bit < 8; ++bit) {
                update[i] = original ^ bytes1(uint8(1 << bit));
                _assertRejected(update);
            }
            update[i] = original;
        }
        client.update(update);
    }

    function test_update_rejectsEveryTruncation() public {
        bytes memory update = signed(aHeader(9));
        for (uint256 length = update.length; length > 0; --length) {
            assembly ("memory-safe") {
                mstore(update, sub(length, 1))
            }
            uint256 expected = length > SIGNATURES ? SIGNATURES + 192 : length > 146 ? SIGNATURES : 146;
            vm.expectRevert(abi.encodeWithSelector(Committee.UpdateMalformed.selector, length - 1, expected));
            client.update(update);
        }
    }

    function test_update_rejectsTrailingBytes() public {
        bytes memory update = signed(aHeader(9));
        bytes memory longer = abi.encodePacked(update, hex"00");
        vm.expectRevert(
            abi.encodeWithSelector(Committee.UpdateMalformed.selector, update.length + 1, update.length)
        );
        client.update(longer);
        client.update(update);
        vm.expectRevert(
            abi.encodeWithSelector(Committee.UpdateMalformed.selector, update.length + 1, update.length)
        );
        client.update(longer);
    }

    function test_update_rejectsBitsBeyondTheCommittee() public {
        for (uint256 i = 4; i < 256; ++i) {
            uint256 bitmap = THREE | (1 << i);
            bytes memory update = anUpdate(client, aHeader(9), four(), bitmap);
            vm.expectRevert(abi.encodeWithSelector(Committee.BitmapOutOfRange.selector, bitmap, 4));
            client.update(abi.encodePacked(update, new bytes(64)));
        }
    }

    function test_update_rejectsAnotherCommittee() public {
        Attester[] memory strangers = someAttesters(4, "strangers");
        bytes32 expected = client.committeeHash();
        bytes memory update = anUpdate(client, aHeader(9), strangers, 0xf);
        bytes32 given = keccak256(abi.encodePacked(wordsOf(strangers)));
        vm.expectRevert(abi.encodeWithSelector(Committee.CommitteeMismatch.selector, given, expected));
        client.update(update);
        update = anUpdate(client, aHeader(9), new Attester[](0), 0);
        vm.expectRevert(abi.encodeWithSelector(Committee.CommitteeMismatch.selector, keccak256(""), expected));
        client.update(update);
    }

    /* SIGNATURES */

    function test_update_rejectsAStranger() public {
        Attester[] memory all = four();
        all[2].key = 0x5eed;
        bytes memory update = anUpdate(client, aHeader(9), all, THREE);
        vm.expectRevert(
            abi.encodeWithSelector(Committee.SignerMismatch.selector, 2, vm.addr(0x5eed), all[2].account)
        );
        client.update(update);
    }

    function test_update_rejectsOneSignerTwice() public {
        Attester[] memory all = four();
        all[2].key = all[0].key;
        bytes memory update = anUpdate(client, aHeader(9), all, THREE);
        vm.expectRevert(
            abi.encodeWithSelector(Committee.SignerMismatch.selector, 2, all[0].account, all[2].account)
        );
        client.update(update);
    }

    function test_update_rejectsSignaturesOutOfOrder() public {
        bytes memory update = signed(aHeader(9));
        for (uint256 i = 0; i < 64; ++i) {
            (update[SIGNATURES + i], update[SIGNATURES + 64 + i]) =
            (update[SIGNATURES + 64 + i], update[SIGNATURES + i]);
        }
        Attester[] memory all = four();
        vm.expectRevert(
            abi.encodeWithSelector(Committee.SignerMismatch.selector, 0, all[2].account, all[0].account)
        );
        client.update(update);
    }

    /// @dev The other s of a signature recovers the same signer: without this rule one update has eight encodings.
    function test_update_rejectsHighS() public {
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory update = signed(aHeader(9));
            uint256 vs = _word(update, SIGNATURES + 64 * i + 32);
            uint256 s = ORDER - (vs & type(uint256).max >> 1);
            // High s leaves no room for the parity; with the bit of s cut off and with it kept, it must be refused.
            _setWord(update, SIGNATURES + 64 * i + 32, s & type(uint256).max >> 1 | (~vs >> 255) << 255);
            _assertRejected(update);
            _setWord(update, SIGNATURES + 64 * i + 32, s);
            _assertRejected(update);
        }
    }

    function test_update_rejectsSJustAboveTheHalf() public {
        bytes memory update = signed(aHeader(9));
        _setWord(update, SIGNATURES + 32, ORDER / 2 + 1);
        vm.expectRevert(abi.encodeWithSelector(Committee.SignatureInvalid.selector, 0));
        client.update(update);
        assertEq(Committee.GREATEST_S, ORDER / 2);
    }

    function test_update_rejectsASignatureOfNobody() public {
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory update = signed(aHeader(9));
            _setWord(update, SIGNATURES + 64 * i, 0);
            uint256 member = i == 0 ? 0 : i + 1;
            vm.expectRevert(abi.encodeWithSelector(Committee.SignatureInvalid.selector, member));
            client.update(update);
            update = signed(aHeader(9));
            _setWord(update, SIGNATURES + 64 * i + 32, 0);
            vm.expectRevert(abi.encodeWithSelector(Committee.SignatureInvalid.selector, member));
            client.update(update);
        }
    }

    /* OF SOMETHING ELSE */

    function test_update_rejectsAnotherEpochChainOrClient() public {
        bytes memory forHere = signed(aHeader(9));
        CommitteeLightClient other = new CommitteeLightClient(SOURCE, wordsOf(four()));
        bytes memory forOther = anUpdate(other, aHeader(9), four(), THREE);
        _assertRejected(forOther);

        other = new CommitteeLightClient(ChainId.wrap(31338), wordsOf(four()));
        bytes32 foreign = attestationDigest(other, aHeader(9), 1);
        _assertRejected(abi.encodePacked(headerBytes(aHeader(9)), aVote(foreign, four(), THREE)));

        for (uint64 epoch = 0; epoch < 4; ++epoch) {
            if (epoch == 1) continue;
            bytes32 digest = attestationDigest(client, aHeader(9), epoch);
            _assertRejected(abi.encodePacked(headerBytes(aHeader(9)), aVote(digest, four(), THREE)));
        }

        vm.chainId(block.chainid + 1);
        _assertRejected(forHere);
        vm.chainId(block.chainid - 1);
        client.update(forHere);
    }

    function test_update_rejectsARotationAsAnAttestation() public {
        bytes32 digest = rotationDigest(client, 1, client.committeeHash());
        _assertRejected(abi.encodePacked(headerBytes(aHeader(9)), aVote(digest, four(), THREE)));
    }

    function test_update_rejectsAnIncompleteHeader() public {
        for (uint256 i = 0; i < 5; ++i) {
            TrustedHeader memory header = aHeader(9);
            if (i == 0) header.height = 0;
            if (i == 1) header.timestamp = 0;
            if (i == 2) header.blockHash = 0;
            if (i == 3) header.stateRoot = 0;
            if (i == 4) header.receiptsRoot = 0;
            bytes memory update = signed(header);
            vm.expectRevert(ILightClient.HeaderIncomplete.selector);
            client.update(update);
        }
        TrustedHeader memory nothing;
        bytes memory zeros = signed(nothing);
        vm.expectRevert(ILightClient.HeaderIncomplete.selector);
        client.update(zeros);
    }

    /* HELPERS */

    function _assertRejected(bytes memory update) internal {
        try client.update(update) {
            revert("accepted");
        } catch {}
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

    function _count(uint256 bits) internal pure returns (uint256 n) {
        for (; bits != 0; bits >>= 1) {
            n += bits & 1;
        }
    }
}
