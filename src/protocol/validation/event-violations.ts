import type { FieldViolation } from '../errors/index.js';
import type { StreamResponse } from '../model/index.js';
import { DtoChecker } from './dto-checker.js';
import { ArtifactUpdateDto, StatusUpdateDto, TaskDto } from './dto/event.dto.js';
import { MessageDto } from './dto/message.dto.js';
import { DEFAULT_MAX_DEPTH, DEFAULT_MAX_VIOLATIONS } from './limits.js';
import { scanJson } from './scan-json.js';
import { Violations } from './violations.js';

const CHECKERS = {
  statusUpdate: DtoChecker.of(StatusUpdateDto),
  artifactUpdate: DtoChecker.of(ArtifactUpdateDto),
  task: DtoChecker.of(TaskDto),
  message: DtoChecker.of(MessageDto),
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
