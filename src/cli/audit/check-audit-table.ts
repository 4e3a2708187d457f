import type { DataSource } from 'typeorm';
import type { ChainCheck } from '../../audit/audit-chain.js';

const PAGE = 1_000;

interface Row {
  readonly id: number | string;
  readonly record: string;
}

/** Reads the table a2a_audit in pages. The rows of a chain were written in its order. */
export async function checkAuditTable(dataSource: DataSource, check: ChainCheck): Promise<void> {
  let after = 0;
  for (;;) {
    const rows = await dataSource.query<Row[]>(
      `select id, record from a2a_audit where id > ${after} order by id limit ${PAGE}`,
    );
    for (const { id, record } of rows) check.add(record, `Row ${id}`);
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1)?.id);
  }
}
