import { randomUUID } from 'node:crypto';
import http from 'node:http';

export const HEADERS = { 'content-type': 'application/json', 'a2a-version': '1.0' };

/** A request that sends `text` to the agent, as a message that the server has not seen. */
export const sendRequest = (method, text, message = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params: { message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }], ...message } },
});

/** POSTs JSON on a connection of its own; resolves with the response as soon as its header is there. */
export function post(url, body, options = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers: HEADERS, agent: false, ...options }, resolve);
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

/** Calls a method that answers once. */
export async function call(url, method, params) {
  const response = await post(url, { jsonrpc: '2.0', id: 1, method, params });
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  const { result, error } = JSON.parse(text);
  if (error) throw new Error(`${method} was answered with ${JSON.stringify(error)}`);
  return result;
}
