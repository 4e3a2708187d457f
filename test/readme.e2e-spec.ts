import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runningPostmaster } from '../src/service/embedded-postgres/postmaster-file.js';
import { curl } from './support/run-curl.js';
import { fencesOf } from './support/markdown.js';
import { Program } from './support/program.js';
import { RpcClient, v03Message } from './support/rpc.client.js';
import { ROOT, compile, emptyProject, writeSnippets } from './support/snippets.js';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const README = read('README.md');
const FENCES = fencesOf(README);
const START_PAGE = read('docs/start.md');
const commands = FENCES.filter(({ language }) => language === 'sh').map(({ text }) => text.trim());
const [START = '', CURL = '', TEST = ''] = commands;
const ADDRESS = 'http://127.0.0.1:3000';

interface Frame {
  readonly id?: string;
  readonly data: unknown;
}

/** The frames of an event stream; ids become #1, #2 … in the order in which they are first seen, times become 'time'. */
function framesOf(text: string): Frame[] {
  const names = new Map<unknown, string>();
  const nameOf = (id: unknown): string => names.get(id) ?? names.set(id, `#${names.size + 1}`).get(id)!;
  return text
    .trim()
    .split('\n\n')
    .map((frame) => {
      const [, id, data = ''] = /^(?:id: (\d+)\n)?data: (.*)$/.exec(frame) ?? [];
      const reviver = (key: string, value: unknown): unknown => {
        if (/^(taskId|contextId|messageId)$/.test(key) || (key === 'id' && typeof value === 'string'))
          return nameOf(value);
        return key === 'timestamp' ? 'time' : value;
      };
      return { id, data: JSON.parse(data, reviver) as unknown };
    });
}

describe('the commands of the README', () => {
  it('are three, and the ones that this package and its checks have', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(commands).toEqual(['npm ci && npm start', expect.stringMatching(/^curl -N /), 'npm ci && npm test']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']));
    expect(read('.ci/run').split('\n')).toContain(TEST);
  });
});

describe('the service that the README starts', () => {
  let dataDir: string;
  let service: Program;

  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-readme-'));
    // As root the database runs as another user, who must be able to pass.
    chmodSync(dataDir, 0o711);
    service = await Program.start({
      command: 'sh',
      args: ['-c', START.replace('npm ci && ', '')],
      cwd: ROOT,
      env: { PORT: '0', DATA_DIR: dataDir },
      ready: (line) => /Listening on (\S+)/.exec(line)?.[1],
    });
  }, 120_000);

  afterAll(async () => {
    await service?.stop();
    const left = runningPostmaster(path.join(dataDir, 'postgres'))?.pid;
    if (left !== undefined) process.kill(left, 'SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
    expect(left).toBeUndefined();
  });

  it('answers curl with what docs/start.md shows', async () => {
    const shown = fencesOf(START_PAGE).find(({ language, text }) => language === 'text' && text.startsWith('data: '));
    expect(framesOf(await curl(CURL, service.url))).toEqual(framesOf(shown?.text ?? ''));
  });

  it('answers the same message again with the same stream', async () => {
    const first = await curl(CURL, service.url);
    expect(await curl(CURL, service.url)).toBe(first);
    expect(framesOf(first)).toHaveLength(7);
  });

  it('continues after the event that Last-Event-ID names', async () => {
    expect(START_PAGE).toContain("`-H 'Last-Event-ID: 3'`: the stream continues with event 4");
    const frames = framesOf(await curl(`${CURL} -H 'Last-Event-ID: 3'`, service.url));
    expect(frames.map(({ id }) => id)).toEqual(['4', '5', '6', '7']);
  });

  it('has the pages that the README names', async () => {
    const pages = [...new Set(README.match(/http:\/\/127\.0\.0\.1:3000\/[\w./-]+[\w]/g))];
    expect(pages.map((page) => page.slice(ADDRESS.length))).toEqual(['/docs', '/.well-known/agent-card.json']);
    for (const page of pages) expect((await fetch(page.replace(ADDRESS, service.url))).status).toBe(200);
  });
});

describe('the agent of the README', () => {
  const snippets = FENCES.filter(({ language }) => language === 'ts');
  let directory: string;
  let agent: Program;

  beforeAll(async () => {
    directory = emptyProject('README');
    writeSnippets(directory, FENCES);
    const main = path.join(directory, 'main.ts');
    writeFileSync(main, readFileSync(main, 'utf8').replace('listen(3000,', 'listen(0,'));
    expect(compile(directory)).toBe('');
    appendFileSync(path.join(directory, 'main.js'), '\nconsole.log(`It listens on ${await app.getUrl()}`);\n');
    agent = await Program.start({
      command: process.execPath,
      args: ['main.js'],
      cwd: directory,
      ready: (line) => /It listens on (\S+)/.exec(line)?.[1],
    });
  }, 120_000);

  afterAll(async () => {
    await agent?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is the one of examples/minimal', () => {
    expect(snippets.map(({ name }) => name)).toEqual(['greeter.agent.ts', 'main.ts']);
    for (const { name, text } of snippets) {
      expect(text).toBe(read(`examples/minimal/${name}`).replace("'../../src/index.js'", "'nest-a2a'"));
    }
  });

  it('answers a message at the address that the README names', async () => {
    const rpc = new RpcClient(`${agent.url}/a2a/agents/greeter`, {});
    const task = await rpc.result('message/send', { message: v03Message('Ada') });
    expect(task).toMatchObject({
      kind: 'task',
      status: { state: 'completed' },
      artifacts: [{ parts: [{ text: 'Hello, ' }, { text: 'Ada!' }] }],
    });
  });

  it('has its card where the README says', async () => {
    const card = await fetch(`${agent.url}/a2a/agents/greeter/.well-known/agent-card.json`);
    expect(await card.json()).toMatchObject({ name: 'greeter', url: `${agent.url}/a2a/agents/greeter` });
  });
});
