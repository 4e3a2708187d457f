import type { FieldViolation } from '../errors/index.js';
import { MESSAGES } from '../messages/messages.js';
import type { StreamResponse } from '../model/index.js';
import { DtoChecker } from './dto-checker.js';
import { DEFAULT_MAX_DEPTH, DEFAULT_MAX_VIOLATIONS } from './limits.js';
import { scanJson } from './scan-json.js';
import { Violations } from './violations.js';

/** What this server fills in, or does not take from agents. */
const OWN = new Set(['id', 'taskId', 'contextId', 'state', 'timestamp', 'history']);

const CHECKERS = {
  statusUpdate: DtoChecker.of(MESSAGES.TaskStatusUpdateEvent, OWN),
  artifactUpdate: DtoChecker.of(MESSAGES.TaskArtifactUpdateEvent, OWN),
  task: DtoChecker.of(MESSAGES.Task, OWN),
  message: DtoChecker.of(MESSAGES.Message, OWN),
};

/**
 * What is wrong with an event by the rules that requests are held to: types, base64, sizes of lists and ids, characters that
 * no database holds, depth. Paths are canonical: `statusUpdate.status.message.metadata`.
 */
export function eventViolations(event: StreamResponse): readonly FieldViolation[] {
  const violations = new Violations(DEFAULT_MAX_VIOLATIONS, (path) => path);
  for (const [name, checker] of Object.entries(CHECKERS)) {
    const content = (event as Readonly<Record<string, unknown>>)[name];
    if (content !== undefined) checker.check(content as Record<string, unknown>, name, violations);
  }
  scanJson(event, DEFAULT_MAX_DEPTH, violations);
  return violations.list;
}
