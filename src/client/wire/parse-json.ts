import { isDeeperThan, MAX_JSON_DEPTH } from '../../transports/http/json-body.js';
import { A2AClientJSONError } from '../errors/client.errors.js';

/** @throws A2AClientJSONError: not JSON, or nested deeper than this server takes it from its own clients. */
export function parseJson(text: string): unknown {
  if (isDeeperThan(text, MAX_JSON_DEPTH)) {
    throw new A2AClientJSONError(`The agent's answer is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new A2AClientJSONError("The agent's answer is not JSON.");
  }
}
