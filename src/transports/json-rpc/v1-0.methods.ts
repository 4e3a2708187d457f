import { v10Codec } from '../../protocol/v1-0/index.js';
import type { Operation } from '../operation.js';
import { operationsOf } from '../operations.js';

/** JSON-RPC methods of v1.0: they are called what the operations are called. Spec 9.4. */
export const V10_METHODS: Readonly<Record<string, Operation>> = operationsOf(v10Codec);
