import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CliError } from './cli.error.js';

type Options = NonNullable<ParseArgsConfig['options']>;

type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: boolean }>>;

/** The options and positionals of a command. @throws CliError with the usage, for what the command does not know. */
export function parseArguments<const O extends Options>(
  args: readonly string[],
  options: O,
  { usage, allowPositionals = false }: { readonly usage: string; readonly allowPositionals?: boolean },
): Parsed<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals });
  } catch (error) {
    throw new CliError(`${(error as Error).message}\n\n${usage}`);
  }
}
