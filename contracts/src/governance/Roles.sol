// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Roles
/// @notice Who may do what with the contracts of one chain, as its AccessManager knows them. Their Python twin is
///         `relayer/entrypoints/deployment/roles.py`.
library Roles {
    /// @dev Starts, re-points and bounds: the AccessManager's own ADMIN_ROLE. A timelock holds it.
    uint64 internal constant GOVERNANCE = 0;

    /// @dev Stops, at once, and nothing else.
    uint64 internal constant GUARDIAN = 1;

    /// @dev Sets prices within the bounds that governance has given.
    uint64 internal constant UPDATER = 2;
}
