import { type LegalHold, MAX_HOLD_REASON } from '../../tasks/retention/legal-hold-store.interface.js';
import type { OperatorStores } from '../../tasks/stores.js';
import { audited, auditSink } from '../audit/audited.js';
import { CliError } from '../cli.error.js';
import { parseArguments } from '../parse-arguments.js';
import { STORAGE_OPTIONS, STORAGE_USAGE, withStorage } from '../with-storage.js';

const USAGE = `  hold place --owner OWNER --reason TEXT ${STORAGE_USAGE}
  hold lift --owner OWNER ${STORAGE_USAGE}
  hold list ${STORAGE_USAGE}
    Legal holds. Tasks of an owner under a hold are neither deleted nor trimmed by retention, nor erased.`;

const OPTIONS = { ...STORAGE_OPTIONS, owner: { type: 'string' }, reason: { type: 'string' } } as const;

interface Given {
  readonly owner?: string;
  readonly reason?: string;
}

const ACTIONS: Readonly<Record<string, (stores: OperatorStores, given: Given) => Promise<string>>> = {
  place,
  lift,
  list,
};

/** `nest-a2a hold`: places, lifts and lists legal holds. */
export const holdCommand = {
  usage: USAGE,
  async run([name = '', ...args]: readonly string[]): Promise<string> {
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new CliError(`Usage: nest-a2a hold place, lift or list\n\n${USAGE}`);
    const { values } = parseArguments(args, OPTIONS, { usage: USAGE });
    check(name, values);
    return withStorage(values, (stores) => action(stores, values));
  },
};

function check(name: string, { owner, reason = '' }: Given): void {
  if (name === 'list') return;
  if (!owner) throw new CliError('Say whose tasks: --owner OWNER.');
  if (name === 'lift') return;
  if (reason.trim() === '') throw new CliError('Say why: --reason TEXT.');
  if (reason.length > MAX_HOLD_REASON) {
    throw new CliError(`--reason must have at most ${MAX_HOLD_REASON} characters, but has ${reason.length}.`);
  }
}

async function place({ holds, audit }: OperatorStores, { owner = '', reason = '' }: Given): Promise<string> {
  await audited({ action: 'place-hold', subject: owner }, auditSink(audit), () => holds.place(owner, reason));
  return `The tasks of ${JSON.stringify(owner)} are held. Retention deletes none of them until you lift the hold.`;
}

async function lift({ holds, audit }: OperatorStores, { owner = '' }: Given): Promise<string> {
  await audited({ action: 'lift-hold', subject: owner }, auditSink(audit), async () => {
    if (!(await holds.lift(owner))) throw new CliError(`${JSON.stringify(owner)} is not under a hold.`);
  });
  return `The hold of ${JSON.stringify(owner)} is lifted. Retention applies again.`;
}

async function list({ holds }: OperatorStores): Promise<string> {
  const lines: string[] = [];
  for (let page = await holds.list(); page.length > 0; page = await holds.list(page.at(-1)!.owner)) {
    lines.push(...page.map(lineOf));
  }
  return lines.length === 0 ? 'There are no holds.' : lines.join('\n');
}

const lineOf = ({ owner, reason, since }: LegalHold): string => `${since}  ${JSON.stringify(owner)}  ${reason}`;
