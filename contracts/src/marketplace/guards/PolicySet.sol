// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPolicySet} from "../../interfaces/IPolicySet.sol";
import {ITransferPolicy} from "../../interfaces/ITransferPolicy.sol";

/// @title Policy set
/// @notice Admits what all of its policies admit. They stand for ever: for others, another set.
contract PolicySet is IPolicySet {
    /* STORAGE */

    /// @dev What a sale's bounded gas has room for.
    uint256 private constant _MAXIMUM_POLICIES = 8;

    ITransferPolicy[] private _policies;

    /* CONSTRUCTION */

    /// @param policies_ All must admit.
    constructor(ITransferPolicy[] memory policies_) {
        uint256 count = policies_.length;
        require(count > 0 && count <= _MAXIMUM_POLICIES, PoliciesInvalid(count));
        for (uint256 i = 0; i < count; ++i) {
            require(address(policies_[i]).code.length > 0, PolicyWithoutCode(policies_[i]));
        }
        _policies = policies_;
    }

    /* VIEWS */

    /// @inheritdoc ITransferPolicy
    /// @dev What a policy reverts with is passed on, and says more than that it refuses.
    function admits(Sale calldata sale, bytes calldata credential) external view returns (bytes4) {
        bytes[] memory credentials = abi.decode(credential, (bytes[]));
        uint256 count = _policies.length;
        require(credentials.length == count, CredentialsMalformed(credentials.length, count));
        for (uint256 i = 0; i < count; ++i) {
            ITransferPolicy policy = _policies[i];
            bytes4 answer = policy.admits(sale, credentials[i]);
            require(answer == ITransferPolicy.admits.selector, PolicyRefused(policy));
        }
        return ITransferPolicy.admits.selector;
    }

    /// @inheritdoc IPolicySet
    function policies() external view returns (ITransferPolicy[] memory) {
        return _policies;
    }
}
