// Loads a server for some seconds and writes what came of it to stdout, as JSON. Its one argument is JSON as well:
// { url, connections, seconds, kind: 'a2a' | 'bare' }.
import autocannon from 'autocannon';
import assert from 'node:assert/strict';
import process from 'node:process';
import { HEADERS, sendRequest } from '../support/rpc.mjs';

const { url, connections, seconds, kind } = JSON.parse(process.argv[2]);
let sent = 0;
const answered = new Set();
let wrong;

/** The number of a request is its JSON-RPC id and part of its text: an answer must carry both, and only once. */
function nextBody() {
  const number = ++sent;
  return JSON.stringify({ ...sendRequest('SendMessage', `echo hello ${number}`), id: number });
}

function isRight(body) {
  try {
    const answer = JSON.parse(body);
    assert.ok(answer.id >= 1 && answer.id <= sent && !answered.has(answer.id), 'an answer to no request of ours');
    answered.add(answer.id);
    if (kind === 'a2a') {
      assert.equal(answer.result?.task?.status.state, 'TASK_STATE_COMPLETED');
      assert.equal(answer.result.task.artifacts[0].parts[0].text, `hello ${answer.id}`);
    } else assert.equal(answer.params.message.parts[0].text, `echo hello ${answer.id}`);
    return true;
  } catch (error) {
    wrong ??= `${error.message}\n${body}`;
    return false;
  }
}

const result = await autocannon({
  url,
  connections,
  duration: seconds,
  method: 'POST',
  headers: HEADERS,
  requests: [{ setupRequest: (request) => ({ ...request, body: nextBody() }) }],
  verifyBody: isRight,
});
const failures = result.errors + result.timeouts + result.non2xx + result.mismatches;
if (failures > 0 || result['2xx'] === 0) {
  console.error(`${failures} of ${sent} requests failed. The first wrong answer: ${wrong}`);
  process.exit(1);
}
const { p50, p99 } = result.latency;
const answers = result['2xx'];
console.log(JSON.stringify({ answers, perSecond: answers / result.duration, p50, p99 }));
