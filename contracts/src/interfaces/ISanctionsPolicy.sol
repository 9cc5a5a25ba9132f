// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITransferPolicy} from "./ITransferPolicy.sol";

/// @notice What knows which accounts are under sanctions; Chainalysis's interface.
interface ISanctionsList {
    /// @notice Whether an account is under sanctions.
    function isSanctioned(address account) external view returns (bool);
}

/// @title Sanctions policy
/// @notice Refuses sales that an account under sanctions takes part in: as offerer, buyer or recipient.
interface ISanctionsPolicy is ITransferPolicy {
    /// @notice The account is under sanctions.
    error AccountSanctioned(address account);

    /// @notice What is asked. A list that does not answer refuses everybody.
    function list() external view returns (ISanctionsList);
}
