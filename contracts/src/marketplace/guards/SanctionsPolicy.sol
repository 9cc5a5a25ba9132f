// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanctionsList, ISanctionsPolicy} from "../../interfaces/ISanctionsPolicy.sol";
import {ITransferPolicy} from "../../interfaces/ITransferPolicy.sol";

/// @title Sanctions policy
/// @notice Asks a list about everybody who takes part in a sale. Nobody has power over it: for another list, another policy.
contract SanctionsPolicy is ISanctionsPolicy {
    /* CONSTRUCTION */

    ISanctionsList private immutable _LIST;

    /// @param list_ What knows who is under sanctions.
    constructor(ISanctionsList list_) {
        _LIST = list_;
    }

    /* VIEWS */

    /// @inheritdoc ITransferPolicy
    /// @dev A list that reverts, is not there or answers neither yes nor no reverts this too, which refuses.
    function admits(Sale calldata sale, bytes calldata) external view returns (bytes4) {
        _requireClean(sale.offerer);
        _requireClean(sale.buyer);
        if (sale.recipient != sale.buyer) _requireClean(sale.recipient);
        return ITransferPolicy.admits.selector;
    }

    /// @inheritdoc ISanctionsPolicy
    function list() external view returns (ISanctionsList) {
        return _LIST;
    }

    function _requireClean(address account) private view {
        require(!_LIST.isSanctioned(account), AccountSanctioned(account));
    }
}
