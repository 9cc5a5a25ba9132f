// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ILightClient} from "./ILightClient.sol";

/// @title Committee light client
/// @notice Trusts a header that members of a committee with more than two thirds of its weight have signed. The same
///         quorum names the next committee, one epoch at a time; two signed headers of one height freeze the client.
/// @dev Assumes: less than a third of the committee's weight lies, and a member signs only headers that are final.
interface ICommitteeLightClient is ILightClient {
    /// @notice The committee of `epoch` took over.
    /// @param members Its member words: address (20 bytes), weight (12 bytes).
    event CommitteeRotated(uint64 indexed epoch, bytes32 indexed committeeHash, bytes32[] members);

    /// @notice Hands over to the committee that the present one has named. Anyone may call.
    /// @param proof `n′ (2) ‖ next member words (32·n′) ‖ vote of the present committee`.
    function rotate(bytes calldata proof) external;

    /// @notice The number of the present committee; the first is 1.
    function epoch() external view returns (uint64);

    /// @notice The hash of the present committee's member words.
    function committeeHash() external view returns (bytes32);
}
