// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {Bft} from "../../src/light_clients/Bft.sol";
import {BftLightClient} from "../../src/light_clients/BftLightClient.sol";
// Deployed by name, so that test contracts do not contain them.
// solhint-disable no-unused-import
import {Ibft2LightClient} from "../../src/light_clients/Ibft2LightClient.sol";
import {QbftLightClient} from "../../src/light_clients/QbftLightClient.sol";
// solhint-enable no-unused-import
import {ChainId, Height} from "../../src/types/Message.sol";
import {BftChain} from "../support/BftChain.sol";

/// @notice A client that trusts block 100 and its four validators, of whom three are a quorum.
abstract contract BftFixture is Test, BftChain {
    ChainId internal constant SOURCE = ChainId.wrap(1337);
    uint64 internal constant ANCHOR = 100;
    uint64 internal constant PERIOD = 2 weeks;
    uint256 internal constant THREE = 0xd;

    BftLightClient internal client;

    function setUp() public virtual {
        vm.warp(START + 1000);
        client = aClient(four(), false);
    }

    /// @dev Which of the two dialects is tested.
    function dialect() internal pure virtual returns (Bft.Dialect);

    function four() internal pure returns (Validator[] memory) {
        return someValidators(4, "validators");
    }

    function aClient(Validator[] memory all, bool oneThird) internal returns (BftLightClient) {
        bytes32 hash = hashOf(aBlock(ANCHOR), all);
        uint64 time = aBlock(ANCHOR).timestamp;
        string memory what = dialect() == Bft.Dialect.Qbft ? "QbftLightClient.sol" : "Ibft2LightClient.sol";
        bytes memory arguments = abi.encode(SOURCE, ANCHOR, time, hash, payloadOf(all), PERIOD, oneThird);
        return BftLightClient(deployCode(what, arguments));
    }

    function hashOf(Block memory b, Validator[] memory all) internal pure returns (bytes32) {
        return keccak256(hashedHeader(b, payloadOf(all), dialect()));
    }

    /// @notice A step sealed by three of the four.
    function signed(Block memory b) internal pure returns (bytes memory) {
        return aStep(b, four(), THREE, dialect(), "");
    }

    /// @notice A step of those whose bits are set, to another list than the four.
    function change(Block memory b, Validator[] memory all, uint256 bitmap)
        internal
        pure
        returns (bytes memory)
    {
        return aStep(b, all, bitmap, dialect(), payloadOf(four()));
    }

    /// @notice The block after the anchor that `all` would seal.
    function aChild(Validator[] memory trusted) internal pure returns (Block memory b) {
        b = aBlock(ANCHOR + 1);
        b.parent = hashOf(aBlock(ANCHOR), trusted);
    }

    /// @notice Another block of the same height.
    function twinOf(Block memory b) internal pure returns (Block memory twin) {
        twin = aBlock(b.height);
        twin.stateRoot = keccak256("another");
    }

    function assertServes(Block memory b) internal view {
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) = client.header(Height.wrap(b.height));
        assertEq(stateRoot, b.stateRoot);
        assertEq(receiptsRoot, b.receiptsRoot);
        assertEq(timestamp, b.timestamp);
    }

    function assertUpdates(bytes memory update, uint64 height) internal {
        (Height last, bool trusted) = client.update(update);
        assertEq(Height.unwrap(last), height);
        assertTrue(trusted);
    }
}
