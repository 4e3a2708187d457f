import type { WebhookNotification } from './webhook.notification.js';

const RECEIVED = new WeakMap<object, WebhookNotification>();

/** Keeps the notification of a request, which the guard has read. */
export const keep = (request: object, notification: WebhookNotification): void =>
  void RECEIVED.set(request, notification);

/** The notification of a request. */
export function received(request: object): WebhookNotification {
  const notification = RECEIVED.get(request);
  if (notification) return notification;
  throw new Error('@A2aNotification() is for parameters of a method with @A2aWebhook().');
}
