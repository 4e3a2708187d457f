import { OPERATIONS, type OperationDescription, type OperationName } from '../../protocol/operations.js';
import { v03Codec } from '../../protocol/v0-3/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import type { Operation } from '../operation.js';
import { operationsOf } from '../operations.js';

const v03Operations = operationsOf(v03Codec);
const names = Object.entries(OPERATIONS) as [OperationName, OperationDescription][];

/** JSON-RPC methods of v1.0, named like the operations. Spec 9.4. */
export const V10_METHODS: Readonly<Record<string, Operation>> = operationsOf(v10Codec);

/** JSON-RPC methods of v0.3. Spec 0.3, 3.5.6. */
export const V03_METHODS: Readonly<Record<string, Operation>> = Object.fromEntries(
  names.flatMap(([name, { v03 }]) => (v03.rpc === undefined ? [] : [[v03.rpc, v03Operations[name]]])),
);
