import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '../../../../test/support/test-database.js';
import { ChainCheck } from '../../../audit/audit-chain.js';
import type { AuditRecord } from '../../../audit/audit-record.js';
import { checkAuditTable } from '../../../cli/audit/check-audit-table.js';
import { openSqlStores } from '../open-stores.js';
import { openPostgresStores } from '../postgres/open-stores.js';
import { sqljsDataSource } from '../sqlite/sqlite-data-source.js';

const postgres = await createTestDatabase();
afterAll(() => postgres.drop());

const recordOf = (seq: number, at = Date.now()): AuditRecord => {
  const entry = { kind: 'operation', action: 'CancelTask', outcome: 'ok', owner: 'älice', taskId: `t${seq}` } as const;
  return { at, chain: 'c', seq, entry, line: JSON.stringify({ chain: 'c', seq, ...entry }) };
};

describe.each([
  { name: 'Postgres', open: () => openPostgresStores(postgres.url) },
  { name: 'SQLite', open: async () => openSqlStores(await sqljsDataSource()) },
])('the table of the audit trail on $name', ({ open }) => {
  let stores: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    stores = await open();
  });
  afterAll(() => stores.close());
  const rows = (): Promise<Record<string, unknown>[]> =>
    stores.dataSource.query('select chain, seq, owner, task_id, record from a2a_audit order by id');

  it('keeps records to the byte, and one that comes again once', async () => {
    await stores.audit!.write([recordOf(1), recordOf(2)]);
    await stores.audit!.write([recordOf(2), recordOf(3)]);
    expect((await rows()).map(({ seq, ...row }) => ({ ...row, seq: Number(seq) }))).toEqual(
      [1, 2, 3].map((seq) => ({ chain: 'c', seq, owner: 'älice', task_id: `t${seq}`, record: recordOf(seq).line })),
    );
    const check = new ChainCheck();
    await checkAuditTable(stores.dataSource, check);
    expect(check.report()).toMatchObject({ records: 3, chains: 1 });
  });

  it('deletes what is older than the retention', async () => {
    const old = Array.from({ length: 1_500 }, (_, index) => recordOf(10 + index, Date.now() - 10_000));
    await stores.audit!.write(old);
    await sleep(1);
    await stores.audit!.prune!(5_000);
    expect((await rows()).map(({ seq }) => Number(seq))).toEqual([1, 2, 3]);
  });
});
