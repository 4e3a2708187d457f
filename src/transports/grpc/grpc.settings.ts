import { isIPv6 } from 'node:net';
import { definedOptions } from '../../common/number-options.js';
import {
  MAX_TIMER_MS,
  type NumberRange,
  unknownOptionProblem,
  wholeNumberProblem,
} from '../../common/option-problems.js';
import { GrpcBootError } from './grpc-boot.error.js';
import { GRPC_DEFAULTS, type GrpcOptions, type GrpcSettings } from './grpc.options.js';

export const GRPC_RANGES = {
  port: [0, 65_535],
  maxMessageBytes: [1, 512 * 1024 * 1024],
  keepAliveMs: [100, MAX_TIMER_MS],
  keepAliveTimeoutMs: [100, MAX_TIMER_MS],
  maxStreamsPerConnection: [1, 2 ** 31 - 1],
  shutdownGraceMs: [0, MAX_TIMER_MS],
} as const satisfies Partial<Record<keyof GrpcOptions, NumberRange>>;

/** All options there are. */
export const GRPC_OPTION_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(GRPC_RANGES),
  'host',
  'authenticate',
  'tls',
  'publicAddress',
  'cardUrlScheme',
  'channelOptions',
]);

/** Fills in the defaults; undefined stays undefined: no gRPC. Throws GrpcBootError naming the option that makes no sense. */
export function grpcSettings(given: GrpcOptions | undefined): GrpcSettings | undefined {
  if (given === undefined) return undefined;
  const set = definedOptions(given);
  const settings = { ...GRPC_DEFAULTS, ...set } as GrpcSettings;
  refuse(unknownOptionProblem(set, [...GRPC_OPTION_NAMES], 'grpc'));
  for (const [name, range] of Object.entries(GRPC_RANGES)) {
    refuse(wholeNumberProblem(settings[name as keyof typeof GRPC_RANGES], range, `grpc.${name}`));
  }
  if (typeof settings.host !== 'string' || settings.host === '')
    throw new GrpcBootError(`grpc.host must be an IP address or a host name, but is '${String(settings.host)}'.`);
  if (settings.authenticate !== 'anonymous' && typeof settings.authenticate !== 'function') {
    throw new GrpcBootError(
      "grpc.authenticate is missing: Nest's guards do not run for gRPC, so it must say who calls. Give a function that returns " +
        "the principal of a call and throws for others, or 'anonymous' to let everybody in who can reach the port.",
    );
  }
  if (settings.publicAddress !== undefined && !isAddress(settings.publicAddress)) {
    throw new GrpcBootError(
      `grpc.publicAddress must be like agents.example.com:443, a host and a port and no more, but is '${String(settings.publicAddress)}'.`,
    );
  }
  if (![undefined, 'http', 'https'].includes(settings.cardUrlScheme))
    throw new GrpcBootError(
      `grpc.cardUrlScheme must be 'http' or 'https', but is '${String(settings.cardUrlScheme)}'.`,
    );
  return settings;
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new GrpcBootError(problem);
}

/** `host:port`; the host of IPv6 in brackets. */
export function isAddress(text: unknown): boolean {
  const [, bracketed, host, port] =
    /^(?:\[([^\]]+)\]|([a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?)):(\d{1,5})$/i.exec(String(text)) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) return false;
  return bracketed === undefined ? host !== undefined : isIPv6(bracketed);
}

/** An address and a port as one text. */
export const hostAndPort = (host: string, port: number): string =>
  isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
