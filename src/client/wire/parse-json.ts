import { isDeeperThan, MAX_JSON_DEPTH } from '../../transports/http/json-body.js';
import { A2AClientJSONError } from '../errors/client.errors.js';

/** A byte order mark before the JSON is skipped. @throws A2AClientJSONError: not JSON, or nested deeper than this server takes it from its own clients. */
export function parseJson(received: string): unknown {
  const text = received.startsWith('\uFEFF') ? received.slice(1) : received;
  if (isDeeperThan(text, MAX_JSON_DEPTH)) {
    throw new A2AClientJSONError(`The agent's answer is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new A2AClientJSONError("The agent's answer is not JSON.");
  }
}
