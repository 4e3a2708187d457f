import type { FieldViolation } from '../protocol/errors/index.js';

/** An event of an agent breaks a rule that also applies to requests. The call that sent it throws this; nothing is stored. */
export class InvalidAgentEventError extends TypeError {
  override readonly name = 'InvalidAgentEventError';

  /** The invalid members, by their paths in the wire form: `artifactUpdate.artifact.name`. */
  constructor(readonly violations: readonly FieldViolation[]) {
    const wrong = violations.map(({ field, description }) => `${field} ${description}`).join('; ');
    super(`The agent sent an event that A2A does not allow: ${wrong}.`);
  }
}
