import type { Environment } from './environment.js';
import { isLoopback } from './values.js';

/** What must be said before others than this machine are let in: where clients find the service, and that it asks nobody's name. */
export function exposureProblems(environment: Environment): string[] {
  if (isLoopback(environment.HOST)) return [];
  const problems: string[] = [];
  if (environment.PUBLIC_URL === undefined) {
    problems.push(
      `PUBLIC_URL must be set when HOST (${environment.HOST}) is not loopback: agent cards carry it as the address for clients. ` +
        'Example: PUBLIC_URL=https://agents.example.com',
    );
  }
  if (!environment.A2A_ALLOW_ANONYMOUS) {
    problems.push(
      `A2A_ALLOW_ANONYMOUS must be true when HOST (${environment.HOST}) is not loopback: the service identifies no callers, ` +
        'and anyone who reaches it may use its agents and read the tasks. Put a gateway that does in front, or keep HOST=127.0.0.1. ' +
        'Example: A2A_ALLOW_ANONYMOUS=true',
    );
  }
  return problems;
}
