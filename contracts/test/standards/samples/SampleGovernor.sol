// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {
    GovernorCountingSimple
} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorCrosschain} from "@openzeppelin/contracts/governance/extensions/GovernorCrosschain.sol";

/// @title Sample governor
/// @notice OpenZeppelin's {GovernorCrosschain} with one citizen, whose vote decides within six blocks.
contract SampleGovernor is GovernorCountingSimple, GovernorCrosschain {
    address private immutable _CITIZEN;

    constructor(address citizen) Governor("Sample") {
        _CITIZEN = citizen;
    }

    function clock() public view override returns (uint48) {
        return uint48(block.number);
    }

    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=blocknumber&from=default";
    }

    function votingDelay() public pure override returns (uint256) {
        return 0;
    }

    function votingPeriod() public pure override returns (uint256) {
        return 6;
    }

    function quorum(uint256) public pure override returns (uint256) {
        return 1;
    }

    function _getVotes(address account, uint256, bytes memory) internal view override returns (uint256) {
        return account == _CITIZEN ? 1 : 0;
    }
}
