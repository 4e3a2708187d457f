import { A2AError, type A2AErrorOptions, type FieldViolation } from './a2a.error.js';

export const taskNotFound = (taskId: string): A2AError =>
  new A2AError('TASK_NOT_FOUND', `Task not found: ${printable(taskId)}`, { metadata: { taskId: printable(taskId) } });

export const taskNotCancelable = (taskId: string, why: string): A2AError =>
  new A2AError('TASK_NOT_CANCELABLE', `Task cannot be canceled: ${why}`, { metadata: { taskId } });

/** Spec 3.1.8: the same error as for a task that is not there. */
export const pushConfigNotFound = (taskId: string, configId: string): A2AError =>
  new A2AError(
    'TASK_NOT_FOUND',
    `Push notification config not found: ${configId === '' ? 'any' : printable(configId)} of task ${printable(taskId)}`,
    { metadata: { taskId: printable(taskId) } },
  );

/** What the owner of a disabled push notification config is told. */
export interface DisabledConfigFacts {
  readonly id: string;
  readonly disabledAt: string;
  readonly attempts?: number;
  readonly lastAttempt?: { readonly at: string; readonly status?: number; readonly error?: string };
}

/** As for a config that is not there, for clients know no other answer; the text and the metadata say more. */
export function pushConfigDisabled(taskId: string, facts: DisabledConfigFacts): A2AError {
  const { id, disabledAt, attempts = 0, lastAttempt } = facts;
  const { at = '', status, error = '' } = lastAttempt ?? {};
  const met = status === undefined ? `no response (${error})` : `HTTP status ${status}`;
  const why = lastAttempt
    ? ` after ${attempts} attempts of a notification. The last one, at ${at}, met with ${met}`
    : '';
  return new A2AError(
    'TASK_NOT_FOUND',
    `Push notification config ${printable(id)} of task ${printable(taskId)} was disabled at ${disabledAt}${why}. ` +
      'Create it again to enable it.',
    {
      metadata: {
        taskId: printable(taskId),
        configId: printable(id),
        disabledAt,
        ...(lastAttempt && { attempts: String(attempts), lastAttemptAt: at }),
        ...(status !== undefined && { lastStatus: String(status) }),
        ...(error !== '' && { lastError: error }),
      },
    },
  );
}

export const unsupportedOperation = (message: string, options?: A2AErrorOptions): A2AError =>
  new A2AError('UNSUPPORTED_OPERATION', message, options);

export const pushNotificationNotSupported = (): A2AError =>
  new A2AError('PUSH_NOTIFICATION_NOT_SUPPORTED', 'Push notifications are not supported by this agent.');

export const contentTypeNotSupported = (message: string): A2AError =>
  new A2AError('CONTENT_TYPE_NOT_SUPPORTED', message);

export const invalidAgentResponse = (message: string, cause?: unknown): A2AError =>
  new A2AError('INVALID_AGENT_RESPONSE', message, { cause });

export const extendedAgentCardNotConfigured = (): A2AError =>
  new A2AError('EXTENDED_AGENT_CARD_NOT_CONFIGURED', 'There is no extended card for this caller. Use the public one.');

/** `uris`: the required extensions that the request does not activate. */
export function extensionSupportRequired(uris: readonly string[]): A2AError {
  const missing = printable(uris.join(', '), 1024);
  return new A2AError(
    'EXTENSION_SUPPORT_REQUIRED',
    `This agent requires extensions that the request does not declare. Send A2A-Extensions: ${missing} (X-A2A-Extensions in v0.3).`,
    { metadata: { extensions: missing } },
  );
}

export const versionNotSupported = (version: string, why?: string): A2AError =>
  new A2AError(
    'VERSION_NOT_SUPPORTED',
    why ?? `A2A version ${printable(version)} is not supported. Send A2A-Version: 1.0, or 0.3.`,
    { metadata: { version: printable(version), supported: '1.0, 0.3' } },
  );

export const parseError = (): A2AError => new A2AError('PARSE_ERROR', 'Invalid JSON payload');
export const invalidRequest = (message: string): A2AError => new A2AError('INVALID_REQUEST', message);
export const methodNotFound = (method: string): A2AError =>
  new A2AError('METHOD_NOT_FOUND', `Method not found: ${printable(method)}`);

/** `violations` name the offending fields; the message repeats the first. */
export const invalidParams = (violations: FieldViolation[] | string): A2AError =>
  typeof violations === 'string'
    ? new A2AError('INVALID_PARAMS', violations)
    : new A2AError(
        'INVALID_PARAMS',
        `Invalid parameters: ${violations[0]?.field ?? ''} ${violations[0]?.description ?? ''}`.trim(),
        {
          violations,
        },
      );

export const internal = (cause?: unknown): A2AError => new A2AError('INTERNAL', 'Internal error', { cause });

export const unavailable = (message: string, cause?: unknown, retryAfter = 1): A2AError =>
  new A2AError('UNAVAILABLE', message, { cause, retryAfter });

export const unauthenticated = (message: string): A2AError => new A2AError('UNAUTHENTICATED', message);

export const resourceExhausted = (message: string, retryAfter?: number): A2AError =>
  new A2AError('RESOURCE_EXHAUSTED', message, { retryAfter });

/** This process has no room for what the caller asks: less at a time, later, or another replica may help. */
export const overloaded = (message: string, retryAfter = 5): A2AError =>
  new A2AError('OVERLOADED', message, { retryAfter });

/** Client text inside an error message: bounded, and without control characters. */
export function printable(text: string, max = 128): string {
  // eslint-disable-next-line no-control-regex -- taking them out is the point
  const clean = text.replace(/[\u0000-\u001f\u007f]/g, '\uFFFD').toWellFormed();
  return clean.length > max ? `${clean.slice(0, max).toWellFormed()}…` : clean;
}
