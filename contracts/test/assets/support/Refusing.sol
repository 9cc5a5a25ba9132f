// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {IGateway} from "../../../src/interfaces/IGateway.sol";
import {ChainId} from "../../../src/types/Message.sol";
import {Assets} from "./Assets.sol";

/// @notice Bars accounts from receiving it, as stablecoins can.
contract BarringERC20 is ERC20("Barring", "BAR") {
    error Barred(address account);

    mapping(address => bool) public barred;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function bar(address account, bool whether) external {
        barred[account] = whether;
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(!barred[to], Barred(to));
        super._update(from, to, amount);
    }
}

/// @notice Asset gateways that take nothing from a chain for a while, and messages that therefore go back.
abstract contract Refusing is Assets {
    function pause(ChainId here, ChainId from) internal {
        on(here);
        vm.prank(governance);
        assetsOf(here).pauseRemote(from);
    }

    function resume(ChainId here, ChainId from) internal {
        on(here);
        vm.prank(governance);
        assetsOf(here).resumeRemote(from);
    }

    /// @dev The message sent last on a lane failed more than a day ago, and goes back.
    function bounceLast(ChainId source, ChainId destination) internal {
        bounceFailed(source, destination, uint64(sent[source][destination].length));
    }

    function bounceFailed(ChainId source, ChainId destination, uint64 nonce) internal {
        IGateway.Outcome outcome = outcomeOf(source, destination, nonce);
        assertTrue(outcome == IGateway.Outcome.Failed, "has not failed");
        vm.warp(vm.getBlockTimestamp() + 1 days + 1);
        bounce(source, destination, nonce);
        relay();
    }
}
