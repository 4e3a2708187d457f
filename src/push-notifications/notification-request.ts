import { v03Codec } from '../protocol/v0-3/index.js';
import type { OutboundRequest } from '../security/outbound/index.js';
import type { PushNotification } from './push-notification-sender.interface.js';

/** The call of a webhook. Spec 4.3.3; v0.3 leaves the body open: it is the event with its `kind`, as in its streams. */
export function notificationRequest({ event, config }: PushNotification): OutboundRequest {
  const { url, token, authentication, wireVersion } = config;
  const v10 = wireVersion === '1.0';
  return {
    method: 'POST',
    url,
    headers: {
      'Content-Type': v10 ? 'application/a2a+json' : 'application/json',
      'User-Agent': 'nest-a2a',
      // The same each time that it is sent, so that a receiver can tell a repetition.
      'X-A2A-Notification-Id': `${event.taskId}/${event.seq}`,
      ...(token !== undefined && { 'X-A2A-Notification-Token': token }),
      ...(authentication?.credentials !== undefined && {
        Authorization: `${authentication.scheme} ${authentication.credentials}`,
      }),
    },
    body: v10 ? event.text : JSON.stringify(v03Codec.encodeStreamResponse(event.event, event.terminal)),
  };
}
