import type { ServerOptions } from 'node:https';
import { Server } from 'node:tls';
import { LIMITS_DEFAULTS } from '../../common/limits.options.js';
import { SafeLogger } from '../../common/safe-logger.js';
import type { FollowedTls } from '../../security/tls/followed-tls.js';
import { warnOfDates } from '../../security/tls/usable-tls.js';
import type { Environment } from '../configuration/environment.js';
import { followedTls } from '../configuration/tls-files.js';

/**
 * What becomes of a client without a certificate that the CA has issued. 'asked': it is connected, and is nobody. 'refused': it is not
 * connected.
 */
export type UnprovenClients = 'asked' | 'refused';

/** The TLS of an HTTP server, from files that may be renewed while it serves. */
export class HttpsListener {
  private constructor(
    private readonly tls: FollowedTls,
    private readonly clients: UnprovenClients,
    private readonly handshakeTimeout: number,
  ) {}

  /** undefined: the listener has no TLS. Throws ConfigurationError for files that are unusable. */
  static of(environment: Environment, prefix: '' | 'ADMIN_', clients: UnprovenClients): HttpsListener | undefined {
    const server = prefix === '' ? 'HTTP' : 'the admin listener';
    const log = new SafeLogger('Tls');
    const tls = followedTls(environment, prefix, server, log);
    if (tls === undefined) return undefined;
    warnOfDates(server, tls.files.cert, log);
    // Headers have the same time, once there is a connection.
    return new HttpsListener(tls, clients, environment.A2A_REQUEST_IDLE_MS ?? LIMITS_DEFAULTS.requestIdleMs);
  }

  get options(): ServerOptions {
    const { cert, key, clientCa } = this.tls.files;
    return {
      cert,
      key,
      minVersion: 'TLSv1.2',
      handshakeTimeout: this.handshakeTimeout,
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
    server.once(
      'close',
      this.tls.follow(() => server.setSecureContext(this.options)),
    );
  }
}
