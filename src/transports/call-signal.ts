import type { ServerResponse } from 'node:http';

/** Why a `clientSignal` aborted. One shared object, since a DOMException per signal is expensive. */
export const CLIENT_LEFT = new Error('The client has left.');

/** Aborts when the connection closes before the answer was sent in full. */
export function clientSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort(CLIENT_LEFT);
  else {
    response.once('close', () => {
      if (!response.writableFinished) controller.abort(CLIENT_LEFT);
    });
  }
  return controller.signal;
}
