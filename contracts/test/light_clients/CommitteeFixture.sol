// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Attesters} from "../support/Attesters.sol";

/// @notice A client with a committee of four, of whom three are a quorum.
abstract contract CommitteeFixture is Test, Attesters {
    ChainId internal constant SOURCE = ChainId.wrap(31337);
    uint256 internal constant THREE = 0xd;

    CommitteeLightClient internal client;

    function setUp() public virtual {
        client = new CommitteeLightClient(SOURCE, wordsOf(four()));
    }

    function four() internal pure returns (Attester[] memory) {
        return someAttesters(4, "harbour");
    }

    /// @notice The header signed by three of four.
    function signed(TrustedHeader memory header) internal view returns (bytes memory) {
        return anUpdate(client, header, four(), THREE);
    }

    /// @notice Another header of the same height.
    function twinOf(TrustedHeader memory header) internal pure returns (TrustedHeader memory twin) {
        twin = TrustedHeader(
            header.height, header.timestamp, keccak256("another"), header.stateRoot, header.receiptsRoot
        );
    }

    function assertTrusts(TrustedHeader memory header) internal view {
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) =
            client.header(Height.wrap(header.height));
        assertEq(stateRoot, header.stateRoot);
        assertEq(receiptsRoot, header.receiptsRoot);
        assertEq(timestamp, header.timestamp);
    }

    function assertUpdates(TrustedHeader memory header) internal {
        (Height height, bool trusted) = client.update(signed(header));
        assertEq(Height.unwrap(height), header.height);
        assertTrue(trusted);
        assertTrusts(header);
    }
}
