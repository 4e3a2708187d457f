/* global fetch */
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../support/rpc.mjs';
import { sendRequest } from '../support/rpc.mjs';

const OPEN = new Set(['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING']);

const begin = async (url, text, configuration = {}) => {
  const { params } = sendRequest('SendMessage', text);
  const { task } = await call(url, 'SendMessage', {
    ...params,
    configuration: { returnImmediately: true, ...configuration },
  });
  return task.id;
};

async function settled(url, id) {
  for (;;) {
    const { status } = await call(url, 'GetTask', { id });
    if (!OPEN.has(status.state)) return id;
    await sleep(50);
  }
}

/** A webhook's receiver that refuses everything. */
async function refuser() {
  const server = http.createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(500, { 'content-type': 'text/plain' }).end('The receiver is broken.'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

/** Tasks of each state, made by calls of the agents, each as often as its copies shall be: of a hundred. */
export async function originalsAt({ url }) {
  const [lab, resumable, progress] = ['lab', 'lab-resumable', 'progress'].map((agent) => `${url}/agents/${agent}`);
  const of = async (agent, text, weight) => Array(weight).fill(await settled(agent, await begin(agent, text)));
  const made = [
    await of(lab, 'echo a short answer', 30),
    await of(resumable, 'echo a short answer', 20),
    await of(progress, 'Process this text', 15),
    await of(lab, 'stream 20 60', 15),
    await of(lab, 'fail', 5),
    await of(resumable, 'throw', 2),
    await of(lab, 'reject', 3),
    await of(lab, 'ask', 3),
    await of(lab, 'auth', 1),
  ];
  const canceled = await begin(lab, 'sleep 3600000');
  await call(lab, 'CancelTask', { id: canceled });
  made.push(Array(5).fill(canceled));
  const receiver = await refuser();
  const hook = { id: 'hook', url: `http://127.0.0.1:${receiver.address().port}/hook` };
  const notified = await begin(lab, 'echo with a webhook', { taskPushNotificationConfig: hook });
  while ((await deadLetters(url, notified)) < 2) await sleep(100);
  receiver.close();
  made.push(Array(1).fill(notified));
  return made.flat();
}

async function deadLetters(url, taskId) {
  const answer = await fetch(`${url}/console/api/deliveries?state=dead&taskId=${taskId}`);
  return (await answer.json()).rows.length;
}

/** What runs while the console is looked at, and a long task that has ended. */
export async function liveAt({ url }) {
  const lab = `${url}/agents/lab`;
  for (let n = 0; n < 10; n++) await begin(lab, 'sleep 3600000');
  return settled(lab, await begin(lab, 'stream 10000 40'));
}
