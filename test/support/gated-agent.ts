import type { RegisteredAgent } from '../../src/agents/agent-registry.interface.js';
import { beginInterrupted, incoming, userMessage } from '../../src/testing/contracts/fixtures.js';
import { Gate } from './agent-of.js';
import type { RunBench } from './run-bench.js';

/** An agent whose turns end when their gates open, those that `asks` names with a question. */
export function gated(bench: RunBench, options: Parameters<RunBench['agent']>[1] = {}, asks: readonly string[] = []) {
  const started: string[] = [];
  const gates = new Map<string, Gate>();
  const agent = bench.agent(async ({ userText }, updater) => {
    started.push(userText);
    const gate = new Gate();
    gates.set(userText, gate);
    await gate.opened;
    if (asks.includes(userText)) await updater.requiresInput();
  }, options);
  bench.agents.set(agent.id, agent);
  const send = async (text: string, owner = bench.caller) => {
    const result = await bench.starter.start(agent, { message: userMessage(text) }, text, owner);
    if (result.kind === 'duplicate') throw new Error('known');
    return { kind: result.kind, taskId: result.task.id };
  };
  const end = (text: string): void => gates.get(text)?.open();
  return { agent, started, send, end };
}

/** A task that waits for its client, with a message for which a turn is to be started. */
export async function follow(
  bench: RunBench,
  agent: RegisteredAgent,
  text: string,
  owner = bench.caller,
): Promise<string> {
  const context = { ...owner, agent: agent.id };
  const { run } = await beginInterrupted(bench.stores, context);
  await bench.stores.inbox.put(context, run.taskId, incoming(text), text, 10);
  await bench.followUps.start(agent, context, run.taskId);
  return run.taskId;
}
