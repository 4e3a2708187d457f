import { call, sendRequest } from './rpc.mjs';

/** Sends `text` without waiting for what comes of it; answers the id of its task. */
export async function startTask(url, text) {
  const { params } = sendRequest('SendMessage', text);
  const { task } = await call(url, 'SendMessage', { ...params, configuration: { returnImmediately: true } });
  return task.id;
}
