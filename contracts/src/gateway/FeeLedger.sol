// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IFees} from "../interfaces/IFees.sol";
import {StorageProof} from "../proofs/StorageProof.sol";
import {Attributes} from "../types/Attributes.sol";
import {FeeSchedule, Fees} from "../types/Fees.sol";
import {ChainId, Height, Message, Messages} from "../types/Message.sol";
import {Lanes} from "./Lanes.sol";

/// @title Fee ledger
/// @notice Takes the fees of what is sent, notes who has earned those of what is delivered, and pays.
/// @dev Each lane pays out of what was paid in for it, so that a light client that is deceived about one chain costs the
///      relayers of no other.
abstract contract FeeLedger is Lanes, ReentrancyGuardTransient {
    /* STORAGE */

    /// @dev Where {GatewayStorage.earned} stands, here and in the gateway of every other chain.
    bytes32 private constant EARNED = bytes32(uint256(GATEWAY_STORAGE) + 2);

    /* SENDING */

    /// @dev Takes the fee of a message to a priced lane, from what came with it and from what was prepaid.
    /// @return fee To be written into the message.
    /// @return surplus What is to be returned to the sender.
    function _charge(Lane storage lane, Message memory message, uint256 payloadLength)
        internal
        returns (uint128 fee, uint256 surplus)
    {
        Ledger memory ledger = lane.ledger;
        bool bounce = message.flags == Messages.BOUNCE;
        fee = uint128(Fees.price(_schedule(ledger), message.gasLimit, payloadLength, bounce));
        lane.ledger.collected = SafeCast.toUint80(ledger.collected + fee);
        if (msg.value >= fee) return (fee, msg.value - fee);

        mapping(address => uint256) storage prepaid_ = _storage().prepaid;
        uint256 balance = prepaid_[msg.sender];
        require(balance + msg.value >= fee, FeeInsufficient(msg.value, fee));
        balance -= fee - msg.value;
        prepaid_[msg.sender] = balance;
        emit PrepaidChanged(msg.sender, balance);
    }

    /// @inheritdoc IFees
    function prepay(address application) external payable {
        uint256 balance = _storage().prepaid[application] + msg.value;
        _storage().prepaid[application] = balance;
        emit PrepaidChanged(application, balance);
    }

    /// @inheritdoc IFees
    function withdrawPrepaid(uint256 amount, address payable to) external {
        uint256 balance = _storage().prepaid[msg.sender];
        require(amount <= balance, PrepaidExceeded(amount, balance));
        _storage().prepaid[msg.sender] = balance - amount;
        emit PrepaidChanged(msg.sender, balance - amount);
        _pay(to, amount);
    }

    /* RECEIVING */

    /// @dev Notes what the caller has earned by delivering from a source, and pays for what it brought home; less if less
    ///      is left for the lane, because a chain that once lied about its fees must not block what it still has to return.
    function _reward(ChainId source, uint256 earned_, uint256 broughtHome) internal {
        if (earned_ > 0) _storage().earned[source][msg.sender] += earned_;
        Lane storage lane = _storage().lanes[source];
        uint256 due = broughtHome == 0 ? 0 : Math.min(broughtHome, lane.ledger.collected);
        if (due == 0) return;
        _takeOut(lane, due);
        emit BouncesPaid(source, msg.sender, due);
        _pay(payable(msg.sender), due);
    }

    /// @inheritdoc IFees
    function claim(ChainId destinationChain, address relayer, Height height, bytes calldata proof)
        external
        nonReentrant
    {
        Lane storage lane = _openLane(destinationChain);
        require(!lane.deliveringPaused, LaneIsPaused(destinationChain));
        (bytes32 stateRoot,,) = lane.lightClient.header(height);
        bytes32 slot = keccak256(abi.encode(relayer, keccak256(abi.encode(_thisChain(), EARNED))));
        uint256 earned_ = uint256(StorageProof.slotValue(stateRoot, lane.remoteGateway, slot, proof));

        mapping(address => uint256) storage claimed_ = _storage().claimed[destinationChain];
        uint256 paid = claimed_[relayer];
        require(earned_ > paid, NothingEarned(relayer, earned_));
        claimed_[relayer] = earned_;
        _takeOut(lane, earned_ - paid);
        emit FeesClaimed(destinationChain, relayer, earned_ - paid);
        _pay(payable(relayer), earned_ - paid);
    }

    function _takeOut(Lane storage lane, uint256 amount) private {
        uint80 collected = lane.ledger.collected;
        require(amount <= collected, FeesExceeded(amount, collected));
        lane.ledger.collected = collected - uint80(amount);
    }

    /// @dev Reverts if the account refuses, so that nothing is lost.
    function _pay(address payable account, uint256 amount) internal {
        (bool taken,) = account.call{value: amount}("");
        require(taken, PaymentRefused(account, amount));
    }

    /* GOVERNANCE */

    /// @inheritdoc IFees
    function setFees(ChainId destinationChain, FeeSchedule calldata schedule) external restricted {
        Lane storage lane = _openLane(destinationChain);
        require(Fees.within(schedule, lane.bounds), FeesOutOfBounds(destinationChain));
        lane.ledger = Ledger(
            schedule.perMessage, schedule.perGas, schedule.perByte, schedule.bounce, lane.ledger.collected
        );
        lane.priced = Fees.asks(schedule);
        emit FeesScheduled(destinationChain, schedule);
    }

    /// @inheritdoc IFees
    function setFeeBounds(ChainId destinationChain, FeeSchedule calldata bounds) external restricted {
        _openLane(destinationChain).bounds = bounds;
        emit FeeBoundsSet(destinationChain, bounds);
    }

    /* VIEWS */

    /// @inheritdoc IFees
    function quote(ChainId destinationChain, uint256 gasLimit, uint256 payloadLength, bool bounce)
        external
        view
        returns (uint256)
    {
        if (gasLimit == 0) gasLimit = Attributes.DEFAULT_GAS_LIMIT;
        FeeSchedule memory schedule = _schedule(_openLane(destinationChain).ledger);
        return Fees.price(schedule, gasLimit, payloadLength, bounce);
    }

    /// @inheritdoc IFees
    function fees(ChainId destinationChain)
        external
        view
        returns (FeeSchedule memory schedule, FeeSchedule memory bounds, uint256 collected)
    {
        Lane storage lane = _storage().lanes[destinationChain];
        return (_schedule(lane.ledger), lane.bounds, lane.ledger.collected);
    }

    /// @inheritdoc IFees
    function earned(ChainId sourceChain, address relayer) external view returns (uint256) {
        return _storage().earned[sourceChain][relayer];
    }

    /// @inheritdoc IFees
    function claimed(ChainId destinationChain, address relayer) external view returns (uint256) {
        return _storage().claimed[destinationChain][relayer];
    }

    /// @inheritdoc IFees
    function prepaid(address application) external view returns (uint256) {
        return _storage().prepaid[application];
    }

    function _schedule(Ledger memory ledger) private pure returns (FeeSchedule memory) {
        return FeeSchedule(ledger.perMessage, ledger.perGas, ledger.perByte, ledger.bounce);
    }
}
