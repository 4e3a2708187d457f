import { EVENTS_ROUTE } from '../transports/event-source/events-address.js';
import { V10_EXAMPLES } from './operation.examples.js';
import type { OperationIds } from './described-agent.js';
import { LAST_TASK, TASK_ID_HINT } from './placeholders.js';
import { restRefusals } from './refusals.js';
import { frames, LAST_EVENT_ID } from './rest.paths.js';
import { type Schema, text } from './schema.js';

const inQuery = (name: string, description: string, schema: Schema): Schema => ({
  name,
  in: 'query',
  description,
  schema,
});

/** The events of a task for an `EventSource`, below `base`. */
export function eventSourcePath(base: string, ids: OperationIds): Record<string, { get: Schema }> {
  const operation = {
    operationId: ids('TaskEvents'),
    summary: 'Follow a task with an EventSource',
    parameters: [
      { name: 'id', in: 'path', required: true, schema: text(), description: TASK_ID_HINT, example: LAST_TASK },
      inQuery('A2A-Version', 'The version of the events, unless the header A2A-Version names it.', {
        type: 'string',
        enum: ['1.0', '0.3'],
        default: '1.0',
      }),
      inQuery('after', 'Counts as Last-Event-ID where that header is absent: 0 sends all events.', {
        type: 'integer',
        minimum: 0,
      }),
      inQuery('tenant', 'The tenant of the task.', text()),
      LAST_EVENT_ID,
    ],
    responses: {
      200: {
        description: 'The task, then its events; after Last-Event-ID, only the events that follow',
        content: {
          'text/event-stream': {
            schema: text(
              'Each event has its number as `id` and its kind as `event`: task, statusUpdate or artifactUpdate ' +
                '(v0.3: task, status-update, artifact-update). Its data is a StreamResponse.',
            ),
            example: frames(V10_EXAMPLES.SubscribeToTask.answer, nameOf),
          },
        },
      },
      204: { description: 'Nothing follows the position: the EventSource stops.' },
      ...restRefusals(400, 401, 404, 429, 503),
    },
  };
  return { [`${base}${EVENTS_ROUTE.path}`]: { get: operation } };
}

const nameOf = (event: object): string | undefined => Object.keys(event)[0];
