import type { StreamItem } from '../../request-handler/request-handler.interface.js';
import type { ProtocolVersion } from '../protocol-version.js';
import { V03_STREAM, V10_STREAM } from '../sse/stream-encoding.js';
import type { PacedEvent } from './paced-events.js';

const ENCODINGS = { '1.0': V10_STREAM, '0.3': V03_STREAM };

/** The names of events: the member of a StreamResponse, and `kind` in v0.3. */
const NAMES = {
  '1.0': { task: 'task', status: 'statusUpdate', artifact: 'artifactUpdate' },
  '0.3': { task: 'task', status: 'status-update', artifact: 'artifact-update' },
} as const;

/** The items of a task's stream as named events of one version, with their numbers as ids. */
export const wireEvents =
  (version: ProtocolVersion) =>
  (item: StreamItem): PacedEvent => ({
    id: String('seq' in item ? item.seq : ''),
    type: NAMES[version][item.type === 'event' ? item.event.kind : 'task'],
    body: ENCODINGS[version].frame(item).body,
  });
