import { invalidParams } from '../../protocol/errors/index.js';
import { PacketTooLargeError } from './sql-errors.js';

/** The error for the sender of a message that the database rejects. Other errors are returned unchanged. */
export const refusedMessage = (error: unknown): unknown =>
  error instanceof PacketTooLargeError ? invalidParams(`The message cannot be stored: ${error.message}`) : error;
