import { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { BackgroundLoop } from '../../common/background-loop.js';
import type { SafeLogger } from '../../common/safe-logger.js';
import { type TlsFiles, warnOfDates } from './usable-tls.js';

/** How long renewed files may go unnoticed, in ms. docs/deploy.md says it. */
const CHECK_MS = 5_000;

/** Where the TLS of a server comes from. */
export interface TlsSource {
  /** As messages call the server: it completes "The certificate of". */
  readonly server: string;
  readonly paths: readonly string[];
  /** Reads and checks the files. Throws Error for files that are unusable. */
  read(): TlsFiles;
}

/** TLS from files that may be renewed while they are used. */
export class FollowedTls {
  #files: TlsFiles;
  #version?: string;
  #problem?: string;

  /** Reads the files. Throws what `read` throws. */
  constructor(
    private readonly source: TlsSource,
    private readonly log: SafeLogger,
  ) {
    this.#files = source.read();
  }

  /** The newest ones that are usable. */
  get files(): TlsFiles {
    return this.#files;
  }

  /** Calls `use` with files that replace those of before. Returns what ends it. */
  follow(use: (files: TlsFiles) => void): () => void {
    const loop = new BackgroundLoop({ pass: () => this.#check(use), pauseMs: () => CHECK_MS });
    loop.wake();
    loop.start();
    return () => void loop.stop();
  }

  async #check(use: (files: TlsFiles) => void): Promise<void> {
    const { server, paths } = this.source;
    try {
      const version = await versionOf(paths);
      if (version === this.#version && this.#problem === undefined) return;
      const files = this.source.read();
      this.#version = version;
      this.#problem = undefined;
      if (isSame(files, this.#files)) return;
      this.#files = files;
      use(files);
      const { validTo } = new X509Certificate(files.cert);
      this.log.log(`New connections to ${server} get the renewed certificate, which is valid until ${validTo}`);
      warnOfDates(server, files.cert, this.log);
    } catch (error) {
      // A certificate whose key is not written yet is not usable either.
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#problem) this.log.error(`${server} keeps the certificate of before. ${problem}`);
      this.#problem = problem;
    }
  }
}

/** Changes when a file does, also where names are links that are put elsewhere. */
async function versionOf(paths: readonly string[]): Promise<string> {
  const stats = await Promise.all(paths.map((path) => stat(path)));
  return stats.map(({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`).join('\n');
}

const isSame = (one: TlsFiles, other: TlsFiles): boolean =>
  (['cert', 'key', 'clientCa'] as const).every((each) => String(one[each]) === String(other[each]));
