import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '../src/protocol/model/index.js';
import { startLab } from './support/lab.program.js';
import type { Program } from './support/program.js';
import { RpcClient, textMessage, V10 } from './support/rpc.client.js';
import { until } from '../src/testing/contracts/until.js';

describe('an error that nobody catches', () => {
  let service: Program;
  let lab: RpcClient;
  beforeAll(async () => {
    service = await startLab([]);
    lab = new RpcClient(new URL('/agents/lab', service.url).href, V10);
  });
  afterAll(() => service.stop());

  it.each(['stray', 'timer'])('fails the task of the agent that left it (%s), and nothing else', async (command) => {
    const other = lab.result<{ task: Task }>('SendMessage', { message: textMessage('sleep 500') });
    const { task } = await lab.result<{ task: Task }>('SendMessage', { message: textMessage(command) });
    expect(task.status).toMatchObject({ state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'AGENT_ERROR' } } });
    expect((await other).task.status.state).toBe('TASK_STATE_COMPLETED');
    await until(() => service.output.includes("Agent 'lab' failed on task"));
  });
});

describe('an error of no agent that nobody catches', () => {
  it('is logged, and the process drains and ends with code 1', async () => {
    const thrower = `data:text/javascript,${encodeURIComponent(
      "process.once('SIGUSR2', () => setTimeout(() => { throw new Error('of nobody'); }));",
    )}`;
    const service = await startLab(['--import', thrower]);
    const lab = new RpcClient(new URL('/agents/lab', service.url).href, V10);
    const running = lab.result<{ task: Task }>('SendMessage', { message: textMessage('sleep 1000') });
    await lab.result('ListTasks', {});
    const code = await service.stop('SIGUSR2');
    expect(code).toBe(1);
    expect((await running).task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(service.output).toContain('An error was not caught. This process is shutting down.');
    expect(service.output).toContain('of nobody');
  });
});
