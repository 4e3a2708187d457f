import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { post, sendRequest } from '../support/rpc.mjs';
import { StreamCheck } from './check-stream.mjs';

/** Has the agent stream, reads and checks all of it. Answers the time from the request to the end, in milliseconds. */
export async function readStream(url, { chunks, bytes, numbered }) {
  const check = new StreamCheck({ chunks, bytes, numbered });
  const begin = performance.now();
  const response = await post(url, sendRequest('SendStreamingMessage', `stream ${chunks} ${bytes}`));
  assert.equal(response.statusCode, 200);
  assert.match(response.headers['content-type'], /^text\/event-stream/);
  let rest = '';
  for await (const piece of response.setEncoding('utf8')) {
    const frames = (rest + piece).split('\n\n');
    rest = frames.pop();
    for (const frame of frames) read(frame, check);
  }
  assert.equal(rest, '');
  const ms = performance.now() - begin;
  return { ms, taskId: check.end() };
}

function read(frame, check) {
  let id;
  let data;
  for (const line of frame.split('\n')) {
    if (line.startsWith('id: ')) id = line.slice(4);
    else if (line.startsWith('data: ')) data = line.slice(6);
  }
  // A comment keeps the stream open; it is no event.
  if (data !== undefined) check.frame(id, data);
}
