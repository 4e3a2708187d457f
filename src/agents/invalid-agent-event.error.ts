import type { FieldViolation } from '../protocol/errors/index.js';

/** An agent's event breaks a rule that requests are held to as well. The call that sent it throws this; nothing is stored. */
export class InvalidAgentEventError extends TypeError {
  override readonly name = 'InvalidAgentEventError';

  /** The members that are wrong, by their paths in the wire's form: `artifactUpdate.artifact.name`. */
  constructor(readonly violations: readonly FieldViolation[]) {
    const wrong = violations.map(({ field, description }) => `${field} ${description}`).join('; ');
    super(`The agent sent an event that A2A does not allow: ${wrong}.`);
  }
}
