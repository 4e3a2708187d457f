import type { OutboundRequest } from '../security/outbound/index.js';
import type { PushNotification } from './push-notification-sender.interface.js';

/** The call of a webhook. Spec 4.3.3; in v0.3 9.5. */
export function notificationRequest({ event, config, body }: PushNotification): OutboundRequest {
  const { url, token, authentication, wireVersion } = config;
  return {
    method: 'POST',
    url,
    headers: {
      'Content-Type': wireVersion === '1.0' ? 'application/a2a+json' : 'application/json',
      'User-Agent': 'nest-a2a',
      // The same each time that it is sent, so that a receiver can tell a repetition.
      'X-A2A-Notification-Id': `${event.taskId}/${event.seq}`,
      ...(token !== undefined && { 'X-A2A-Notification-Token': token }),
      ...(authentication?.credentials !== undefined && {
        Authorization: `${authentication.scheme} ${authentication.credentials}`,
      }),
    },
    body,
  };
}
