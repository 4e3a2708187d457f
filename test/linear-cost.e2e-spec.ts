import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../src/protocol/model/index.js';
import type { ComposedTaskStore } from '../src/tasks/composed-task.store.js';
import { TASK_STORE } from '../src/tasks/task-store.interface.js';
import { agentOf } from './support/agent-of.js';
import { EmbeddedPostgresProcess } from './support/embedded-postgres.process.js';
import { textMessage } from './support/rpc.client.js';
import { TestApp } from './support/test-app.js';

jest.setTimeout(120_000);

/** 256 bytes that do not compress to nothing. */
const chunk = (index: number): string => `${index} `.repeat(64).slice(0, 256).padEnd(256, '.');
/** The same, to half at best. */
const dense = (index: number): string =>
  Array.from({ length: 4 }, (_, part) => createHash('sha256').update(`${index} ${part}`).digest('hex')).join('');
/** Between two events, so that each is committed by itself and what is done behind an event is done for each. */
const PAUSE_MS = 3;

// The log is the whole server's, so this server is nobody else's, and writes nothing by itself.
const QUIET = { autovacuum: 'off', full_page_writes: 'off' };

describe('the bytes that a task writes to the log of Postgres', () => {
  let dataDir: string;
  let server: EmbeddedPostgresProcess;
  let app: TestApp;

  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-linear-cost-'));
    // As root the server runs as another user, who must be able to pass.
    chmodSync(dataDir, 0o711);
    server = await EmbeddedPostgresProcess.start({ options: { dataDir, settings: QUIET } });
    const agent = agentOf(async ({ userText }, updater) => {
      const [verb, count] = userText.split(' ');
      for (let i = 0; i < Number(count); i++) {
        if (verb === 'slow') await sleep(PAUSE_MS);
        if (verb === 'progress') await updater.startWork(chunk(i));
        else await updater.appendArtifact('a', verb === 'slow' ? dense(i) : chunk(i));
      }
    });
    app = await TestApp.start({ databaseUrl: server.url, agents: [agent] });
  });

  afterAll(async () => {
    await app?.close();
    await server?.interrupt('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function position(): Promise<bigint> {
    const [row] = await server.query<{ lsn: string }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as lsn`,
    );
    return BigInt(row!.lsn);
  }

  /** What one task writes, its snapshots included: those are written behind it, one after the other. */
  async function cost(text: string): Promise<{ bytes: number; task: Task }> {
    const before = await position();
    const { task } = await app.rpc().result<{ task: Task }>('SendMessage', { message: textMessage(text) });
    // Not until a snapshot has all events: one that has nearly all is the last.
    await sleep(20);
    await app.app.get<ComposedTaskStore>(TASK_STORE).idle();
    return { bytes: Number((await position()) - before), task };
  }

  it.each(['chunks', 'progress'])('grow with the number of its %s, not with its square', async (verb) => {
    await cost(`${verb} 100`);
    const once = await cost(`${verb} 1000`);
    const twice = await cost(`${verb} 2000`);
    expect(once.bytes).toBeGreaterThan(1000 * 256);
    expect(twice.bytes / once.bytes).toBeLessThanOrEqual(2.3);
    if (verb === 'chunks') {
      const parts = twice.task.artifacts?.[0]?.parts;
      expect(parts?.map((part) => 'text' in part && part.text)).toEqual(
        Array.from({ length: 2000 }, (_, i) => chunk(i)),
      );
    } else {
      const said = twice.task.history?.filter(({ role }) => role === 'ROLE_AGENT') ?? [];
      const texts = said.map(({ parts: [part] }) => part && 'text' in part && part.text);
      expect(texts).toEqual(Array.from({ length: 2000 }, (_, i) => chunk(i)));
      expect(new Set(said.map(({ messageId }) => messageId)).size).toBe(2000);
    }
  });

  it('grow with the number of its chunks also when they come one by one', async () => {
    await cost('slow 100');
    const once = await cost('slow 300');
    const twice = await cost('slow 600');
    // Snapshots at doubled sizes make it a little more or less than twice.
    expect(twice.bytes / once.bytes).toBeLessThanOrEqual(2.8);
  });
});
