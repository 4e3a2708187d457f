import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the console. */
export interface ConsoleFile {
  readonly body: Buffer;
  readonly type: string;
  /** Its name holds a hash of its content. */
  readonly immutable: boolean;
}

/** The built pages, in memory: under 1 MB, and nothing else of the disk can be asked for. */
export class ConsoleFiles {
  readonly #compressed = new WeakMap<ConsoleFile, Promise<Buffer>>();

  private constructor(
    /** The page as it was built. */
    readonly page: string,
    private readonly files: ReadonlyMap<string, ConsoleFile>,
  ) {}

  /** @throws Error if they were not built */
  static load(folder: string): ConsoleFiles {
    const files = new Map<string, ConsoleFile>();
    for (const name of ['icon.svg', ...readdirSync(path.join(folder, 'assets')).map((name) => `assets/${name}`)]) {
      const type = TYPES[path.extname(name)];
      if (type === undefined) continue;
      files.set(name, { body: readFileSync(path.join(folder, name)), type, immutable: name.startsWith('assets/') });
    }
    return new ConsoleFiles(readFileSync(path.join(folder, 'index.html'), 'utf8'), files);
  }

  get(name: string): ConsoleFile | undefined {
    return this.files.get(name);
  }

  /** The content for a browser that accepts gzip. */
  gzipped(file: ConsoleFile): Promise<Buffer> {
    let compressed = this.#compressed.get(file);
    if (!compressed) this.#compressed.set(file, (compressed = compress(file.body, { level: 9 })));
    return compressed;
  }
}

/** Beside the compiled sources; for the sources themselves, where the build puts it. */
const PLACES = ['../../console', '../../dist/console'].map((place) => path.join(import.meta.dirname, place));

/** @throws Error if the pages were not built */
export function builtConsole(): string {
  const folder = PLACES.find((place) => existsSync(path.join(place, 'assets')));
  if (folder === undefined)
    throw new Error('A2aConsoleModule: the pages of the console are missing. Build them: npm run build.');
  return folder;
}
