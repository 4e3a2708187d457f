import type { Environment } from '../configuration/environment.js';

/** A server that the service needs from the start. */
export interface NeededServer {
  /** The variable that names it. */
  readonly variable: 'DATABASE_URL' | 'REDIS_URL';
  readonly host: string;
  readonly port: number;
}

const PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'mysql:': 3306,
  'mariadb:': 3306,
  'redis:': 6379,
  'rediss:': 6379,
};

/** The servers whose address can be known from the environment. A file, a socket or several hosts are left to the driver. */
export function neededServers(env: Pick<Environment, 'DATABASE_URL' | 'REDIS_URL' | 'STORE'>): NeededServer[] {
  const variables = ['DATABASE_URL', 'REDIS_URL'] as const;
  return variables.flatMap((variable) => {
    const value = env[variable];
    // A bus of its own is not needed to start.
    if (value === undefined || (variable === 'REDIS_URL') !== (env.STORE === 'redis') || !URL.canParse(value))
      return [];
    const { protocol, hostname, port, searchParams } = new URL(value);
    const standard = PORTS[protocol];
    if (standard === undefined || hostname === '' || hostname.includes(',') || searchParams.has('host')) return [];
    return [{ variable, host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) }];
  });
}
