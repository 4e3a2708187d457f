import type { CardsOptions } from './agents/cards/cards.options.js';
import type { AuditOptions } from './audit/audit.options.js';
import type { LimitsOptions } from './common/limits.options.js';
import type { LogContextOptions } from './common/logging/log-context.options.js';
import type { QuotasOptions } from './common/quotas/quotas.options.js';
import type { A2aBus } from './events/bus/a2a-bus.interface.js';
import type { ExecutionOptions } from './execution/execution.options.js';
import type { PushNotificationsOptions } from './push-notifications/push-notifications.options.js';
import type { PrincipalOptions } from './security/principal.options.js';
import type { TenantsOptions } from './security/tenants.options.js';
import type { A2aStorage } from './storage/a2a-storage.interface.js';
import type { RetentionOptions } from './tasks/retention/retention.policy.js';
import type { GrpcTransport } from './transports/grpc/grpc-transport.interface.js';
import type { HttpBindings, HttpTransportOptions } from './transports/http/http-transport.options.js';

export const A2A_OPTIONS = Symbol('A2aModuleOptions');

/** Options of `A2aModule.forRoot`. All have defaults; a wrong one fails at boot, by name. */
export interface A2aModuleOptions {
  /** Where tasks live: `postgresStorage()` of nest-a2a/postgres and others. Default `memoryStorage()`. */
  storage?: A2aStorage;
  /**
   * How processes that share a storage tell each other of new events: `redisBus()` of nest-a2a/redis, `inProcessBus()`. Default:
   * what the storage brings, LISTEN/NOTIFY on Postgres and publish/subscribe on Redis.
   */
  bus?: A2aBus;
  /** How often the storage is asked whether anything was missed, in ms: the floor under any bus. Default 1000. */
  pollMs?: number;
  /** Where clients reach this server, as cards say it. Default: the address it listens on. */
  publicUrl?: string;
  /** Body limit, keep-alive, version leniency. */
  http?: Partial<Omit<HttpTransportOptions, 'path' | 'bindings'>>;
  /** What the cards of all agents say, and how they are signed. */
  cards?: CardsOptions;
  /** Which claims of a caller are stored with its messages. */
  principal?: PrincipalOptions;
  /** Whom tasks belong to besides their owner. */
  tenants?: TenantsOptions;
  /** gRPC on a port of its own: `grpc()` of nest-a2a/grpc. Default: no gRPC. */
  grpc?: GrpcTransport;
  /** Webhooks: who may be called, how hard to try. false: none. Default: on, for receivers on the public internet. */
  pushNotifications?: Partial<PushNotificationsOptions> | false;
  /** What clients may keep of this process: bytes, calls and time, over all bindings. */
  limits?: Partial<LimitsOptions>;
  /** What owners and tenants may use, where it is not the same for all. Default: the single options for everybody. */
  quotas?: QuotasOptions;
  /**
   * Gives requests an id, from `X-Request-Id` or a new one, which is sent in the response, and lets `a2aLogContext()` say what the calling
   * code works for. true: with the defaults. Default false.
   */
  logContext?: LogContextOptions | boolean;
  /** Records who did what to which task. Default: nothing is recorded. */
  audit?: AuditOptions;
  /** Deadlines and limits of runs. */
  execution?: Partial<ExecutionOptions>;
  /** How long tasks and their event logs are kept, for agents that do not say so themselves. Default: 30 days, and one day. */
  retention?: RetentionOptions;
}

/** What Nest must know before the options are: which routes to make. */
export interface A2aModuleExtras {
  /** Where all routes live. Default '/a2a'; '' is the root. */
  path?: string;
  /** Switches bindings over HTTP off: `{ rest: false }`. Default: JSON-RPC and HTTP+JSON are both served. */
  bindings?: Partial<HttpBindings>;
}

/** What `forRootAsync({ useClass })` and `useExisting` take. */
export interface A2aOptionsFactory {
  createA2aOptions(): A2aModuleOptions | Promise<A2aModuleOptions>;
}

const OPENED: readonly (readonly [option: 'storage' | 'bus', example: string])[] = [
  ['storage', "postgresStorage({ url }) of 'nest-a2a/postgres'"],
  ['bus', "redisBus({ url }) of 'nest-a2a/redis'"],
];

/** Throws TypeError for a storage, bus or transport that is none, and for a bus that does not suit the storage. */
export function checkParts(options: A2aModuleOptions, storage: A2aStorage): void {
  const { bus, grpc } = options;
  for (const [option, example] of OPENED) {
    const value = options[option] as { readonly name?: unknown; readonly open?: unknown } | undefined;
    if (value === undefined || (typeof value?.name === 'string' && typeof value.open === 'function')) continue;
    throw new TypeError(`A2aModule: ${option} must be a value like ${example}, but is ${typeNamed(value)}.`);
  }
  if (grpc !== undefined && typeof grpc?.start !== 'function') {
    throw new TypeError("A2aModule: grpc must be a value like grpc({ port, authenticate }) of 'nest-a2a/grpc'.");
  }
  if (bus?.shared && !storage.shared) {
    throw new TypeError(
      `A2aModule: bus '${bus.name}' makes no sense with storage '${storage.name}': no other process can see the tasks. Leave the bus out.`,
    );
  }
}

/** Without what it holds, which may be secret. */
function typeNamed(value: unknown): string {
  const type: unknown = (value as { type?: unknown } | null)?.type;
  return typeof type === 'string' ? `an object of type '${type}'` : value === null ? 'null' : `of type ${typeof value}`;
}
