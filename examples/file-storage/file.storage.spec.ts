import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { a2aStorageContract } from '../../src/testing/contracts/index.js';
import { fileStorage } from './file.storage.js';

let directory = '';
a2aStorageContract(
  'files',
  async () => {
    directory = await mkdtemp(join(tmpdir(), 'a2a-tasks-'));
    return fileStorage({ directory });
  },
  { operators: false, rates: false, drop: () => rm(directory, { recursive: true }) },
);
