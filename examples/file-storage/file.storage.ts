import type { A2aStorage } from '../../src/index.js';
import { tableStores } from '../../src/storage.js';
import { FileTaskStore } from './file-task.store.js';
import { TaskFiles } from './task-files.js';

/** Tasks in a directory, one JSON file each, for one process. They survive the end of the process, however it ends. */
export const fileStorage = ({ directory }: { readonly directory: string }): A2aStorage => ({
  name: 'files',
  shared: false,
  open: async () => {
    const files = await TaskFiles.open(directory);
    const tasks = new FileTaskStore(files);
    return { tasks, ...tableStores(files), close: () => files.stored(undefined) };
  },
});
