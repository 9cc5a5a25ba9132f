// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {ChainId} from "../types/Message.sol";
import {IGateway} from "./IGateway.sol";
import {ILightClient} from "./ILightClient.sol";

/// @title Remote timelock
/// @notice What holds every power on a chain that is governed from another one, its home, over the lane between them.
/// @dev Two things can go wrong with governance by message, and each is met here.
///      The lane is *forged*: its light client believes what never was. What a message asks for waits, and waits on while
///      the lane is paused or its light client frozen; so whoever can pause the lane stops it.
///      The lane is *dead*: paused, frozen, expired. No message comes, not even one that mends it. A council, and nobody
///      else, can then mend this one lane, after a delay that any message over a lane that is not dead puts an end to.
interface IRemoteTimelock is IERC7786Recipient {
    /* EVENTS */

    /// @notice The council says that the lane is dead.
    event RescueProposed(ILightClient indexed lightClient, address[] guardians, uint256 due);

    /// @notice A rescue was called off: by its council, or because the lane has turned out to be alive.
    event RescueEnded(bytes32 indexed rescue);

    /// @notice The lane was mended. Everything that waited for execution is void.
    event Rescued(ILightClient indexed lightClient, address[] guardians);

    /// @notice Another council.
    event CouncilChanged(address indexed council);

    /* ERRORS */

    /// @notice The caller is not the council.
    error NotCouncil(address caller);

    /// @notice The caller is not the gateway.
    error NotGateway(address caller);

    /// @notice The message is from another chain than the home.
    error NotFromHome(bytes sender);

    /// @notice While the lane is paused or its light client frozen, nothing that came over it is executed.
    error LaneNotTrusted(ChainId home);

    /// @notice No such rescue is proposed.
    error RescueUnknown(bytes32 rescue);

    /// @notice The lane may still show that it is alive.
    error RescueTooEarly(uint256 due);

    /// @notice The rescue was not carried out in time.
    error RescueTooLate(uint256 end);

    /* RESCUE */

    /// @notice Says that the lane from home is dead, and how to mend it. For the council.
    /// @param lightClient What is to verify the home chain from then on; zero: what does so now.
    /// @param guardians Who shall not be a guardian any more, lest the lane be paused again.
    function proposeRescue(ILightClient lightClient, address[] calldata guardians) external;

    /// @notice Calls the rescue off. For the council.
    function withdrawRescue() external;

    /// @notice Mends the lane from home, after the delay: the light client and the guardians as proposed, no longer
    ///         paused. What waits for execution is void, because whoever forged it may have broken the lane. For anyone.
    function rescue(ILightClient lightClient, address[] calldata guardians) external;

    /* GOVERNANCE */

    /// @notice Names another council; zero: nobody. For this contract itself.
    function setCouncil(address council_) external;

    /* VIEWS */

    /// @notice The chain that governs.
    function home() external view returns (ChainId);

    /// @notice The gateway that the governing messages come through.
    function gateway() external view returns (IGateway);

    /// @notice The AccessManager of this chain.
    function authority() external view returns (address);

    /// @notice Who may say that the lane is dead.
    function council() external view returns (address);

    /// @notice Seconds that a rescue waits.
    function rescueDelay() external view returns (uint32);

    /// @notice The rescue that is proposed, and when it may be carried out; zeros: none.
    function proposedRescue() external view returns (bytes32 rescue_, uint256 due);
}
