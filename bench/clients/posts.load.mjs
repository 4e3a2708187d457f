// POSTs so many bodies with fetch, so many at a time, to a webhook. Its one argument is JSON: { url, count, concurrency, bytes }.
import { randomUUID } from 'node:crypto';
import process from 'node:process';

const { url, count, concurrency, bytes } = JSON.parse(process.argv[2]);
const body = JSON.stringify({ statusUpdate: 'x'.repeat(bytes) });
let left = count;

async function work() {
  while (left-- > 0) {
    const headers = { 'content-type': 'application/a2a+json', 'x-a2a-notification-id': `${randomUUID()}/1` };
    const response = await globalThis.fetch(url, { method: 'POST', headers, body });
    await response.arrayBuffer();
  }
}

await Promise.all(Array.from({ length: concurrency }, work));
console.log(JSON.stringify({ count }));
process.exit(0);
