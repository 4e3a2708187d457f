import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { begin, caller, chunk, type Writer } from '../../../testing/contracts/fixtures.js';
import { APPEND, appendValues } from './append.statement.js';
import { type OpenPostgresStores, openPostgresStores } from './open-stores.js';

interface Cost {
  walBytes: number;
  buffers: number;
}

interface Explained {
  'QUERY PLAN': [
    { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number; Plans: { 'WAL Bytes': number }[] } },
  ];
}

const CHUNK_BYTES = 64;
const text = (): string => randomBytes(CHUNK_BYTES / 2).toString('hex');
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

describe('the append statement', () => {
  let database: TestDatabase;
  let stores: OpenPostgresStores;

  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await openPostgresStores(database.url);
  });
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });

  /** The cost of one append of `count` chunks by the database's counters; the median, since some appends touch a new page. */
  async function costOf(writer: Writer, count: number): Promise<Cost> {
    const costs: Cost[] = [];
    for (let n = 0; n < 9; n++) {
      const events = Array.from({ length: count }, () => chunk(text()));
      const append = { run: writer.run, firstSeq: writer.lastSeq + 1, events };
      const values = appendValues([append]).map((value) => value ?? null);
      const sql = `explain (analyze, buffers, wal, timing off, format json) ${APPEND}`;
      const [row] = await stores.dataSource.query<Explained[]>(sql, values);
      const plan = row?.['QUERY PLAN'][0].Plan;
      if (!plan) throw new Error('no plan');
      writer.lastSeq += count;
      const walBytes = plan.Plans.reduce((sum, part) => sum + part['WAL Bytes'], 0);
      costs.push({ walBytes, buffers: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] });
    }
    return {
      walBytes: median(costs.map(({ walBytes }) => walBytes)),
      buffers: median(costs.map(({ buffers }) => buffers)),
    };
  }

  it('costs no more at the end of a log of 20 000 events than at its beginning', async () => {
    const writer = await begin(stores, caller());
    const first = await costOf(writer, 1);
    for (let n = 0; n < 20_000; n += 500) await writer.write(...Array.from({ length: 500 }, () => chunk(text())));
    await stores.tasks.idle();
    const last = await costOf(writer, 1);
    expect(last.walBytes).toBeLessThan(1.5 * first.walBytes);
    // The tree of the primary key may have grown by one level.
    expect(last.buffers).toBeLessThan(first.buffers + 8);
  });

  it('writes at most ten times the payload of 64-byte chunks to the WAL, one at a time or many', async () => {
    const writer = await begin(stores, caller());
    await costOf(writer, 1);
    expect((await costOf(writer, 1)).walBytes).toBeLessThanOrEqual(10 * CHUNK_BYTES);
    expect((await costOf(writer, 100)).walBytes / 100).toBeLessThanOrEqual(10 * CHUNK_BYTES);
  });
});
