import type { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { A2AError } from '../../protocol/errors/index.js';
import { AuthenticationError } from '../../security/authentication/authentication.error.js';
import { challengeOf } from '../../security/authentication/challenge.js';

/** Logs a failure. Errors of the protocol go to the client only; all others are logged. */
export function reportFailure(logger: Logger, error: unknown, agent: RegisteredAgent): void {
  if (error instanceof A2AError && error.reason !== 'INTERNAL') return;
  const cause = error instanceof A2AError ? (error.cause ?? error) : error;
  logger.error(
    `A call of agent ${agent.id} failed: ${String(cause)}`,
    cause instanceof Error ? cause.stack : undefined,
  );
}

/** The WWW-Authenticate header for an error that other credentials can resolve. Empty for all other errors. */
export function challengeFor(error: unknown, agent: RegisteredAgent | undefined): Readonly<Record<string, string>> {
  if (error instanceof AuthenticationError) return error.challenge;
  const unknown = error instanceof A2AError && error.reason === 'UNAUTHENTICATED';
  return unknown ? challengeOf(agent?.options.securitySchemes) : {};
}

/** Headers of an error response: `Retry-After`, and the challenge, unless a guard has set one. */
export function failureHeaders(
  error: unknown,
  response: ServerResponse,
  agent?: RegisteredAgent,
): Record<string, string> {
  return {
    ...(error instanceof A2AError &&
      error.retryAfter !== undefined && { 'retry-after': String(Math.ceil(error.retryAfter)) }),
    ...(!response.hasHeader('www-authenticate') && challengeFor(error, agent)),
  };
}
