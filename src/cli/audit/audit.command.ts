import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ChainCheck, type ChainReport } from '../../audit/audit-chain.js';
import { CliError } from '../cli.error.js';
import { parseArguments } from '../parse-arguments.js';
import { opened, schemaIn } from '../data-source.js';
import { databaseIn, told } from '../database.js';
import { checkAuditTable } from './check-audit-table.js';

const USAGE = `  audit verify FILE
  audit verify [--database-url URL] [--schema NAME]
    Checks the hash chain of an audit trail: in a file of JSON lines, or in the table a2a_audit. URL is that of DATABASE_URL if you leave it
    out. It ends with 1 if a record was changed or is missing.`;

const OPTIONS = { 'database-url': { type: 'string' }, schema: { type: 'string' } } as const;

/** `nest-a2a audit verify`: finds records that were changed or removed. */
export const auditCommand = {
  usage: USAGE,
  async run([name = '', ...args]: readonly string[]): Promise<string> {
    if (name !== 'verify') throw new CliError(`Usage: nest-a2a audit verify\n\n${USAGE}`);
    const { values, positionals } = parseArguments(args, OPTIONS, { usage: USAGE, allowPositionals: true });
    const [file] = positionals;
    const check = new ChainCheck();
    if (file !== undefined) await checkFile(file, check);
    else await checkDatabase(values['database-url'], values.schema, check);
    return summaryOf(check.report());
  },
};

async function checkFile(file: string, check: ChainCheck): Promise<void> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      number++;
      if (line !== '') check.add(line, `Line ${number}`);
    }
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`);
  }
}

async function checkDatabase(url: string | undefined, schema: string | undefined, check: ChainCheck): Promise<void> {
  const { dataSource } = await opened('nest-a2a audit', { ...databaseIn(url), ...schemaIn(schema) }, false);
  try {
    await checkAuditTable(dataSource, check);
  } catch (error) {
    throw told(error);
  } finally {
    await dataSource.destroy();
  }
}

function summaryOf({ records, chains, trimmed, problems }: ChainReport): string {
  const found = `${records} records in ${chains} chains`;
  if (problems.length > 0) throw new CliError(`${problems.join('\n')}\n\n${found}: the trail is broken.`);
  const without = trimmed > 0 ? ` ${trimmed} of the chains begin later than with record 1, as after retention.` : '';
  return `${found}: each follows from the one before it.${without}`;
}
