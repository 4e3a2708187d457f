import { afterEach, describe, expect, it } from '@jest/globals';
import { RunAborted } from '../../src/index.js';
import { a2aMatchers, type AgentHarness, agentRun, createAgentHarness } from '../../src/testing/index.js';
import { PROGRESS_OPTIONS, ProgressAgent } from './progress.agent.js';

expect.extend(a2aMatchers);

describe('ProgressAgent', () => {
  let harness: AgentHarness | undefined;
  afterEach(() => harness?.close());

  const start = async (stepDelayMs: number): Promise<AgentHarness> =>
    (harness = await createAgentHarness(ProgressAgent, {
      providers: [{ provide: PROGRESS_OPTIONS, useValue: { stepDelayMs } }],
    }));

  it('reports working four times, one artifact with the input as last chunk, then completed', async () => {
    const answer = await (await start(0)).send('a text');
    expect(answer).toHaveTaskState('COMPLETED');
    expect(answer).toHaveArtifactText('Processed: a text', 'processing_result');
    const texts = answer.events.flatMap((event) =>
      'statusUpdate' in event ? (event.statusUpdate.status.message?.parts ?? []) : [],
    );
    expect(texts.map((part) => 'text' in part && part.text.slice(-5))).toEqual(['(1/4)', '(2/4)', '(3/4)', '(4/4)']);
    expect(answer.events.at(-2)).toMatchObject({ artifactUpdate: { lastChunk: true } });
    expect(answer.events.at(-2)).not.toHaveProperty('artifactUpdate.append');
  });

  it('puts every kind of part into the result', async () => {
    const answer = await (
      await start(0)
    ).send({
      parts: [
        { text: 'see' },
        { data: { a: [1] } },
        { url: 'https://example.com/x' },
        { raw: 'QQ==', filename: 'a.txt' },
        { raw: 'QQ==' },
      ],
    });
    expect(answer.text).toBe('Processed: see\n{"a":[1]}\nhttps://example.com/x\n[file a.txt]\n[file without a name]');
  });

  it('stops between two steps when it is canceled, and sends nothing more', async () => {
    const call = (await start(60_000)).stream('a text');
    await call.until('WORKING');
    await harness?.cancel(call);
    const answer = await call.done;
    expect(answer).toHaveTaskState('CANCELED');
    expect(answer.events.map((event) => Object.keys(event)[0])).toEqual(['task', 'statusUpdate', 'statusUpdate']);
  });

  it('does not begin when it is canceled before', async () => {
    const run = agentRun();
    run.abort.abort(new RunAborted('canceled'));
    await expect(new ProgressAgent().execute(run.context, run.updater)).rejects.toBe(run.abort.signal.reason);
    expect(run.sink.events).toEqual([]);
  });
});
