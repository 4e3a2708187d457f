import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import type { AgentExecutor } from '../../src/agents/agent-executor.interface.js';
import type { A2aAgentOptions } from '../../src/agents/agent-options.js';

type Body = Pick<AgentExecutor, 'execute' | 'cancel'>;

/** A provider class of an agent that does what a test says. The default agent of its application. */
export function agentOf(
  execute: Body['execute'],
  { cancel, ...options }: Partial<A2aAgentOptions> & Pick<Body, 'cancel'> = {},
) {
  const skills = [{ id: 'test', name: 'Test', description: 'What the test says', tags: ['test'] }];
  @A2aAgent({ id: 'test', description: 'An agent of a test', skills, default: true, ...options })
  class TestAgent implements AgentExecutor {
    execute = execute;
    cancel = cancel;
  }
  return TestAgent;
}

/** Something a test waits for, and an agent fires, or the other way round. */
export class Gate {
  #open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.#open = resolve));

  open(): void {
    this.#open();
  }
}
