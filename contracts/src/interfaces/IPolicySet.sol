// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITransferPolicy} from "./ITransferPolicy.sol";

/// @title Policy set
/// @notice Several policies for one collection, all of which must admit a sale. The credential is `abi.encode(bytes[])`,
///         one for each.
interface IPolicySet is ITransferPolicy {
    /// @notice A set needs at least one policy, and has no room for so many.
    error PoliciesInvalid(uint256 count);

    /// @notice There is no contract at the policy's address.
    error PolicyWithoutCode(ITransferPolicy policy);

    /// @notice The buyer has not brought one credential for each policy, be it an empty one.
    error CredentialsMalformed(uint256 brought, uint256 expected);

    /// @notice One of the policies refuses, without saying why.
    error PolicyRefused(ITransferPolicy policy);

    /// @notice What is asked, in the order of the credentials.
    function policies() external view returns (ITransferPolicy[] memory);
}
