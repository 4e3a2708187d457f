// The entry point nest-a2a/testing. It needs no test runner.
export { A2aTestingModule } from './a2a-testing.module.js';
export { agentRun, RecordingSink, type AgentRun } from './agent-run.js';
export type { AgentAnswer } from './harness/agent-answer.js';
export type { AgentCall } from './harness/agent-call.js';
export { type AgentHarness, type AgentRef, type CallerInTest, harnessOf } from './harness/agent-harness.js';
export { createAgentHarness, type AgentHarnessOptions } from './harness/create-agent-harness.js';
export type { ManualClock } from './harness/manual-clock.js';
export type { StateName } from './harness/event-facts.js';
export type { AgentMessage } from './harness/agent-message.js';
export { a2aMatchers, type A2aMatchers, type MatcherResult } from './matchers/index.js';
export type { LazySignal, RequestContextFields, RequestContextForTest } from '../agents/request-context.js';
