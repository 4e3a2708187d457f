// The entry point nest-a2a/testing. It needs no test runner.
export { agentRun, RecordingSink, type AgentRun } from './agent-run.js';
export type { RequestContextFields } from '../agents/request-context.js';
