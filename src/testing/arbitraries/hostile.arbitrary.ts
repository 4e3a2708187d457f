import fc from 'fast-check';
import { jsonValue } from './json.arbitrary.js';

/** Words of both wire versions, so that arbitrary values get past the first member. */
const KNOWN_KEYS = [
  'message', 'configuration', 'metadata', 'id', 'role', 'parts', 'kind', 'text', 'raw', 'url', 'data', 'file', 'bytes', 'uri',
  'fileWithBytes', 'pushNotificationConfig', 'taskPushNotificationConfig', 'authentication', 'schemes', 'blocking', 'status',
  'state', 'history_length', 'historyLength', 'page_size', 'message_id', 'a2a_v1_part', 'data_part_compat', 'value', 'filename',
  'artifacts', 'artifact', 'history', '__proto__', 'constructor', 'toString',
]; // prettier-ignore

const KNOWN_VALUES = [
  'text', 'file', 'data', 'task', 'message', 'status-update', 'artifact-update', 'user', 'unknown', '__proto__', 'constructor',
  'TASK_STATE_WORKING', 'QUJD', 'Q-_=', '12', '1e2', '-0', null, true, 0, -1, 1.5,
]; // prettier-ignore

/** Anything a client may send as params: JSON of any shape, rich in names that the protocol knows. */
export const hostileJson = (): fc.Arbitrary<unknown> =>
  fc
    .letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium', maxDepth: 7, withCrossShrink: true },
        fc.constantFrom<unknown>(...KNOWN_VALUES),
        jsonValue(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc
          .array(fc.tuple(fc.constantFrom(...KNOWN_KEYS), tie('value')), { maxLength: 6 })
          .map((entries): unknown => Object.fromEntries(entries)),
      ),
    }))
    .value.map((value): unknown => JSON.parse(JSON.stringify(value)));
