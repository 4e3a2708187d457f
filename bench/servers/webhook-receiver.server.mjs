// A webhook that answers at once. `GET /` says how many notifications came since the last time it was asked, when the first and the
// last did (ms), and how many came out of order: numbers of one task must rise.
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

let seen = { count: 0, disordered: 0 };
const newest = new Map();

function note(id) {
  const [task, seq] = id.split('/');
  if (Number(seq) <= (newest.get(task) ?? 0)) seen.disordered++;
  newest.set(task, Number(seq));
  seen.count++;
  seen.first ??= performance.now();
  seen.last = performance.now();
}

const server = http.createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(seen));
    if (request.url === '/reset') seen = { count: 0, disordered: 0 };
    return;
  }
  request.resume().on('end', () => {
    note(request.headers['x-a2a-notification-id']);
    response.writeHead(204).end();
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
console.log(`Listening on http://127.0.0.1:${server.address().port}`);
process.on('SIGTERM', () => process.exit(0));
