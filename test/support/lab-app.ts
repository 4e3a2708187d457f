import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import { LabAgent } from '../../examples/lab/lab.agent.js';
import { agentOptions } from './agent-app.js';

/** The lab as the default agent, for clients that cannot name one. */
@A2aAgent({ ...agentOptions('lab'), default: true })
export class DefaultLabAgent extends LabAgent {}
