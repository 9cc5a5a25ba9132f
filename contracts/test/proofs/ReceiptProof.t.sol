// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {VmSafe} from "forge-std/Vm.sol";

import {ReceiptProof} from "../../src/proofs/ReceiptProof.sol";
import {ReceiptProofHarness} from "../support/ReceiptProofHarness.sol";
import {TinyReceipts} from "../support/TinyReceipts.sol";

contract ReceiptProofTest is Test {
    ReceiptProofHarness private harness = new ReceiptProofHarness();

    address private constant EMITTER = address(0xbeef);
    bytes32 private constant TOPIC0 = keccak256("event");
    bytes32 private constant TOPIC1 = bytes32(uint256(31338));
    bytes32 private constant WORD = keccak256("word");

    function aLog(address emitter, bytes32 word) private pure returns (VmSafe.Log memory log) {
        log.emitter = emitter;
        log.topics = new bytes32[](3);
        (log.topics[0], log.topics[1], log.topics[2]) = (TOPIC0, TOPIC1, bytes32(uint256(1)));
        log.data = abi.encode(word, 0, 200_000, 0, 0);
    }

    function loggedWord(bytes32 root, bytes memory proof) private view returns (bytes32) {
        return harness.loggedWord(root, EMITTER, TOPIC0, TOPIC1, proof);
    }

    /// @dev Some other contracts' logs, of any shape, around the one that is meant.
    function test_loggedWord_findsTheLogAmongAnyOthers(
        bytes32[4] calldata topics,
        bytes calldata data,
        bytes32 word,
        uint256 before,
        uint256 behind
    ) public view {
        before = bound(before, 0, 12);
        VmSafe.Log[] memory logs = new VmSafe.Log[](before + 1 + bound(behind, 0, 4));
        for (uint256 i = 0; i < logs.length; ++i) {
            logs[i].emitter = address(uint160(i));
            logs[i].topics = new bytes32[]((i + data.length) % 5);
            for (uint256 j = 0; j < logs[i].topics.length; ++j) {
                logs[i].topics[j] = topics[j];
            }
            logs[i].data = data;
        }
        logs[before] = aLog(EMITTER, word);

        (bytes32 root, bytes memory proof) = TinyReceipts.prove(TinyReceipts.receipt(logs), before);

        assertEq(loggedWord(root, proof), word);
    }

    function test_loggedWord_rejectsEveryByteChanged() public {
        VmSafe.Log[] memory logs = new VmSafe.Log[](2);
        logs[0] = aLog(address(1), keccak256("other"));
        logs[1] = aLog(EMITTER, WORD);
        (bytes32 root, bytes memory proof) = TinyReceipts.prove(TinyReceipts.receipt(logs), 1, 2);
        assertEq(loggedWord(root, proof), WORD);

        for (uint256 i = 0; i < proof.length; ++i) {
            bytes1 kept = proof[i];
            proof[i] = kept ^ bytes1(uint8(1 + i % 255));
            (bool ok,) = address(harness)
                .call(abi.encodeCall(harness.loggedWord, (root, EMITTER, TOPIC0, TOPIC1, proof)));
            assertFalse(ok, vm.toString(i));
            proof[i] = kept;
        }
    }

    /// @dev Whatever stands in a trie as a receipt, the outcome is a word that stands in it, or one of the named errors:
    ///      never a panic, never a word that the log does not hold.
    function test_loggedWord_readsAnyReceiptOrRefusesIt(uint256 place, bytes1 value) public {
        VmSafe.Log[] memory logs = new VmSafe.Log[](1);
        logs[0] = aLog(EMITTER, WORD);
        bytes memory receipt = TinyReceipts.receipt(logs);
        receipt[place % receipt.length] = value;
        (bytes32 root, bytes memory proof) = TinyReceipts.prove(receipt, 0);

        (bool ok, bytes memory answer) =
            address(harness).call(abi.encodeCall(harness.loggedWord, (root, EMITTER, TOPIC0, TOPIC1, proof)));

        if (ok) assertEq(bytes32(answer), wordAt(receipt, receipt.length - 160));
        else assertNotEq(bytes4(answer), bytes4(keccak256("Panic(uint256)")));
    }

    function test_loggedWord_saysWhoEmittedTheLogInstead() public {
        VmSafe.Log[] memory logs = new VmSafe.Log[](1);
        logs[0] = aLog(address(1), WORD);
        (bytes32 root, bytes memory proof) = TinyReceipts.prove(TinyReceipts.receipt(logs), 0);

        vm.expectRevert(abi.encodeWithSelector(ReceiptProof.LogEmitterMismatch.selector, address(1), EMITTER));
        loggedWord(root, proof);
    }

    function test_loggedWord_saysWhichTopicDiffers() public {
        VmSafe.Log[] memory logs = new VmSafe.Log[](1);
        logs[0] = aLog(EMITTER, WORD);
        logs[0].topics[1] = bytes32(uint256(5));
        (bytes32 root, bytes memory proof) = TinyReceipts.prove(TinyReceipts.receipt(logs), 0);

        vm.expectRevert(
            abi.encodeWithSelector(ReceiptProof.LogTopicMismatch.selector, 1, bytes32(uint256(5)), TOPIC1)
        );
        loggedWord(root, proof);
    }

    function test_loggedWord_saysHowManyLogsThereAre() public {
        VmSafe.Log[] memory logs = new VmSafe.Log[](3);
        for (uint256 i = 0; i < 3; ++i) {
            logs[i] = aLog(EMITTER, WORD);
        }
        (bytes32 root, bytes memory proof) = TinyReceipts.prove(TinyReceipts.receipt(logs), 3);

        vm.expectRevert(abi.encodeWithSelector(ReceiptProof.LogIndexOutOfRange.selector, 3, 3));
        loggedWord(root, proof);
    }

    function test_begins_isTrueOfAZeroOnly(bytes calldata proof) public view {
        assertEq(harness.begins(proof), proof.length != 0 && proof[0] == 0);
    }

    function wordAt(bytes memory data, uint256 offset) private pure returns (bytes32 word) {
        for (uint256 i = 0; i < 32; ++i) {
            word |= bytes32(data[offset + i]) >> (8 * i);
        }
    }
}
