import { open, readFile, rename, rm } from 'node:fs/promises';
import type { ApiKeyRecord } from '../../security/authentication/api-keys/api-key.js';
import { formatApiKeys, parseApiKeys } from '../../security/authentication/api-keys/api-key-records.js';
import { CliError } from '../cli.error.js';

type Keys = readonly ApiKeyRecord[];

/** @throws CliError if the file cannot be read, or is not one of keys */
export async function readKeys(file: string): Promise<Keys> {
  try {
    return parseApiKeys(await readFile(file, 'utf8'), file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(code === undefined ? message : `${file} cannot be read (${code}).`);
  }
}

/**
 * Replaces the file in one step, so that a server never reads half of it. Two changes at the same time: the second one is refused.
 * Only the owner of the file can read it. `create`: a file that does not exist has no keys.
 */
export async function changeKeys(
  file: string,
  change: (keys: Keys) => Keys,
  { create = false }: { create?: boolean } = {},
): Promise<void> {
  const next = `${file}.new`;
  const handle = await open(next, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      error.code === 'EEXIST'
        ? `${next} exists: another command is changing ${file}, or one was interrupted. Remove ${next} if none is running.`
        : `${next} cannot be written (${error.code}).`,
    );
  });
  try {
    await handle.writeFile(formatApiKeys(change(await present(file, create))));
    await handle.sync();
    await handle.close();
    await rename(next, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(next, { force: true });
    throw error;
  }
}

async function present(file: string, create: boolean): Promise<Keys> {
  try {
    return await readKeys(file);
  } catch (error) {
    if (create && (error as Error).message.endsWith('(ENOENT).')) return [];
    throw error;
  }
}
