import { parseArgs } from 'node:util';
import { ConfigurationError } from './configuration.error.js';

/** The cards that the agent of the conformance suites can have; the first is the default. */
export const CONFORMANCE_CARDS = ['all-on', 'all-off', 'required-extension'] as const;
export type ConformanceCard = (typeof CONFORMANCE_CARDS)[number];

/** What the service is told on its command line. */
export interface ServiceArguments {
  /** `--lab`: the agent `lab` is served too. */
  readonly lab: boolean;
  /** `--conformance`, with `--card=…`: nothing but the agent of the conformance suites is served, with this card. */
  readonly conformance?: ConformanceCard;
}

const isCard = (name: string): name is ConformanceCard => CONFORMANCE_CARDS.some((card) => card === name);

/** Throws ConfigurationError for arguments that there are not. */
export function serviceArguments(args: readonly string[] = process.argv.slice(2)): ServiceArguments {
  const { lab = false, conformance = false, card } = parsed(args);
  if (card !== undefined && !conformance) throw new ConfigurationError(['--card needs --conformance.']);
  if (!conformance) return { lab };
  const chosen = card ?? CONFORMANCE_CARDS[0];
  if (isCard(chosen)) return { lab, conformance: chosen };
  const shown = JSON.stringify(card?.slice(0, 100));
  const problem = `--card must be one of ${CONFORMANCE_CARDS.join(', ')}; it is ${shown}. Example: --card=all-off`;
  throw new ConfigurationError([problem]);
}

function parsed(args: readonly string[]) {
  try {
    const options = { lab: { type: 'boolean' }, conformance: { type: 'boolean' }, card: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ConfigurationError([error instanceof Error ? error.message : String(error)]);
  }
}
