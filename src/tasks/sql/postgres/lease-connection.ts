import type pg from 'pg';
import { type LeaseConnection, leaseSource, type LeaseSource } from '../../lease-connection.interface.js';
import { LeaseWriter } from './lease-writer.js';

/** Options of a pool that a single connection in another thread cannot use. */
const LEFT_OUT = ['Client', 'Promise', 'log', 'verify', 'types'];

export function connectLeases(settings: unknown): LeaseConnection {
  return new LeaseWriter(settings as pg.PoolConfig);
}

/** Includes the credentials of the pool, which hides its password and its key from copies of its options. */
export function postgresLeases(options: pg.PoolConfig): LeaseSource | undefined {
  const { password, ssl } = options;
  const plain = Object.entries(options).filter(([name]) => !LEFT_OUT.includes(name));
  const secrets = {
    ...(password !== undefined && { password }),
    ...(typeof ssl === 'object' && { ssl: { ...ssl, ...(ssl.key !== undefined && { key: ssl.key }) } }),
  };
  return leaseSource(new URL('./lease-connection.js', import.meta.url), { ...Object.fromEntries(plain), ...secrets });
}
