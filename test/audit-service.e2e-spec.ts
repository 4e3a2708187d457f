import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { auditCommand } from '../src/cli/audit/audit.command.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { ServicePlace } from './support/service.place.js';
import { until } from '../src/testing/contracts/until.js';

describe('the audit trail of the service', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-audit-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('keeps in its file all but what waited when it is killed, in a chain that verifies', async () => {
    const file = path.join(directory, 'audit.jsonl');
    const place = await ServicePlace.create({
      STORE: 'memory',
      A2A_AUDIT: 'log',
      A2A_AUDIT_FILE: file,
      A2A_AUDIT_HASH_CHAIN: 'true',
      A2A_AUDIT_FLUSH_MS: '10',
    });
    const lines = (): string[] => readFileSync(file, { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean);
    for (const begun of [0, 20]) {
      const service = await place.start();
      const client = new RpcClient(`${service.origin}/agents/lab`);
      for (let n = 0; n < 20; n++) await client.result('SendMessage', { message: textMessage('echo secret-content') });
      await until(() => lines().length === begun + 20);
      await service.kill('SIGKILL');
    }
    expect(await auditCommand.run(['verify', file])).toBe(
      '40 records in 2 chains: each follows from the one before it.',
    );
    expect(readFileSync(file, 'utf8')).not.toContain('secret-content');
    await place.remove();
  });
});
