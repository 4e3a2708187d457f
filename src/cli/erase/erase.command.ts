import { eraseOwner } from '../../tasks/retention/erase-owner.js';
import { audited, auditSink } from '../audit/audited.js';
import { CliError } from '../cli.error.js';
import { parseArguments } from '../parse-arguments.js';
import { STORAGE_OPTIONS, STORAGE_USAGE, withStorage } from '../with-storage.js';

const USAGE = `  erase --owner OWNER [--tenant TENANT] --yes ${STORAGE_USAGE}
    Deletes all tasks of OWNER, in all tenants or in one, with everything that belongs to them. Without --yes it says how many there are.`;

const OPTIONS = {
  ...STORAGE_OPTIONS,
  owner: { type: 'string' },
  tenant: { type: 'string' },
  yes: { type: 'boolean' },
} as const;

/** `nest-a2a erase`: deletes the data of a person, and checks that it is gone. Exit code 1 if some of it is still there. */
export const eraseCommand = {
  usage: USAGE,
  async run(args: readonly string[]): Promise<string> {
    const { values } = parseArguments(args, OPTIONS, { usage: USAGE });
    const { owner, tenant } = values;
    if (!owner) throw new CliError(`Say whose data: --owner OWNER.\n\n${USAGE}`);
    const whose = `${JSON.stringify(owner)}${tenant === undefined ? '' : ` in tenant ${JSON.stringify(tenant)}`}`;
    return withStorage(values, async (stores) => {
      if (!values.yes) {
        const { rows, next } = await stores.admin.tasks(
          { owner, ...(tenant !== undefined && { tenant }) },
          { limit: 200 },
        );
        const count = `${next === undefined ? '' : 'more than '}${rows.length} tasks`;
        throw new CliError(`${whose} has ${count}. To delete them with all that belongs to them, add --yes.`);
      }
      const which = { owner, ...(tenant !== undefined && { tenant }) };
      const act = { action: 'erase-owner', subject: owner, ...(tenant !== undefined && { tenant }) };
      const { remaining, ...erased } = await audited(act, auditSink(stores.audit), () => eraseOwner(stores, which));
      const { tasks, events, bytes, webhooks } = erased;
      const said = `Deleted of ${whose}: ${tasks} tasks, ${events} events, ${bytes} bytes, ${webhooks} webhooks.`;
      if (remaining > 0) {
        throw new CliError(
          `${said}\n${remaining} tasks are there again: the owner created them meanwhile. Refuse the owner's calls and repeat the command.`,
        );
      }
      return `${said}\nThe storage was searched again: it has no task of ${whose}.`;
    });
  },
};
