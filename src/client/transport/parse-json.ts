import { jsonExcess, MAX_JSON_DEPTH } from '../../protocol/json/json-excess.js';
import { A2AClientJSONError, A2AClientLimitError } from '../errors/client.errors.js';
import { CLIENT_LIMITS } from '../options/client.options.js';

/**
 * Skips a byte order mark before the JSON.
 *
 * @throws A2AClientJSONError: not JSON, or nested deeper than a server accepts from clients. A2AClientLimitError: more values than the
 * client's `maxAnswerValues`.
 */
export function parseJson(received: string, maxValues = CLIENT_LIMITS.maxAnswerValues): unknown {
  const text = received.startsWith('\uFEFF') ? received.slice(1) : received;
  const excess = jsonExcess(text, { maxValues });
  if (excess === 'depth') {
    throw new A2AClientJSONError(`The agent's answer is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  }
  if (excess === 'values') {
    throw new A2AClientLimitError(`The agent's answer holds more than ${maxValues} values and keys.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new A2AClientJSONError("The agent's answer is not JSON.");
  }
}
