import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import type { AuditRecord } from './audit-record.js';
import type { AuditSink } from './audit-sink.interface.js';

const textOf = (records: readonly AuditRecord[]): string => records.map(({ line }) => `${line}\n`).join('');

/** Writes each record as a line of JSON to the standard output. */
export const auditStdout = (): AuditSink => ({
  write: async (records) => {
    if (!process.stdout.write(textOf(records))) await once(process.stdout, 'drain');
  },
});

/**
 * Appends each record as a line of JSON to a file, which is made with mode 0600 and synced after each batch. The file is opened again for
 * each batch, so a tool that rotates logs may rename it. A batch that failed half-way is written again from a new line.
 */
export function auditFile(path: string): AuditSink {
  let torn = false;
  return {
    async write(records) {
      let file: FileHandle | undefined;
      try {
        file = await open(path, 'a', 0o600);
        await file.writeFile((torn ? '\n' : '') + textOf(records));
        await file.datasync();
        torn = false;
      } catch (error) {
        torn = file !== undefined;
        throw error;
      } finally {
        await file?.close();
      }
    },
  };
}
