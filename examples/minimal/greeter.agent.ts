import { A2aAgent, type AgentEvents, type RequestContext } from '../../src/index.js';

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
