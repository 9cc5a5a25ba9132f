// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What is deployed as it comes from its library: importing it here makes forge compile it for `make contracts`.
// forge-lint: disable-next-line(unused-import)
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
// forge-lint: disable-next-line(unused-import)
import {CrosschainRemoteExecutor} from "@openzeppelin/contracts/crosschain/CrosschainRemoteExecutor.sol";
// forge-lint: disable-next-line(unused-import)
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
