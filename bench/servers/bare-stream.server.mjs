// The least that a server can do for many readers of one stream: it writes ready-made frames to each connection, one frame after
// the other. Its one argument is JSON: { file, readers, delayMs, waitMs }. `file` holds an array of frames; the first is sent to
// each connection at once, the rest when there are so many `readers`, with a pause between them as the lab makes it.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const { file, readers, delayMs, waitMs } = JSON.parse(process.argv[2]);
const [first, ...frames] = JSON.parse(readFileSync(file, 'utf8')).map((frame) => Buffer.from(frame));
const open = [];

async function stream() {
  await sleep(waitMs);
  const responses = open.splice(0);
  for (const frame of frames) {
    for (const response of responses) response.write(frame);
    await sleep(delayMs);
  }
  for (const response of responses) response.end();
}

const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(first);
    if (open.push(response) === readers) void stream();
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () =>
  console.log(`Listening on http://127.0.0.1:${server.address().port}`),
);
process.on('SIGTERM', () => process.exit(0));
