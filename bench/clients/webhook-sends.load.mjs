// Sends so many messages with a webhook, so many at a time. Its one argument is JSON: { url, webhook, tasks, concurrency }.
import http from 'node:http';
import process from 'node:process';
import assert from 'node:assert/strict';
import { HEADERS, sendRequest } from '../support/rpc.mjs';

const { url, webhook, tasks, concurrency } = JSON.parse(process.argv[2]);
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
let left = tasks;

function send() {
  const request = sendRequest('SendMessage', 'echo hello');
  request.params.configuration = { returnImmediately: true, taskPushNotificationConfig: { url: webhook } };
  return new Promise((resolve, reject) => {
    const outgoing = http.request(url, { method: 'POST', headers: HEADERS, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('end', () => resolve(text)).on('error', reject);
    });
    outgoing.on('error', reject).end(JSON.stringify(request));
  });
}

async function work() {
  while (left-- > 0) assert.match(await send(), /"task":\{"id":"/);
}

await Promise.all(Array.from({ length: concurrency }, work));
console.log(JSON.stringify({ tasks }));
agent.destroy();
