import { HttpException, HttpStatus } from '@nestjs/common';
import { A2AError } from '../protocol/errors/index.js';

/** The error of a guard, with a message that reveals nothing about the guard. */
export function denial(error: unknown): unknown {
  if (!(error instanceof HttpException)) return error;
  if (error.getStatus() === HttpStatus.FORBIDDEN) {
    return new A2AError('PERMISSION_DENIED', 'You are not allowed to use this agent.', { cause: error });
  }
  if (error.getStatus() === HttpStatus.UNAUTHORIZED) {
    return new A2AError('UNAUTHENTICATED', 'This agent needs an authenticated caller: send valid credentials.', {
      cause: error,
    });
  }
  return error;
}
