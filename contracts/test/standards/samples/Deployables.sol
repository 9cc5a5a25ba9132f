// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What is deployed as it comes from its library: importing it here makes forge compile it for `make samples`.
// forge-lint: disable-next-line(unused-import)
import {CrosschainRemoteExecutor} from "@openzeppelin/contracts/crosschain/CrosschainRemoteExecutor.sol";
