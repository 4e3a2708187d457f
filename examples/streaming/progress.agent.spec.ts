import { describe, expect, it } from '@jest/globals';
import { RunAborted } from '../../src/agents/agent-executor.interface.js';
import type { Part } from '../../src/protocol/model/index.js';
import { type AgentRun, agentRun } from '../../src/testing/agent-run.js';
import { ProgressAgent } from './progress.agent.js';

const messageOf = (...parts: Part[]) => ({ messageId: 'm', role: 'ROLE_USER' as const, parts });

function statusTexts({ sink }: AgentRun): (string | undefined)[] {
  return sink.events.flatMap((event) => {
    if (!('statusUpdate' in event)) return [];
    const part = event.statusUpdate.status.message?.parts[0];
    return [part && 'text' in part ? part.text : undefined];
  });
}

describe('ProgressAgent', () => {
  it('reports working four times, one artifact with the input as last chunk, then completed', async () => {
    const run = agentRun({ message: messageOf({ text: 'a text' }) });
    await new ProgressAgent({ stepDelayMs: 0 }).execute(run.context, run.updater);
    expect(run.sink.brief).toEqual(['WORKING', 'WORKING', 'WORKING', 'WORKING', 'Processed: a text', 'COMPLETED']);
    expect(statusTexts(run).map((text) => text?.slice(-5))).toEqual(['(1/4)', '(2/4)', '(3/4)', '(4/4)', undefined]);
    expect(run.sink.events[4]).toMatchObject({
      artifactUpdate: { lastChunk: true, artifact: { name: 'processing_result' } },
    });
    expect(run.sink.events[4]).not.toHaveProperty('artifactUpdate.append');
  });

  it('puts every kind of part into the result', async () => {
    const run = agentRun({
      message: messageOf(
        { text: 'see' },
        { data: { a: [1] } },
        { url: 'https://example.com/x' },
        { raw: 'QQ==', filename: 'a.txt' },
        { raw: 'QQ==' },
      ),
    });
    await new ProgressAgent({ stepDelayMs: 0 }).execute(run.context, run.updater);
    expect(run.sink.brief[4]).toBe(
      'Processed: see\n{"a":[1]}\nhttps://example.com/x\n[file a.txt]\n[file without a name]',
    );
  });

  it('stops between two steps when it is canceled, and sends nothing more', async () => {
    const run = agentRun();
    const running = new ProgressAgent({ stepDelayMs: 60_000 }).execute(run.context, run.updater);
    run.abort.abort(new RunAborted('canceled'));
    await expect(running).rejects.toMatchObject({ cause: { why: 'canceled' } });
    expect(run.sink.brief).toEqual(['WORKING']);
  });

  it('does not begin when it is canceled before', async () => {
    const run = agentRun();
    run.abort.abort(new RunAborted('canceled'));
    await expect(new ProgressAgent().execute(run.context, run.updater)).rejects.toBe(run.abort.signal.reason);
    expect(run.sink.events).toEqual([]);
  });
});
