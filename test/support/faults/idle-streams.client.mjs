// A client process that keeps many event streams open: its parent tells it by IPC what to open, and is told what arrived.
import http from 'node:http';

/** Connections that are being opened at a time. */
const AT_ONCE = 50;

let streams = 0;
let broken = 0;
/** Of the last event on each stream, how many streams have seen it, and when the first and the last of them did. */
const seen = new Map();

process.on('message', (message) => {
  if (message.open) void open(message.open);
  if (message.report) process.send({ report: { streams, broken, seen: [...seen] } });
});

async function open({ url, ids, count, localAddress }) {
  let next = 0;
  const worker = async () => {
    while (next < count) await openOne(url, ids[next++ % ids.length], localAddress);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  process.send({ opened: streams });
}

/** Resolves when the first event has arrived. */
function openOne(url, id, localAddress) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'A2A-Version': '1.0' };
    const request = http.request(url, { method: 'POST', headers, agent: false, localAddress });
    request.on('error', reject);
    request.on('response', (response) => {
      response.setEncoding('utf8');
      let opened = false;
      response.on('data', (text) => {
        for (const [, seq] of text.matchAll(/^id: (\d+)$/gm)) {
          if (!opened) {
            opened = true;
            streams++;
            resolve();
          } else note(Number(seq));
        }
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        streams--;
        if (!response.complete) broken++;
      });
    });
    request.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SubscribeToTask', params: { id } }));
  });
}

function note(seq) {
  const now = Date.now();
  const { count, first } = seen.get(seq) ?? { count: 0, first: now };
  seen.set(seq, { count: count + 1, first, last: now });
}
