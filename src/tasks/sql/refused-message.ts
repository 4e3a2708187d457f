import { invalidParams } from '../../protocol/errors/index.js';
import { PacketTooLargeError } from './sql-errors.js';

/** What the sender of a message hears that the database does not take. Other errors as they are. */
export const refusedMessage = (error: unknown): unknown =>
  error instanceof PacketTooLargeError ? invalidParams(`The message cannot be stored: ${error.message}`) : error;
