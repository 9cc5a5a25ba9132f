// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IGateway} from "../interfaces/IGateway.sol";
import {ILightClient} from "../interfaces/ILightClient.sol";
import {IRemoteTimelock} from "../interfaces/IRemoteTimelock.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {ChainId} from "../types/Message.sol";
import {Roles} from "./Roles.sol";

/// @title Remote timelock
/// @notice Holds GOVERNANCE on a chain that is governed from another one. Its only proposer is the
///         CrosschainRemoteExecutor that obeys the governor there; anybody executes.
contract RemoteTimelock is TimelockController, IRemoteTimelock {
    /* STORAGE */

    /// @dev How long a rescue that is due may be carried out.
    uint256 private constant _WINDOW = 14 days;

    ChainId private immutable _HOME;
    IGateway private immutable _GATEWAY;
    IAccessManager private immutable _AUTHORITY;
    uint32 private immutable _RESCUE_DELAY;

    address private _council;
    bytes32 private _rescue;
    uint256 private _due;

    /// @dev How many rescues there have been. What was scheduled before the newest one is void.
    uint256 private _era;
    mapping(bytes32 operation => uint256 era) private _eras;

    /* CONSTRUCTION */

    /// @param home_ The chain that governs.
    /// @param gateway_ The gateway of this chain.
    /// @param authority_ The AccessManager of this chain.
    /// @param executor What the governor's messages are executed by.
    /// @param minimumDelay Seconds that everything waits.
    /// @param council_ Who may say that the lane is dead; zero: nobody.
    /// @param rescueDelay_ Seconds that a rescue waits.
    constructor(
        ChainId home_,
        IGateway gateway_,
        IAccessManager authority_,
        address executor,
        uint256 minimumDelay,
        address council_,
        uint32 rescueDelay_
    ) TimelockController(minimumDelay, _only(executor), _only(address(0)), address(0)) {
        (_HOME, _GATEWAY, _AUTHORITY) = (home_, gateway_, authority_);
        _RESCUE_DELAY = rescueDelay_;
        _council = council_;
        emit CouncilChanged(council_);
    }

    function _only(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }

    /* SCHEDULING */

    /// @inheritdoc TimelockController
    function schedule(
        address target,
        uint256 value,
        bytes calldata data,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        super.schedule(target, value, data, predecessor, salt, delay);
        _eras[hashOperation(target, value, data, predecessor, salt)] = _era;
        _endRescue();
    }

    /// @inheritdoc TimelockController
    function scheduleBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        super.scheduleBatch(targets, values, payloads, predecessor, salt, delay);
        _eras[hashOperationBatch(targets, values, payloads, predecessor, salt)] = _era;
        _endRescue();
    }

    /// @inheritdoc TimelockController
    function getOperationState(bytes32 id) public view override returns (OperationState found) {
        found = super.getOperationState(id);
        if (found != OperationState.Done && _eras[id] != _era) return OperationState.Unset;
    }

    function _execute(address target, uint256 value, bytes calldata data) internal override {
        (,, ILightClient lightClient) = _GATEWAY.inbound(_HOME);
        require(!_GATEWAY.paused(_HOME) && !lightClient.frozen(), LaneNotTrusted(_HOME));
        super._execute(target, value, data);
    }

    /* RESCUE */

    modifier onlyCouncil() {
        require(msg.sender == _council, NotCouncil(msg.sender));
        _;
    }

    /// @inheritdoc IRemoteTimelock
    function proposeRescue(ILightClient lightClient, address[] calldata guardians) external onlyCouncil {
        _rescue = _hash(lightClient, guardians);
        _due = block.timestamp + _RESCUE_DELAY;
        emit RescueProposed(lightClient, guardians, _due);
    }

    /// @inheritdoc IRemoteTimelock
    function withdrawRescue() external onlyCouncil {
        _endRescue();
    }

    /// @inheritdoc IRemoteTimelock
    function rescue(ILightClient lightClient, address[] calldata guardians) external {
        bytes32 asked = _hash(lightClient, guardians);
        require(asked == _rescue, RescueUnknown(asked));
        require(block.timestamp >= _due, RescueTooEarly(_due));
        require(block.timestamp <= _due + _WINDOW, RescueTooLate(_due + _WINDOW));
        (_rescue, _due) = (0, 0);
        ++_era;
        emit Rescued(lightClient, guardians);

        for (uint256 i = 0; i < guardians.length; ++i) {
            _AUTHORITY.revokeRole(Roles.GUARDIAN, guardians[i]);
        }
        if (address(lightClient) != address(0)) {
            (,, address remoteGateway) = _GATEWAY.outbound(_HOME);
            _GATEWAY.configureLane(_HOME, remoteGateway, lightClient);
        }
        _GATEWAY.resumeLane(_HOME);
    }

    /// @inheritdoc IERC7786Recipient
    /// @dev Takes any message from home, from anyone, as proof that the lane is alive.
    function receiveMessage(bytes32, bytes calldata sender, bytes calldata)
        external
        payable
        returns (bytes4)
    {
        require(msg.sender == address(_GATEWAY), NotGateway(msg.sender));
        (bool valid, ChainId source,) = InteroperableAddresses.tryParse(sender);
        require(valid && source == _HOME, NotFromHome(sender));
        _endRescue();
        return IERC7786Recipient.receiveMessage.selector;
    }

    function _endRescue() private {
        if (_rescue == 0) return;
        emit RescueEnded(_rescue);
        (_rescue, _due) = (0, 0);
    }

    function _hash(ILightClient lightClient, address[] calldata guardians) private pure returns (bytes32) {
        return keccak256(abi.encode(lightClient, guardians));
    }

    /* GOVERNANCE */

    /// @inheritdoc IRemoteTimelock
    function setCouncil(address council_) external {
        require(msg.sender == address(this), TimelockUnauthorizedCaller(msg.sender));
        _council = council_;
        _endRescue();
        emit CouncilChanged(council_);
    }

    /* VIEWS */

    /// @inheritdoc IRemoteTimelock
    function home() external view returns (ChainId) {
        return _HOME;
    }

    /// @inheritdoc IRemoteTimelock
    function gateway() external view returns (IGateway) {
        return _GATEWAY;
    }

    /// @inheritdoc IRemoteTimelock
    function authority() external view returns (address) {
        return address(_AUTHORITY);
    }

    /// @inheritdoc IRemoteTimelock
    function council() external view returns (address) {
        return _council;
    }

    /// @inheritdoc IRemoteTimelock
    function rescueDelay() external view returns (uint32) {
        return _RESCUE_DELAY;
    }

    /// @inheritdoc IRemoteTimelock
    function proposedRescue() external view returns (bytes32 rescue_, uint256 due) {
        return (_rescue, _due);
    }
}
