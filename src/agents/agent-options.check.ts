import { isObject } from '../common/is-object.js';
import { declaredTenantProblem } from '../security/tenants.options.js';
import { retentionProblems } from '../tasks/retention/retention.check.js';
import type { A2aAgentOptions, RetryOptions } from './agent-options.js';
import {
  type Report,
  checkBoolean,
  checkKeys,
  checkMediaTypes,
  checkOptionalNumber,
  checkOptionalText,
  checkOptionalUrl,
  checkText,
  show,
} from '../common/option-checks.js';
import { MAX_TIMER_MS, type NumberRange } from '../common/option-problems.js';
import {
  checkExtensions,
  checkProvider,
  checkSecurityRequirements,
  checkSecuritySchemes,
  checkSkills,
} from './cards/card-fields.check.js';
import { knownSchemes } from './cards/card-defaults.js';
import { checkExtendedCard } from './cards/extended-card.options.js';

const AGENT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** A day. */
const MAX_DELAY_MS = 24 * 60 * 60_000;

const RANGES = {
  deadlineMs: [1, MAX_TIMER_MS],
  idleMs: [0, MAX_TIMER_MS],
  maxRuns: [1, 1_000_000],
  maxAttempts: [1, 1_000],
  delayMs: [0, MAX_DELAY_MS],
  maxDelayMs: [0, MAX_DELAY_MS],
} as const satisfies Record<string, NumberRange>;
const REPLIES = ['task', 'message', 'either'];

const KEYS = Object.keys({
  id: true,
  name: true,
  description: true,
  version: true,
  skills: true,
  extendedCard: true,
  tenant: true,
  inputModes: true,
  outputModes: true,
  provider: true,
  documentationUrl: true,
  iconUrl: true,
  securitySchemes: true,
  securityRequirements: true,
  extensions: true,
  streaming: true,
  pushNotifications: true,
  default: true,
  replies: true,
  resumable: true,
  deadlineMs: true,
  retention: true,
  idleMs: true,
  maxRuns: true,
  retry: true,
} satisfies Record<keyof A2aAgentOptions, true>);

const RETRY_KEYS = Object.keys({ maxAttempts: true, delayMs: true, maxDelayMs: true } satisfies Record<
  keyof RetryOptions,
  true
>);

/**
 * All problems with the options of one agent; each string names the option and the fix. `defaultSchemes`: the security schemes of
 * all agents.
 */
export function checkAgentOptions(options: unknown, defaultSchemes?: unknown): string[] {
  const problems: string[] = [];
  const report: Report = (problem) => void problems.push(problem);
  if (!isObject(options))
    return [`@A2aAgent() was given ${show(options)}: give it options, at least id, description and skills.`];
  checkKeys(options, KEYS, '@A2aAgent()', report);
  if (typeof options.id !== 'string' || !AGENT_ID.test(options.id)) {
    report(`id is ${show(options.id)}: use 1 to 63 of a-z, 0-9 and '-', not starting with '-'.`);
  }
  checkText(options.description, 'description', report);
  checkOptionalText(options.name, 'name', report);
  checkOptionalText(options.version, 'version', report);
  checkMediaTypes(options.inputModes, 'inputModes', report);
  checkMediaTypes(options.outputModes, 'outputModes', report);
  checkOptionalUrl(options.documentationUrl, 'documentationUrl', report);
  checkOptionalUrl(options.iconUrl, 'iconUrl', report);
  for (const flag of ['streaming', 'pushNotifications', 'default', 'resumable'])
    checkBoolean(options[flag], flag, report);
  const wrongTenant = options.tenant === undefined ? undefined : declaredTenantProblem(options.tenant);
  if (wrongTenant !== undefined) report(`tenant ${wrongTenant}`);
  checkRun(options, report);
  for (const problem of retentionProblems(options.retention, 'retention')) report(problem);
  checkProvider(options.provider, report);
  checkExtensions(options.extensions, report);
  checkSecuritySchemes(options.securitySchemes, report);
  const schemes = knownSchemes(options.securitySchemes, defaultSchemes);
  checkSecurityRequirements(options.securityRequirements, schemes, 'securityRequirements', report);
  checkSkills(options.skills, schemes, report);
  checkExtendedCard(options.extendedCard, schemes, report);
  return problems;
}

function checkRun(options: Record<string, unknown>, report: Report): void {
  const { replies, pushNotifications, deadlineMs, idleMs, maxRuns, retry } = options;
  if (replies !== undefined && !REPLIES.includes(replies as string)) {
    report(`replies is ${show(replies)}: use one of ${REPLIES.join(', ')}.`);
  }
  if (replies === 'message' && pushNotifications === true) {
    report(`pushNotifications is true, but replies is 'message': there are no tasks for webhooks.`);
  }
  checkOptionalNumber(deadlineMs, RANGES.deadlineMs, 'deadlineMs', 'ms', report);
  checkOptionalNumber(idleMs, RANGES.idleMs, 'idleMs', 'ms', report);
  checkOptionalNumber(maxRuns, RANGES.maxRuns, 'maxRuns', 'runs', report);
  if (retry === undefined) return;
  if (!isObject(retry)) return report(`retry is ${show(retry)}: use { ${RETRY_KEYS.join(', ')} }.`);
  checkKeys(retry, RETRY_KEYS, 'retry', report);
  checkOptionalNumber(retry.maxAttempts, RANGES.maxAttempts, 'retry.maxAttempts', 'starts', report);
  checkOptionalNumber(retry.delayMs, RANGES.delayMs, 'retry.delayMs', 'ms', report);
  checkOptionalNumber(retry.maxDelayMs, RANGES.maxDelayMs, 'retry.maxDelayMs', 'ms', report);
}
