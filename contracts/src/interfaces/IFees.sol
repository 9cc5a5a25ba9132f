// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {FeeSchedule} from "../types/Fees.sol";
import {ChainId, Height} from "../types/Message.sol";

/// @title Fees
/// @notice Senders pay on the source, in its coin; the destination notes who has delivered what; relayers claim on the
///         source with a proof of that note. Nobody in between is trusted with a price or a payment.
/// @dev A fee is part of its message's leaf: a change of prices leaves what is under way as it was.
/// @dev Whoever delivers a message earns its fee. With a prepaid way back only half while the message has not been
///      executed: the other half is for whoever executes it by a retry, or carries it home, where it is paid out at once.
interface IFees {
    /// @notice The prices of messages to a chain were set.
    event FeesScheduled(ChainId indexed destinationChain, FeeSchedule schedule);

    /// @notice The bounds of the prices were set.
    event FeeBoundsSet(ChainId indexed destinationChain, FeeSchedule bounds);

    /// @notice A relayer was paid for what it has delivered to a chain.
    event FeesClaimed(ChainId indexed destinationChain, address indexed relayer, uint256 amount);

    /// @notice A relayer was paid for messages that it brought home.
    event BouncesPaid(ChainId indexed destinationChain, address indexed relayer, uint256 amount);

    /// @notice Somebody paid in advance for what an application is going to send, or the application took some back.
    event PrepaidChanged(address indexed application, uint256 balance);

    /// @notice What was paid, and what the application has prepaid, is less than the fee.
    error FeeInsufficient(uint256 paid, uint256 fee);

    /// @notice A price exceeds its bound.
    error FeesOutOfBounds(ChainId destinationChain);

    /// @notice The proof shows nothing that the relayer has not been paid for.
    error NothingEarned(address relayer, uint256 earned);

    /// @notice More is asked for than has been paid in for the lane.
    error FeesExceeded(uint256 asked, uint256 collected);

    /// @notice The application has prepaid less than it wants back.
    error PrepaidExceeded(uint256 asked, uint256 balance);

    /// @notice The account does not take the coins that are due to it.
    error PaymentRefused(address account, uint256 amount);

    /// @notice Pays a relayer for what it has delivered to another chain, as proven by the other gateway's storage.
    /// @dev Anyone may call; the relayer is paid. The light client must hold the header already.
    /// @param proof Proof of the slot of {earned} for this chain and the relayer in the gateway of the other chain: RLP
    ///        nodes of the account path, then of the storage path, concatenated.
    function claim(ChainId destinationChain, address relayer, Height height, bytes calldata proof) external;

    /// @notice Pays in advance for what an application is going to send. Used when it pays less than the fee with a
    ///         message, as applications do that know nothing of fees.
    /// @dev Warning: whoever can make the application send without paying spends this.
    function prepay(address application) external payable;

    /// @notice Takes back what was prepaid for the calling application.
    function withdrawPrepaid(uint256 amount, address payable to) external;

    /// @notice Sets the prices of messages to a chain, within the bounds. For the updater of prices.
    function setFees(ChainId destinationChain, FeeSchedule calldata schedule) external;

    /// @notice Sets the bounds. Behind governance. Prices that exceed them stay until they are set anew.
    function setFeeBounds(ChainId destinationChain, FeeSchedule calldata bounds) external;

    /// @notice The fee of a message, in wei. Surplus is returned to the sender.
    /// @param gasLimit As the attribute has it; 0: the default of messages that name none.
    /// @param bounce Whether the message asks for a way back.
    function quote(ChainId destinationChain, uint256 gasLimit, uint256 payloadLength, bool bounce)
        external
        view
        returns (uint256 fee);

    /// @notice Prices, bounds, and what has been paid in for the lane and not paid out.
    function fees(ChainId destinationChain)
        external
        view
        returns (FeeSchedule memory schedule, FeeSchedule memory bounds, uint256 collected);

    /// @notice What a relayer has earned by delivering here from a source, in wei of the source, since the beginning.
    function earned(ChainId sourceChain, address relayer) external view returns (uint256);

    /// @notice What a relayer has been paid for delivering to a chain, since the beginning.
    function claimed(ChainId destinationChain, address relayer) external view returns (uint256);

    /// @notice What is left of what was prepaid for an application.
    function prepaid(address application) external view returns (uint256);
}
