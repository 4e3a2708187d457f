import type { DataSource } from 'typeorm';
import { type LeaseConnection, leaseSource, type LeaseSource } from '../../lease-connection.interface.js';
import { loadDriver } from '../core/load-driver.js';
import { renewReplica } from '../core/replica-registry.js';
import { mysqlDialect } from './mysql.dialect.js';

/** A renewal must fail early enough for another try. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** The options of the pool that a connection needs. */
const SETTINGS = ['host', 'port', 'user', 'password', 'database', 'socketPath', 'ssl', 'connectTimeout'] as const;

type Settings = Partial<Record<(typeof SETTINGS)[number], unknown>>;

interface Connection {
  query(
    query: { sql: string; values: unknown[]; timeout: number },
    done: (error: Error | null, result: { affectedRows: number }) => void,
  ): void;
  on(event: 'error', listener: () => void): void;
  end(done: () => void): void;
  destroy(): void;
}

interface Driver {
  createConnection(settings: Settings): Connection;
}

/** MySQL and MariaDB. */
export async function connectLeases(settings: unknown): Promise<LeaseConnection> {
  return new MysqlLeases(await loadDriver<Driver>('mysql2', `storage 'mysql'`, 3), settings as Settings);
}

/** Opened on first use, and again after errors. */
class MysqlLeases implements LeaseConnection {
  #open?: Connection;

  constructor(
    private readonly driver: Driver,
    private readonly settings: Settings,
  ) {}

  async renew(replicaId: string, leaseMs: number): Promise<boolean> {
    const connection = (this.#open ??= this.#connect());
    const { text: sql, values } = renewReplica(replicaId, leaseMs).compile(mysqlDialect);
    const query = { sql, values, timeout: STATEMENT_TIMEOUT_MS };
    try {
      const { affectedRows } = await new Promise<{ affectedRows: number }>((resolve, reject) =>
        connection.query(query, (error, result) => (error ? reject(error) : resolve(result))),
      );
      return affectedRows > 0;
    } catch (error) {
      this.#drop(connection);
      throw error;
    }
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open) await new Promise<void>((resolve) => open.end(() => resolve()));
  }

  #connect(): Connection {
    const connection = this.driver.createConnection(this.settings);
    connection.on('error', () => this.#drop(connection));
    return connection;
  }

  #drop(connection: Connection): void {
    if (this.#open === connection) this.#open = undefined;
    connection.destroy();
  }
}

export function mysqlLeases(dataSource: DataSource): LeaseSource | undefined {
  const { pool } = dataSource.driver as { pool?: { config?: { connectionConfig?: Settings } } };
  const config = pool?.config?.connectionConfig;
  if (!config) return undefined;
  const settings = Object.fromEntries(
    SETTINGS.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])),
  );
  return leaseSource(new URL('./lease-connection.js', import.meta.url), settings);
}
