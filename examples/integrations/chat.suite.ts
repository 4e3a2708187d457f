import type { Type } from '@nestjs/common';
import type { AgentExecutor } from 'nest-a2a';
import { type AgentHarness, type AgentHarnessOptions, createAgentHarness } from 'nest-a2a/testing';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

/** What a model of a test answers, in chunks. A question with the word `hang` gets the first one, and then nothing until it is aborted. */
export const ANSWER = ['One ', 'two ', 'three'];

/** What a model of a test was asked, and whether it was aborted. */
export class Heard {
  readonly prompts: string[] = [];
  aborted = false;

  /** The answer to a prompt of that library's own form. */
  async *answer(prompt: unknown, signal: AbortSignal | undefined): AsyncGenerator<string> {
    const text = JSON.stringify(prompt);
    this.prompts.push(text);
    const [first = '', ...rest] = ANSWER;
    yield first;
    if (text.includes('hang')) {
      await new Promise((_resolve, reject) => {
        const stop = (): void => {
          this.aborted = true;
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', stop);
        if (signal?.aborted) stop();
      });
    }
    yield* rest;
  }
}

/** `ReadableStream.from`, which TypeScript does not know yet. */
export const streamOf = <T>(items: Iterable<T> | AsyncIterable<T>): ReadableStream<T> => {
  const all = (async function* () {
    yield* items;
  })();
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await all.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await all.return()),
  });
};

/** What every agent of this folder does. `agent` is made with a model that answers by `heard`. */
export function describeChat(
  agent: Type<AgentExecutor>,
  make: (heard: Heard) => NonNullable<AgentHarnessOptions['providers']>,
): void {
  describe(agent.name, () => {
    const heard = new Heard();
    let harness: AgentHarness;
    before(async () => {
      harness = await createAgentHarness(agent, { providers: make(heard) });
    });
    after(() => harness?.close());
    const say = (text: string, contextId: string) => ({ contextId, parts: [{ text }] });

    test('streams the tokens of the model as chunks of one artifact', async () => {
      const { state, text, artifacts, events } = await harness.send(say('Count', 'tokens'));
      assert.equal(state, 'TASK_STATE_COMPLETED');
      assert.equal(text, ANSWER.join(''));
      assert.equal(artifacts.length, 1);
      assert.ok(events.filter((event) => 'artifactUpdate' in event).length >= ANSWER.length);
    });

    test('continues a conversation, for its owner only', async () => {
      await harness.send(say('My name is Ada', 'names'));
      await harness.send(say('What is my name?', 'names'));
      assert.match(heard.prompts.at(-1) ?? '', /My name is Ada.*One two three.*What is my name\?/s);
      await harness.send(say('What is my name?', 'names'), { owner: 'bob' });
      assert.doesNotMatch(heard.prompts.at(-1) ?? '', /Ada/);
    });

    test('stops the model when the task is canceled', async () => {
      const call = harness.stream(say('hang', 'canceled'));
      for await (const event of call) if ('artifactUpdate' in event) break;
      const task = await harness.cancel(call);
      assert.equal(task.status.state, 'TASK_STATE_CANCELED');
      assert.equal(heard.aborted, true);
    });
  });
}
