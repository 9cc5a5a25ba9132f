// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

/// @title Lockkeeper votes
/// @notice The votes of the DAO, of a fixed number. Whoever holds them votes after delegating, if only to themselves.
contract LockkeeperVotes is ERC20, ERC20Permit, ERC20Votes {
    /* CONSTRUCTION */

    /// @param holder Who gets all of them, to hand them out.
    /// @param supply How many there are, for ever.
    constructor(address holder, uint256 supply)
        ERC20("Lockkeeper Votes", "LKV")
        ERC20Permit("Lockkeeper Votes")
    {
        _mint(holder, supply);
    }

    /* VIEWS */

    /// @notice Votes are counted by time, because blocks differ in length between chains.
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice What {clock} counts, as ERC-6372 says it.
    function CLOCK_MODE()
        public
        pure
        override
        returns (string memory) // solhint-disable-line func-name-mixedcase

    {
        return "mode=timestamp";
    }

    /// @notice How many permits of an account have been used.
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
