import { ref, type Schema } from './schema.js';
import { v10 } from './v1-0.examples.js';

const header = (name: string, description: string): Schema => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

const [first] = v10.events.slice(-1);

/** What this server calls: the webhook that a client has given for a task. Spec 4.3.3. */
export const taskWebhooks: Readonly<Record<string, Schema>> = {
  taskEvent: {
    post: {
      operationId: 'taskEvent',
      summary: 'An event of a task',
      description:
        'Sent at least once for each status and each whole artifact, in order. Configs that were made by v0.3 get the form of v0.3, as application/json.',
      parameters: [
        header('X-A2A-Notification-Id', 'The same for each repetition of the notification.'),
        header('Authorization', 'Scheme and credentials of the config.'),
        header('X-A2A-Notification-Token', 'Token of the config.'),
      ],
      requestBody: {
        required: true,
        content: { 'application/a2a+json': { schema: ref('StreamResponse'), example: first } },
      },
      responses: {
        '2XX': { description: 'Taken. Anything else is tried again, redirects included.' },
        '410': { description: 'Nothing more is wanted: the config is disabled.' },
      },
    },
  },
};
