import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { SafeLogger } from '../../common/safe-logger.js';
import { A2AError, printable, unavailable } from '../../protocol/errors/index.js';
import { type PlatformRequest, rawRequest } from '../../transports/http/platform.js';
import { A2A_HOST, type A2aHost } from '../a2a-host.js';
import { ADMIN_OPTIONS, type AdminSettings } from '../admin.options.js';
import type { AdminAuthorize, AdminRequest } from './admin.authorizer.js';
import { isLocal, isSameOrigin, namesLoopback } from './request-origin.js';

/** The header that a form of another site cannot send. */
export const WRITE_HEADER = 'x-a2a-admin';

/** Time that `authorize` has, in ms. */
const LIMIT_MS = 10_000;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Who may use the admin API, and what for. */
@Injectable()
export class AdminAccess {
  readonly #log = new SafeLogger('Admin');
  /** A request is checked once, however many routes and middlewares ask. */
  readonly #checked = new WeakMap<IncomingMessage, Promise<void>>();

  constructor(
    @Inject(ADMIN_OPTIONS)
    private readonly settings: Pick<AdminSettings, 'authorize' | 'readOnly' | 'loopbackHostsOnly'>,
    @Inject(A2A_HOST) private readonly host: A2aHost,
  ) {}

  /** Rejects unless the sender is an operator who may send this request: with A2AError, or with what `authorize` throws. */
  admit(request: PlatformRequest): Promise<void> {
    const raw = rawRequest(request);
    let checked = this.#checked.get(raw);
    if (!checked) this.#checked.set(raw, (checked = this.#check(raw, request)));
    return checked;
  }

  async #check(raw: IncomingMessage, request: PlatformRequest): Promise<void> {
    if (this.settings.loopbackHostsOnly && !namesLoopback(raw)) {
      throw denied('The admin API is answered only under a name of this machine, such as 127.0.0.1 or localhost.');
    }
    if (!isSameOrigin(raw)) throw denied('Pages of another origin may not use the admin API.');
    if (!(await this.#isOperator(raw, request))) throw denied('You are not an operator of this server.');
    if (READS.has(raw.method ?? '')) return;
    if (this.settings.readOnly) throw denied('The admin API is read-only here.');
    if (raw.headers[WRITE_HEADER] !== '1') throw denied('To change something, send the header X-A2A-Admin: 1.');
    const [path = ''] = (raw.url ?? '').split('?');
    this.#log.log(
      `An operator at ${raw.socket.remoteAddress ?? 'an unknown address'} sends ${raw.method} ${printable(path, 512)}`,
    );
  }

  async #isOperator(raw: IncomingMessage, request: PlatformRequest): Promise<boolean> {
    const { authorize } = this.settings;
    if (authorize === 'loopback') return isLocal(raw);
    const decide: AdminAuthorize =
      typeof authorize === 'function'
        ? authorize
        : (given) => this.host.get(authorize.provider, { strict: false }).authorize(given);
    // A guard must not admit by accident: a promise or an object is no yes.
    return (await inTime(decide(request as unknown as AdminRequest))) === true;
  }
}

const denied = (message: string): A2AError => new A2AError('PERMISSION_DENIED', message);

async function inTime<T>(answer: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(unavailable('Your right to use the admin API could not be checked in time.')),
      LIMIT_MS,
    ).unref();
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
