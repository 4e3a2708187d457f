import { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { Server } from 'node:tls';
import { LIMITS_DEFAULTS } from '../../common/limits.options.js';
import { BackgroundLoop } from '../../common/background-loop.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { type TlsFiles, warnOfDates } from '../../security/tls/usable-tls.js';
import type { Environment } from '../configuration/environment.js';
import type { TlsPrefix } from '../configuration/tls.environment.js';
import { tlsFiles, tlsPaths } from '../configuration/tls-files.js';

/** How long renewed files may go unnoticed, in ms. docs/deploy.md says it. */
const CHECK_MS = 5_000;

/**
 * What becomes of a client without a certificate that the CA has issued. 'asked': it is connected, and is nobody. 'refused': it is not
 * connected.
 */
export type UnprovenClients = 'asked' | 'refused';

/** The TLS of an HTTP server, from files that may be renewed while it serves. */
export class HttpsListener {
  readonly #log = new SafeLogger('Tls');
  readonly #name: string;
  #files: TlsFiles;
  #version?: string;
  #problem?: string;

  private constructor(
    private readonly environment: Environment,
    private readonly prefix: TlsPrefix,
    private readonly clients: UnprovenClients,
    files: TlsFiles,
  ) {
    this.#name = prefix === 'ADMIN_' ? 'the admin listener' : 'HTTP';
    this.#files = files;
    warnOfDates(this.#name, files.cert, this.#log);
  }

  /** undefined: the listener has no TLS. Throws ConfigurationError for files that are unusable. */
  static of(environment: Environment, prefix: TlsPrefix, clients: UnprovenClients): HttpsListener | undefined {
    const files = tlsFiles(environment, prefix);
    return files && new HttpsListener(environment, prefix, clients, files);
  }

  get options(): ServerOptions {
    const { cert, key, clientCa } = this.#files;
    return {
      cert,
      key,
      minVersion: 'TLSv1.2',
      // Headers have the same time, once there is a connection.
      handshakeTimeout: this.environment.A2A_REQUEST_IDLE_MS ?? LIMITS_DEFAULTS.requestIdleMs,
      ...(clientCa !== undefined && {
        ca: clientCa,
        requestCert: true,
        rejectUnauthorized: this.clients === 'refused',
      }),
    };
  }

  /** From now on, new connections to `server` get what is in the files, until it is closed. */
  follow(server: object): void {
    if (!(server instanceof Server)) throw new TypeError('The server was not made with the options of this listener.');
    const loop = new BackgroundLoop({ pass: () => this.#check(server), pauseMs: () => CHECK_MS });
    server.once('close', () => void loop.stop());
    loop.wake();
    loop.start();
  }

  async #check(server: Server): Promise<void> {
    try {
      const version = await versionOf(tlsPaths(this.environment, this.prefix));
      if (version === this.#version && this.#problem === undefined) return;
      const files = tlsFiles(this.environment, this.prefix);
      this.#version = version;
      this.#problem = undefined;
      if (files === undefined || isSame(files, this.#files)) return;
      this.#files = files;
      server.setSecureContext(this.options);
      this.#log.log(
        `New connections to ${this.#name} get the renewed certificate, which is valid until ${new X509Certificate(files.cert).validTo}`,
      );
      warnOfDates(this.#name, files.cert, this.#log);
    } catch (error) {
      // A certificate whose key is not written yet is not usable either.
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#problem) this.#log.error(`${problem} The certificate of before stays in use.`);
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
