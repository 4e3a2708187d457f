import { MissingPackageError } from '../../common/load-optional.js';
import { AuthenticationBootError } from '../../security/authentication/authentication-boot.error.js';
import { DatabaseDriverError } from '../../tasks/sql/core/load-driver.js';
import { PendingMigrationsError } from '../../tasks/sql/migrations/check-migrations.js';
import { GrpcBootError } from '../../transports/grpc/grpc-boot.error.js';
import { ConfigurationError } from '../configuration/configuration.error.js';
import { EmbeddedPostgresError } from '../embedded-postgres/embedded-postgres.error.js';
import { UnreachableServerError } from './until-reachable.js';

/** Their messages say what to do. */
const TELLING = [
  AuthenticationBootError,
  ConfigurationError,
  DatabaseDriverError,
  EmbeddedPostgresError,
  GrpcBootError,
  MissingPackageError,
  PendingMigrationsError,
  UnreachableServerError,
];

interface SystemError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
}

/** Where the service wanted to listen. */
export interface Listening {
  readonly HOST: string;
  readonly PORT: number;
  /** What the names of the two variables begin with: 'ADMIN_'. Default ''. */
  readonly prefix?: string;
}

/** What a failed start says, in one line and without a stack; undefined for an error that nobody expected. */
export function bootFailure(error: unknown, { HOST, PORT, prefix = '' }: Listening): string | undefined {
  if (TELLING.some((type) => error instanceof type)) return (error as Error).message;
  const { code, syscall, message } = Object(error) as SystemError;
  if (syscall === 'listen' || syscall === 'bind') {
    switch (code) {
      case 'EADDRINUSE':
        return `Port ${PORT} of ${HOST} is taken. End the process that listens there, or use another port: ${prefix}PORT=${PORT + 1} npm start`;
      case 'EACCES':
        return `Port ${PORT} of ${HOST} may not be used by this user. Use one from 1024 on: ${prefix}PORT=3000 npm start`;
      case 'EADDRNOTAVAIL':
        return `${prefix}HOST ${HOST} is no address of this machine. Set ${prefix}HOST to one of them, such as 127.0.0.1.`;
    }
  }
  const refusal = REFUSALS[String(code)];
  return refusal === undefined
    ? undefined
    : `${refusal} DATABASE_URL must be right. The database says: ${String(message)}`;
}

/** States of Postgres, and errors of MySQL and MariaDB. */
const REFUSALS: Readonly<Record<string, string>> = {
  '28P01': 'The database refuses the user or the password.',
  '28000': 'The database refuses the user.',
  '3D000': 'The database does not exist: create it.',
  ER_ACCESS_DENIED_ERROR: 'The database refuses the user or the password.',
  ER_DBACCESS_DENIED_ERROR: 'The user has no access to the database.',
  ER_BAD_DB_ERROR: 'The database does not exist: create it.',
};
