import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { deliveries, documentAt, eventAt, idOf, overview, replicas, taskAt, TASKS, webhooks } from './fake-data.js';

const SERVICE = process.env.A2A_TARGET ?? 'http://127.0.0.1:3000';
const indexOf = new Map(Array.from({ length: 20_000 }, (_, index) => [idOf(index), index]));

/** The admin API without a service, for work on the screens: `vite --mode fake`. Calls to agents go to the service at A2A_TARGET. */
export function fakeApi(): Plugin {
  return {
    name: 'fake-admin-api',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://fake');
        if (url.pathname.startsWith('/api/')) return void answer(url, request, response);
        if (request.method === 'POST') return void forward(url, request, response);
        next();
      });
    },
  };
}

async function answer(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = url.pathname.slice('/api/'.length).split('/').map(decodeURIComponent);
  if (url.pathname.endsWith('/changes') || url.pathname.endsWith('/stream')) return events(response);
  const body = request.method === 'GET' ? await read(path, url.searchParams) : {};
  response.setHeader('content-type', 'application/json');
  if (body === undefined) response.statusCode = 404;
  response.end(JSON.stringify(body ?? { error: { code: 'NOT_FOUND', message: 'Not found.' } }));
}

async function read([first, id, what, seq]: readonly string[], query: URLSearchParams): Promise<unknown> {
  if (first === 'session') return { readOnly: false, agentsPath: '', lab: false };
  if (first === 'overview') return overview();
  if (first === 'replicas') return { rows: replicas() };
  if (first === 'webhooks') return { rows: webhooks() };
  if (first === 'deliveries')
    return {
      rows: deliveries().filter(
        (row) => !query.has('state') || (query.get('state') === 'dead') === (row.deadAt !== undefined),
      ),
    };
  if (first === 'agents') return { rows: await agents() };
  if (first !== 'tasks') return undefined;
  if (id === undefined) return page(query);
  const index = indexOf.get(id);
  if (index === undefined) return undefined;
  const task = taskAt(index);
  if (what === undefined) return task;
  if (what === 'document') return documentAt(index, Number(query.get('asOf') ?? task.lastSeq));
  if (seq !== undefined) {
    const event = eventAt(index, Number(seq));
    return { ...event, frames: { '1.0': event.event, '0.3': { kind: 'status-update', ...(event.event as object) } } };
  }
  const after = Number(query.get('after') ?? 0);
  const count = Math.max(0, Math.min(Number(query.get('limit') ?? 256), task.lastSeq - after));
  return { rows: Array.from({ length: count }, (_, at) => eventAt(index, after + at + 1)) };
}

function page(query: URLSearchParams): unknown {
  const limit = Number(query.get('limit') ?? 50);
  const states = query.getAll('state');
  const rows = [];
  let index = Number(query.get('cursor') ?? 0);
  for (; index < TASKS && rows.length < limit; index++) {
    const row = taskAt(index);
    if (states.length > 0 && !states.includes(row.state)) continue;
    if (query.has('agent') && row.agent !== query.get('agent')) continue;
    if (query.has('owner') && row.owner !== query.get('owner')) continue;
    rows.push(row);
  }
  return { rows, ...(index < TASKS ? { next: String(index) } : {}) };
}

async function agents(): Promise<unknown[]> {
  const cards = await Promise.all(
    ['1.0', '0.3'].map(async (version) =>
      (await fetch(`${SERVICE}/.well-known/agent-card.json`, { headers: { 'a2a-version': version } })).json(),
    ),
  );
  return [
    {
      id: 'progress',
      default: true,
      cards: { '1.0': cards[0], '0.3': cards[1] },
      signed: false,
      problems: [],
      path: '/',
      replies: 'task',
      resumable: true,
      limits: {},
    },
  ];
}

function events(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let round = 0;
  const timer = setInterval(
    () => response.write(`data: ${JSON.stringify({ taskId: idOf(round++ % 8), seq: round })}\n\n`),
    3_000,
  );
  response.on('close', () => clearInterval(timer));
}

async function forward(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
  ) as Record<string, string>;
  const control = new AbortController();
  response.on('close', () => control.abort());
  try {
    const answered = await fetch(SERVICE + url.pathname, {
      method: 'POST',
      headers,
      body: Buffer.concat(chunks),
      signal: control.signal,
    });
    response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? 'application/json' });
    for await (const chunk of answered.body ?? []) response.write(chunk);
    response.end();
  } catch {
    response.destroy();
  }
}
