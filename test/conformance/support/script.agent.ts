import type { RequestContext } from '../../../src/agents/request-context.js';
import type { TaskUpdater } from '../../../src/agents/task-updater.js';
import type { A2aAgentOptions } from '../../../src/agents/agent-options.js';
import { LabAgent } from '../../../examples/lab/lab.agent.js';
import { agentOf, Gate } from '../../support/agent-of.js';

const lab = new LabAgent();

/** What it was told, as JSON in an artifact. */
const TOLD: Readonly<Record<string, (context: RequestContext) => unknown>> = {
  references: ({ referencedTasks }) => referencedTasks.map(({ id }) => id),
  modes: ({ configuration }) => configuration.acceptedOutputModes ?? null,
  extensions: ({ caller }) => caller.requestedExtensions,
  version: ({ caller }) => caller.protocolVersion,
  tenant: ({ caller }) => caller.tenant,
  'context key': ({ contextKey }) => contextKey,
};

async function execute(context: RequestContext, updater: TaskUpdater, gate: Gate): Promise<void> {
  const { userText } = context;
  if (userText.startsWith('message ')) return updater.reply(userText.slice(8));
  if (userText === 'wait') {
    await updater.startWork();
    await gate.opened;
    return updater.complete();
  }
  const told = TOLD[userText];
  if (!told) return lab.execute(context, updater);
  await updater.addArtifact(JSON.stringify(told(context)));
  await updater.complete();
}

/** The default agent of the suites: the commands of the lab, `message TEXT`, `wait` for the gate, and what an agent is told. */
export const scriptAgent = (options: Partial<A2aAgentOptions> = {}, gate = new Gate()) =>
  agentOf((context, updater) => execute(context, updater, gate), {
    replies: 'either',
    inputModes: ['text/plain', 'application/json'],
    ...options,
  });
