#!/usr/bin/env node
import { auditCommand } from './audit/audit.command.js';
import { CliError } from './cli.error.js';
import { deliveriesCommand } from './deliveries/deliveries.command.js';
import { eraseCommand } from './erase/erase.command.js';
import { holdCommand } from './hold/hold.command.js';
import { keysCommand } from './keys/keys.command.js';
import { migrationsCommand } from './migrations/migrations.command.js';

/** The commands of `npx nest-a2a`. */
const COMMANDS: Readonly<Record<string, { readonly usage: string; run(args: readonly string[]): Promise<string> }>> = {
  audit: auditCommand,
  keys: keysCommand,
  migrations: migrationsCommand,
  deliveries: deliveriesCommand,
  erase: eraseCommand,
  hold: holdCommand,
};

const usage = (): string =>
  `Usage: nest-a2a <command>\n\n${Object.values(COMMANDS)
    .map((command) => command.usage)
    .join('\n')}`;

async function main([name = '', ...args]: readonly string[]): Promise<string> {
  if (['', 'help', '--help', '-h'].includes(name)) return usage();
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new CliError(`There is no command '${name}'.\n\n${usage()}`);
  return command.run(args);
}

try {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
