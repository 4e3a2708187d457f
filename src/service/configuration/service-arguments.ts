import { parseArgs } from 'node:util';
import { ConfigurationError } from './configuration.error.js';

/** The cards that the conformance agent can have; the first is the default. */
export const CONFORMANCE_CARDS = ['all-on', 'all-off', 'required-extension'] as const;
export type ConformanceCard = (typeof CONFORMANCE_CARDS)[number];

export const CONFORMANCE_SUITES = ['1.0', '0.3'] as const;
export type ConformanceSuite = (typeof CONFORMANCE_SUITES)[number];

export interface ConformanceArguments {
  readonly card: ConformanceCard;
  /** Version of the card that requests without a version get. Default: one card for both versions. */
  readonly suite?: ConformanceSuite;
}

/** The command line arguments of the service. */
export interface ServiceArguments {
  /** `--lab`: also serves the agent `lab`. */
  readonly lab: boolean;
  /** `--conformance`, with `--card=…` and `--suite=…`: serves only the agent of the conformance suites. */
  readonly conformance?: ConformanceArguments;
}

/** Throws ConfigurationError for unknown arguments. */
export function serviceArguments(args: readonly string[] = process.argv.slice(2)): ServiceArguments {
  const { lab = false, conformance = false, ...given } = parsed(args);
  const [stray] = Object.keys(given);
  if (!conformance && stray !== undefined) throw new ConfigurationError([`--${stray} needs --conformance.`]);
  if (!conformance) return { lab };
  const card = choice('card', CONFORMANCE_CARDS, given.card) ?? CONFORMANCE_CARDS[0];
  const suite = choice('suite', CONFORMANCE_SUITES, given.suite);
  return { lab, conformance: { card, ...(suite && { suite }) } };
}

function choice<T extends string>(name: string, choices: readonly T[], given: string | undefined): T | undefined {
  if (given === undefined) return undefined;
  const chosen = choices.find((known) => known === given);
  if (chosen !== undefined) return chosen;
  const shown = JSON.stringify(given.slice(0, 100));
  const example = `--${name}=${choices.at(-1)}`;
  throw new ConfigurationError([`--${name} must be one of ${choices.join(', ')}; it is ${shown}. Example: ${example}`]);
}

function parsed(args: readonly string[]) {
  const [flag, text] = [{ type: 'boolean' }, { type: 'string' }] as const;
  try {
    return parseArgs({ args: [...args], options: { lab: flag, conformance: flag, card: text, suite: text } }).values;
  } catch (error) {
    throw new ConfigurationError([error instanceof Error ? error.message : String(error)]);
  }
}
