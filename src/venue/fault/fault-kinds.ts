import { driftFaults } from './drift-faults.ts';
import type { FaultKind } from './fault.ts';
import { lifeFaults } from './life-faults.ts';
import { marketFaults } from './market-faults.ts';
import { officeFaults } from './office-faults.ts';
import { orderFaults } from './order-faults.ts';
import { personFaults } from './person-faults.ts';
import { readFaults } from './read-faults.ts';
import { recordFaults } from './record-faults.ts';
import { requestFaults } from './request-faults.ts';
import { streamFaults } from './stream-faults.ts';

/** Every way in which the venue can misbehave: the one list that switch, scenario file and control API read. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...requestFaults,
  ...readFaults,
  ...orderFaults,
  ...recordFaults,
  ...streamFaults,
  ...marketFaults,
  ...lifeFaults,
  ...driftFaults,
  ...personFaults,
  ...officeFaults,
];
