// Has an agent work on many tasks at once and reads each of them, in a process of its own. Its one argument is JSON:
// { url, tasks, chunks, bytes }.
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { sendRequest } from '../support/rpc.mjs';
import { readLightly } from './light-stream.mjs';

const { url, tasks, chunks, bytes } = JSON.parse(process.argv[2]);
const begin = performance.now();
const counts = await Promise.all(
  Array.from({ length: tasks }, () =>
    readLightly(url, sendRequest('SendStreamingMessage', `stream ${chunks} ${bytes}`)),
  ),
);
const seconds = (performance.now() - begin) / 1000;
// Each has its Task, `working`, the chunks and `completed`.
for (const count of counts) assert.equal(count, chunks + 3);
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ events: tasks * (chunks + 3), seconds, cpuMicros: user + system }));
