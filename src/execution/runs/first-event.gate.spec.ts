import { describe, expect, it } from '@jest/globals';
import { RecordingSink } from '../../testing/agent-run.js';
import type { AgentEvent } from '../../agents/agent-executor.interface.js';
import { FirstEventGate } from './first-event.gate.js';

const IDS = { taskId: 't', contextId: 'c' };
const message: AgentEvent = { message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'hi' }] } };
const working: AgentEvent = { statusUpdate: { ...IDS, status: { state: 'TASK_STATE_WORKING' } } };
const artifact = (text: string): AgentEvent => ({
  artifactUpdate: { ...IDS, artifact: { artifactId: 'a', parts: [{ text }] } },
});

describe('FirstEventGate', () => {
  it('decides for a Message by the first event, and takes nothing after it', async () => {
    const gate = new FirstEventGate(true);
    await gate.emit(message);
    expect(await gate.decided).toEqual({ kind: 'message', ...message });
    for (const event of [working, message]) {
      await expect(gate.emit(event)).rejects.toMatchObject({ reason: 'INVALID_AGENT_RESPONSE' });
    }
  });

  it('decides for a task by the first event, and forwards all in order once there is one', async () => {
    const gate = new FirstEventGate(true);
    let accepted = 0;
    const emits = [working, artifact('1'), artifact('2')].map((event) => gate.emit(event).then(() => accepted++));
    expect(await gate.decided).toEqual({ kind: 'task' });
    expect(accepted).toBe(0);
    const sink = new RecordingSink();
    gate.forward(sink);
    await Promise.all(emits);
    await gate.emit(artifact('3'));
    expect(sink.brief).toEqual(['WORKING', '1', '2', '3']);
    await expect(gate.emit(message)).rejects.toMatchObject({ reason: 'INVALID_AGENT_RESPONSE' });
  });

  it('refuses a task to an agent that said it answers with Messages, and stays undecided', async () => {
    const gate = new FirstEventGate(false);
    await expect(gate.emit(working)).rejects.toThrow(/replies: 'message'/);
    await gate.emit(message);
    expect(await gate.decided).toEqual({ kind: 'message', ...message });
  });

  it('passes a refusal of the task on to its agent', async () => {
    const gate = new FirstEventGate(true);
    gate.forward({ emit: () => Promise.reject(new Error('too large')) });
    await expect(gate.emit(working)).rejects.toThrow('too large');
  });

  it('lets an agent know when there will be no task', async () => {
    const gate = new FirstEventGate(true);
    const waiting = gate.emit(working);
    gate.refuse(new Error('away'));
    await expect(waiting).rejects.toThrow('away');
    await expect(gate.emit(artifact('1'))).rejects.toThrow('away');
  });
});
