import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import type { AgentEvents } from '../../src/agents/agent-event-draft.js';
import type { RequestContext } from '../../src/agents/request-context.js';

@A2aAgent({
  id: 'greeter',
  description: 'Greets, one word at a time.',
  skills: [{ id: 'greet', name: 'Greet', description: 'Says hello.', tags: ['demo'] }],
})
export class GreeterAgent {
  async *execute({ userText }: RequestContext): AgentEvents {
    yield 'Hello, ';
    yield `${userText}!`;
  }
}
