import type { AdminDeliveryRow } from '../../tasks/admin/admin-rows.js';
import type { AdminDeliveryFilter } from '../../tasks/admin/admin-store.interface.js';
import type { OperatorStores } from '../../tasks/stores.js';
import { audited, auditSink } from '../audit/audited.js';
import { CliError } from '../cli.error.js';
import { parseArguments } from '../parse-arguments.js';
import { STORAGE_OPTIONS, STORAGE_USAGE, withStorage } from '../with-storage.js';
import { deliveriesTable, deliveryText } from './delivery-text.js';

const USAGE = `  deliveries list [--task TASK] [--webhook ID] [--owed] [--limit N] ${STORAGE_USAGE}
  deliveries show ID ${STORAGE_USAGE}
  deliveries redrive ID... | --task TASK [--webhook ID] ${STORAGE_USAGE}
  deliveries drop ID... | --task TASK [--webhook ID] ${STORAGE_USAGE}
    Dead letters of webhooks, newest first; with --owed the notifications that are still owed. redrive makes them due again and enables
    their webhook; drop deletes them.`;

const OPTIONS = {
  ...STORAGE_OPTIONS,
  task: { type: 'string' },
  webhook: { type: 'string' },
  owed: { type: 'boolean' },
  limit: { type: 'string' },
} as const;

const PAGE = 200;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000_000;

interface Given {
  readonly ids: readonly string[];
  readonly filter: AdminDeliveryFilter;
  readonly limit: number;
}

type Action = (stores: OperatorStores, given: Given) => Promise<string>;

const ACTIONS: Readonly<Record<string, Action>> = {
  list,
  show,
  redrive: (stores, given) => act(stores, given, 'redrive'),
  drop: (stores, given) => act(stores, given, 'drop'),
};

/** `nest-a2a deliveries`: shows, redrives and drops dead letters of webhooks. */
export const deliveriesCommand = {
  usage: USAGE,
  async run([name = '', ...args]: readonly string[]): Promise<string> {
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new CliError(`Usage: nest-a2a deliveries list, show, redrive or drop\n\n${USAGE}`);
    const { values, positionals } = parseArguments(args, OPTIONS, { usage: USAGE, allowPositionals: name !== 'list' });
    const { task, webhook, owed, limit } = values;
    const named = positionals.length + (task === undefined ? 0 : 1);
    if (name === 'show' && positionals.length !== 1) throw new CliError(`Say which: its id.\n\n${USAGE}`);
    if (['redrive', 'drop'].includes(name) && (named === 0 || (positionals.length > 0 && task !== undefined)))
      throw new CliError(`Say which: their ids, or --task TASK.\n\n${USAGE}`);
    const filter = {
      ...(task !== undefined && { taskId: task }),
      ...(webhook !== undefined && { configId: webhook }),
      state: owed ? ('owed' as const) : ('dead' as const),
    };
    return withStorage(values, (stores) => action(stores, { ids: positionals, filter, limit: limitOf(limit) }));
  },
};

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new CliError(`--limit must be a number from 1 to ${MAX_LIMIT}.`);
  return limit;
}

async function list(stores: OperatorStores, { filter, limit }: Given): Promise<string> {
  const rows: AdminDeliveryRow[] = [];
  for await (const row of matching(stores, filter)) {
    rows.push(row);
    if (rows.length > limit) break;
  }
  if (rows.length === 0) return filter.state === 'owed' ? 'Nothing is owed.' : 'There are no dead letters.';
  const more = rows.length > limit ? '\nThere are more: see --limit.' : '';
  return `${deliveriesTable(rows.slice(0, limit))}${more}`;
}

async function show(stores: OperatorStores, { ids: [id = ''] }: Given): Promise<string> {
  const [row] = (await stores.admin.deliveries({ id })).rows;
  if (!row) throw new CliError(`There is no delivery ${JSON.stringify(id)}.`);
  return deliveryText(row);
}

const DONE = { redrive: 'due again', drop: 'deleted' };

/** One record of the audit trail for each. What is not there is named, and does not stop the others. */
async function act(stores: OperatorStores, { ids, filter }: Given, name: 'redrive' | 'drop'): Promise<string> {
  const missing: string[] = [];
  let done = 0;
  for (const { id, taskId } of ids.length > 0 ? await named(stores, ids) : await all(stores, filter)) {
    const work = async (): Promise<void> => {
      if (!(await stores.admin[name](id))) throw new CliError(id);
    };
    try {
      await audited(
        { action: `${name}-delivery`, ...(taskId !== undefined && { taskId }) },
        auditSink(stores.audit),
        work,
      );
      done++;
    } catch (error) {
      if (!(error instanceof CliError) || error.message !== id) throw error;
      missing.push(JSON.stringify(id));
    }
  }
  const said = `${done} dead letters are ${DONE[name]}.`;
  if (missing.length > 0) throw new CliError(`${said}\nThere is no dead letter ${missing.join(', ')}.`);
  return said;
}

type Named = Pick<AdminDeliveryRow, 'id'> & Partial<Pick<AdminDeliveryRow, 'taskId'>>;

async function named({ admin }: OperatorStores, ids: readonly string[]): Promise<Named[]> {
  const found: Named[] = [];
  for (const id of new Set(ids)) found.push((await admin.deliveries({ id })).rows[0] ?? { id });
  return found;
}

/** All before the first is changed: a change moves them between the pages. */
async function all(stores: OperatorStores, filter: AdminDeliveryFilter): Promise<Named[]> {
  const found: Named[] = [];
  for await (const row of matching(stores, { ...filter, state: 'dead' })) found.push(row);
  // Oldest first: a webhook gets them in the order of their events anyway.
  return found.reverse();
}

async function* matching({ admin }: OperatorStores, filter: AdminDeliveryFilter): AsyncGenerator<AdminDeliveryRow> {
  let cursor: string | undefined;
  do {
    const page = await admin.deliveries(filter, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    yield* page.rows;
    cursor = page.next;
  } while (cursor !== undefined);
}
