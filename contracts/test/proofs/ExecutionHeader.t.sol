// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ExecutionHeader} from "../../src/proofs/ExecutionHeader.sol";
import {Rlp} from "../../src/proofs/Rlp.sol";
import {BftChain} from "../support/BftChain.sol";
import {PlainExecutionHeader} from "../support/PlainExecutionHeader.sol";
import {Vectors} from "../support/Vectors.sol";

/// @notice Both readers of headers, callable.
contract HeaderReaders {
    function fast(bytes calldata data, uint256 offset) external pure returns (ExecutionHeader.Fields memory) {
        return ExecutionHeader.read(data, offset);
    }

    function plain(bytes memory data, uint256 offset) external pure returns (ExecutionHeader.Fields memory) {
        return PlainExecutionHeader.read(data, offset);
    }

    /// @notice The header's hash with the first `kept` bytes of its extra data, and `suffix`.
    function hashWithExtra(bytes calldata data, uint256 kept, bytes memory suffix, bool asList)
        external
        pure
        returns (bytes32)
    {
        ExecutionHeader.Fields memory f = ExecutionHeader.read(data, 0);
        return ExecutionHeader.hashWithExtra(data, f, f.extra, f.extra + kept, suffix, asList);
    }
}

/// @notice What is read of a header: as the Python codec reads it, and as a plain twin does.
contract ExecutionHeaderTest is Vectors, BftChain {
    HeaderReaders internal readers = new HeaderReaders();

    /* VECTORS */

    function test_read_agreesWithTheVectors() public {
        Case[] memory cases = casesOf("bft/headers");
        for (uint256 i = 0; i < cases.length; ++i) {
            Case memory c = cases[i];
            bytes memory data = bytesOf(c, "header");
            bytes memory answer = assertOutcome(c, address(readers), abi.encodeCall(readers.fast, (data, 0)));
            if (bytes(c.rejects).length != 0) continue;
            ExecutionHeader.Fields memory f = abi.decode(answer, (ExecutionHeader.Fields));
            assertEq(f.number, numberOf(c, "number"), c.name);
            assertEq(f.timestamp, numberOf(c, "timestamp"), c.name);
            assertEq(f.difficulty, numberOf(c, "difficulty"), c.name);
            assertEq(f.parentHash, wordOf(c, "parentHash"), c.name);
            assertEq(f.stateRoot, wordOf(c, "stateRoot"), c.name);
            assertEq(f.receiptsRoot, wordOf(c, "receiptsRoot"), c.name);
            assertEq(f.mixHash, wordOf(c, "mixHash"), c.name);
            assertEq(f.beneficiary, addressOf(c, "beneficiary"), c.name);
            assertEq(bytes32(f.nonce), bytes32(bytesOf(c, "nonce")), c.name);
            assertEq(f.extraEnd - f.extra, bytesOf(c, "extraData").length, c.name);
            assertEq(f.end, data.length, c.name);
            assertEq(keccak256(data), wordOf(c, "hash"), c.name);
        }
    }

    /* TWIN */

    function testFuzz_read_agreesWithThePlainTwin(
        uint64 height,
        uint32 round,
        bytes memory list,
        uint256[4] memory changes
    ) public view {
        Block memory b = aBlock(height);
        b.round = round;
        bytes memory data = header(b, list, number(round));
        for (uint256 i = 0; i < changes.length; ++i) {
            if (changes[i] % 2 == 0) continue;
            uint256 place = (changes[i] >> 16) % data.length;
            // Half of the changes fall where the variable fields stand.
            if (changes[i] % 4 == 1) place = 189 + 256 + (changes[i] >> 16) % 60;
            data[place] = bytes1(uint8(changes[i] >> 8));
        }
        _assertSame(data, 0);
    }

    function testFuzz_read_agreesWithThePlainTwinOnShorterBytes(uint64 height, uint256 length) public view {
        bytes memory data = header(aBlock(height), "", "");
        length = bound(length, 0, data.length);
        assembly ("memory-safe") {
            mstore(data, length)
        }
        _assertSame(data, 0);
    }

    function testFuzz_read_agreesWithThePlainTwinAnywhere(bytes memory before, bytes memory behind)
        public
        view
    {
        _assertSame(abi.encodePacked(before, header(aBlock(7), "", ""), behind), before.length);
        _assertSame(before, 0);
    }

    /* HASHES */

    function testFuzz_hashWithExtra_isTheHashOfTheHeaderWithIt(
        bytes memory list,
        bytes memory suffix,
        uint256 kept,
        bool asList
    ) public view {
        bytes memory data = header(aBlock(7), list, "");
        ExecutionHeader.Fields memory f = readers.fast(data, 0);
        kept = bound(kept, 33, f.extraEnd - f.extra);
        bytes memory extra = abi.encodePacked(_slice(data, f.extra, f.extra + kept), suffix);
        bytes memory expected = listOf(
            abi.encodePacked(
                _slice(data, f.start, f.extraItem),
                stringOf(asList ? listOf(extra) : extra),
                _slice(data, f.extraEnd, f.end)
            )
        );
        assertEq(readers.hashWithExtra(data, kept, suffix, asList), keccak256(expected));
    }

    function test_hashWithExtra_ofTheSameExtraIsTheHash() public view {
        bytes memory data = header(aBlock(7), payloadOf(someValidators(4, "validators")), hex"c0");
        ExecutionHeader.Fields memory f = readers.fast(data, 0);
        assertEq(readers.hashWithExtra(data, f.extraEnd - f.extra, "", false), keccak256(data));
    }

    /* ENDS */

    function test_read_rejectsAHeaderThatEndsInItsFixedPart() public {
        bytes memory data = header(aBlock(7), "", "");
        ExecutionHeader.Fields memory f = readers.fast(data, 0);
        bytes memory short = listOf(_slice(data, f.start, f.start + 445));
        vm.expectRevert(ExecutionHeader.HeaderMalformed.selector);
        readers.fast(short, 0);
    }

    /// @dev The fields stand where they should, and outside.
    function test_read_rejectsFieldsBehindTheEnd() public {
        bytes memory data = header(aBlock(7), "", "");
        ExecutionHeader.Fields memory f = readers.fast(data, 0);
        for (uint256 missing = 1; missing <= 42; ++missing) {
            uint256 end = f.extraEnd + 42 - missing;
            bytes memory short =
                abi.encodePacked(listOf(_slice(data, f.start, end)), _slice(data, end, data.length));
            vm.expectRevert(ExecutionHeader.HeaderMalformed.selector);
            readers.fast(short, 0);
        }
    }

    function test_read_rejectsOtherPrefixesOfMixHashAndNonce() public {
        bytes memory data = header(aBlock(7), "", "");
        ExecutionHeader.Fields memory f = readers.fast(data, 0);
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory bent = bytes.concat(data);
            bent[f.extraEnd + 33 * i] ^= 0x01;
            vm.expectRevert(ExecutionHeader.HeaderMalformed.selector);
            readers.fast(bent, 0);
        }
    }

    function test_read_rejectsAString() public {
        vm.expectRevert(Rlp.RlpUnexpectedKind.selector);
        readers.fast(hex"8568656c6c6f", 0);
    }

    function _assertSame(bytes memory data, uint256 offset) private view {
        (bool ok, bytes memory answer) =
            address(readers).staticcall(abi.encodeCall(readers.fast, (data, offset)));
        (bool plainOk, bytes memory plainAnswer) =
            address(readers).staticcall(abi.encodeCall(readers.plain, (data, offset)));
        assertEq(ok, plainOk);
        assertEq(answer, plainAnswer);
    }

    function _slice(bytes memory data, uint256 from, uint256 to) private pure returns (bytes memory part) {
        part = new bytes(to - from);
        for (uint256 i = 0; i < part.length; ++i) {
            part[i] = data[from + i];
        }
    }
}
