// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Bls} from "../../src/proofs/Bls.sol";
import {PlainBls} from "../support/PlainBls.sol";

/// @notice {Bls} against its plain twin, and against vectors of the consensus specification
///         (`fast_aggregate_verify`), of which the points were decompressed with py_arkworks_bls12381.
/// forge-config: default.evm_version = "prague"
contract BlsTest is Test {
    bytes private constant KEY_A =
        hex"0491d1b0ecd9bb917989f0e74f0dea0422eac4a873e5e2644f368dffb9a6e20fd6e10c1b77654d067c0618f6e5a7f79a17cd7061575d3e8034fcea62adaa1a3bc38dca4b50e4c5c01d04dd78037c9cee914e17944ea99e7ad84278e5d49f36c4";
    bytes private constant KEY_B =
        hex"1301803f8b5ac4a1133581fc676dfedc60d891dd5fa99028805e5ea5b08d3491af75d0707adab3b70c6a6a580217bf810e4efa61b558d043cd3fed5c44ac75415de0d032586fecb22acbb67d508cde9f9536a7609d69c1d6e60450843e4ec59a";
    bytes private constant KEY_C =
        hex"153d21a4cfd562c469cc81514d4ce5a6b577d8403d32a394dc265dd190b47fa9f829fdd7963afdf972e5e77854051f6f14e22fd412a826a329fb40cbdc01b5e4e2f931ed84d8e45932ec62a039f9d61a9dbf2c6eedc5db6fa585b6e0bdde100c";
    /// @dev By A, of zeros.
    bytes private constant SIGNATURE_A =
        hex"0352ea1c5b0c9274504f4f0e7053af24802e51e4568d164fe986834f41e55c8e850ce1f98458c0cfc9ab380b55285a5516ed936746e01f8ecf281f020953fbf1f01debd5657c4a383940b020b26507f6076334f91e2366c96e9ab279fb51580900b38d4a887b0c5caf93d6117e24b634b88526619d9be852058cd13aff5fdc1066646398aaafc081f1b9abca8a96932b154c3a476f62b2604b66c348869691c626663aeb781f4fad5195efd509f5008b9ebed4c55fb1a138554d8e0ecb42628e";
    /// @dev By A and B together, of 0x56 repeated.
    bytes private constant SIGNATURE_AB =
        hex"11f269b664c42947dd1b53ef1081926c1e82bb2a465f927124b08391a5249036146d6f3f1e17ff5f162f779746d830d1112c3615f69575407db9392eb21fee18fff797eeb2fbe1816366ca2a08ae574d8824dbfafb4c9eaa1cf61b63c6f9b69918d09aa25477ff3268f01688945527fedbd091337e7e8f72c37eb3879d349091147aa65680cc0ebc7f9b68132ae590df06ae658caad0263c25dbef0fbbd19ebec6f8d3567c2e9dcb58308f52095b97ba5b16929eb71b5dfcf265139a9809f61e";
    bytes32 private constant MESSAGE =
        bytes32(uint256(0x5656565656565656565656565656565656565656565656565656565656565656));
    bytes private constant HASH_OF_ZEROS =
        hex"076e5cd6cfb3c361fc767e5f40ce05486e1668825ffeecab89d7daa455a179736a387ae93b9b15d283d45ffa14cd4af717502412bcfc3f1d88b71f1ad9b60fa37c332d19466fba1dc991d42bcd09bcd9f1c22a562646ffce0922793b6c69938b06740fd1dd8669dd6938f89bb6f45fe88d98e2ddb5a3938af14b6384ca8f09ef57c612076236638f9ff93fc2f77824a00b5870882f02ad57dac847d25b00412a74c4d16c004e9ae3801e85c3785d497dda79e2c68c6aaf77a165640cb4399237";

    /* SIGNATURES */

    function test_verify_takesTheSignatureOfOneKey() public view {
        assertTrue(this.verify(KEY_A, 0, SIGNATURE_A));
    }

    function test_verify_takesTheSignatureOfTwoKeys() public view {
        assertTrue(this.verify(abi.encodePacked(KEY_A, KEY_B), MESSAGE, SIGNATURE_AB));
    }

    function test_verify_refusesAKeyMore() public view {
        assertFalse(this.verify(abi.encodePacked(KEY_A, KEY_C), 0, SIGNATURE_A));
        assertFalse(this.verify(abi.encodePacked(KEY_A, KEY_B, KEY_C), MESSAGE, SIGNATURE_AB));
    }

    function test_verify_refusesAnotherMessage() public view {
        assertFalse(this.verify(KEY_A, bytes32(uint256(1)), SIGNATURE_A));
    }

    function test_verify_refusesInfinity() public {
        vm.expectPartialRevert(Bls.PointInvalid.selector);
        this.verify(KEY_A, 0, new bytes(192));
    }

    function testFuzz_verify_agreesWithThePlainTwin(uint256 seed, bytes32 message, uint256 change, uint8 mask)
        public
        view
    {
        seed = bound(seed, 1, PlainBls.MINUS_ONE);
        bytes memory key = PlainBls.times(PlainBls.GENERATOR, 0x0c, seed);
        bytes memory signature = PlainBls.packed(PlainBls.times(PlainBls.hashToG2(message), 0x0e, seed));
        assertTrue(this.verify(PlainBls.packed(key), message, signature));
        signature[change % 192] ^= bytes1(mask);
        _assertSame(
            abi.encodeCall(this.verify, (PlainBls.packed(key), message, signature)),
            abi.encodeCall(this.plainVerify, (PlainBls.packed(key), message, signature))
        );
    }

    /// @dev What a failing precompile burns is bounded.
    function test_verify_burnsABoundedAmountOnAPointOffTheCurve() public view {
        bytes memory signature = SIGNATURE_A;
        signature[191] ^= 0x01;
        uint256 before = gasleft();
        (bool ok,) = address(this).staticcall(abi.encodeCall(this.verify, (KEY_A, 0, signature)));
        assertFalse(ok);
        assertLt(before - gasleft(), 300_000);
    }

    /* HASHING */

    function test_hashToG2_agreesWithArkworks() public view {
        assertEq(PlainBls.packed(abi.encodePacked(Bls.hashToG2(0))), HASH_OF_ZEROS);
    }

    function testFuzz_hashToG2_agreesWithThePlainTwin(bytes32 message) public view {
        assertEq(abi.encodePacked(Bls.hashToG2(message)), PlainBls.hashToG2(message));
    }

    /* SUMS */

    function testFuzz_add_agreesWithThePlainTwin(uint256 one, uint256 other, uint256 change, uint8 mask)
        public
        view
    {
        bytes memory first = PlainBls.packed(PlainBls.times(PlainBls.GENERATOR, 0x0c, one));
        bytes memory second = PlainBls.packed(PlainBls.times(PlainBls.GENERATOR, 0x0c, other));
        _assertSame(abi.encodeCall(this.add, (first, second)), abi.encodeCall(this.plainAdd, (first, second)));
        second[change % 96] ^= bytes1(mask);
        _assertSame(abi.encodeCall(this.add, (first, second)), abi.encodeCall(this.plainAdd, (first, second)));
    }

    function test_add_doublesAndCancels() public view {
        bytes memory negative = PlainBls.packed(PlainBls.times(PlainBls.GENERATOR, 0x0c, PlainBls.MINUS_ONE));
        bytes memory generator = PlainBls.packed(PlainBls.GENERATOR);
        _assertSame(
            abi.encodeCall(this.add, (generator, generator)),
            abi.encodeCall(this.plainAdd, (generator, generator))
        );
        (bytes memory sum,) = this.add(generator, negative);
        assertEq(sum, new bytes(128));
    }

    function test_add_refusesInfinityAndCoordinatesThatAreNotBelowTheModulus() public {
        vm.expectPartialRevert(Bls.PointInvalid.selector);
        this.add(KEY_A, new bytes(96));
        bytes memory modulus = PlainBls.slice(PlainBls.MODULUS, 16, 48);
        vm.expectPartialRevert(Bls.PointInvalid.selector);
        this.add(KEY_A, abi.encodePacked(modulus, PlainBls.slice(KEY_A, 48, 48)));
    }

    /// @dev A compressed point flags a y greater than (P - 1) / 2; both sides of the border.
    function test_add_flagsTheGreaterY() public view {
        (, bytes32 leaf) = this.add(KEY_B, KEY_A);
        bytes memory compressed = PlainBls.slice(KEY_A, 0, 48);
        compressed[0] = 0xa4;
        assertEq(leaf, sha256(abi.encodePacked(compressed, new bytes(16))));
        (, leaf) = this.add(KEY_A, PlainBls.packed(PlainBls.GENERATOR));
        compressed = PlainBls.slice(PlainBls.GENERATOR, 16, 48);
        compressed[0] = 0x97;
        assertEq(leaf, sha256(abi.encodePacked(compressed, new bytes(16))));
    }

    function testFuzz_subtractFrom_agreesWithThePlainTwin(uint256 all, uint256 some) public view {
        all = bound(all, 1, PlainBls.MINUS_ONE);
        some = bound(some, 1, PlainBls.MINUS_ONE);
        bytes memory total = PlainBls.packed(PlainBls.times(PlainBls.GENERATOR, 0x0c, all));
        bytes memory part = PlainBls.times(PlainBls.GENERATOR, 0x0c, some);
        (bytes memory rest, bool any) = this.subtract(PlainBls.packed(part), total);
        assertEq(rest, PlainBls.subtract(total, part));
        assertEq(any, all != some);
    }

    function test_subtractFrom_refusesAPointOffTheCurve() public {
        bytes memory bent = KEY_A;
        bent[95] ^= 0x01;
        vm.expectPartialRevert(Bls.PointInvalid.selector);
        this.subtract(KEY_B, bent);
    }

    function test_subtractFrom_saysWhenNothingRemains() public view {
        (bytes memory rest, bool any) = this.subtract(KEY_A, KEY_A);
        assertFalse(any);
        assertEq(rest, new bytes(128));
    }

    function test_subtractFrom_takesNothingAway() public view {
        (bytes memory rest, bool any) = this.subtract("", KEY_A);
        assertTrue(any);
        assertEq(PlainBls.packed(rest), KEY_A);
    }

    /* HELPERS */

    function verify(bytes calldata keys, bytes32 message, bytes calldata signature)
        external
        view
        returns (bool)
    {
        bytes32[8] memory sum;
        for (uint256 i = 0; i < keys.length; i += 96) {
            Bls.add(sum, keys, i);
        }
        return Bls.verify(sum, message, signature, 0);
    }

    function plainVerify(bytes calldata key, bytes32 message, bytes calldata signature)
        external
        view
        returns (bool)
    {
        (bytes memory sum,) = PlainBls.add(new bytes(128), key);
        return PlainBls.verify(sum, message, signature);
    }

    function add(bytes calldata first, bytes calldata second)
        external
        view
        returns (bytes memory total, bytes32 leaf)
    {
        bytes32[8] memory sum;
        Bls.add(sum, first, 0);
        leaf = Bls.add(sum, second, 0);
        total = PlainBls.slice(abi.encodePacked(sum), 0, 128);
    }

    function plainAdd(bytes calldata first, bytes calldata second)
        external
        view
        returns (bytes memory total, bytes32 leaf)
    {
        (total,) = PlainBls.add(new bytes(128), first);
        (total, leaf) = PlainBls.add(total, second);
    }

    function subtract(bytes calldata part, bytes calldata key)
        external
        view
        returns (bytes memory rest, bool any)
    {
        bytes32[8] memory sum;
        if (part.length != 0) Bls.add(sum, part, 0);
        any = Bls.subtractFrom(sum, key, 0);
        rest = PlainBls.slice(abi.encodePacked(sum), 0, 128);
    }

    function _assertSame(bytes memory call, bytes memory plainCall) private view {
        (bool ok, bytes memory answer) = address(this).staticcall(call);
        (bool plainOk, bytes memory plainAnswer) = address(this).staticcall(plainCall);
        assertEq(ok, plainOk);
        assertEq(answer, plainAnswer);
    }
}

/// @notice A chain without the precompiles of EIP-2537 accepts nothing.
/// forge-config: default.evm_version = "cancun"
contract BlsWithoutPrecompilesTest is Test {
    function test_verify_refusesEverything() public {
        bytes memory call = abi.encodeCall(this.verify, (new bytes(96), new bytes(192)));
        (bool ok,) = address(this).staticcall(call);
        assertFalse(ok);
        vm.expectRevert();
        this.hashToG2(0);
    }

    function verify(bytes calldata key, bytes calldata signature) external view returns (bool) {
        bytes32[8] memory sum;
        Bls.add(sum, key, 0);
        return Bls.verify(sum, 0, signature, 0);
    }

    function hashToG2(bytes32 message) external view returns (bytes32[8] memory) {
        return Bls.hashToG2(message);
    }
}
