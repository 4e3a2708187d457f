import { Inject, Optional } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import type { RequestContext } from '../../src/agents/request-context.js';
import type { TaskUpdater } from '../../src/agents/task-updater.js';
import { inputAsText } from './input-text.js';

export const PROGRESS_OPTIONS = Symbol('ProgressOptions');

export interface ProgressOptions {
  /** Time that each of the four steps takes, in ms. Default 250. */
  stepDelayMs?: number;
}

const STEPS = ['Reading the request', 'Analysing the input', 'Producing the result', 'Checking the result'];

/** Reports four steps, then hands over the input it was given: the shape of a stream, without the work. */
@A2aAgent({
  id: 'progress',
  name: 'Progress',
  description: 'Reports its progress step by step, then returns what it was given.',
  default: true,
  resumable: true,
  skills: [
    {
      id: 'process',
      name: 'Process text',
      description: 'Streams four progress messages and one artifact named processing_result.',
      tags: ['streaming', 'progress', 'example'],
      examples: ['Process this text'],
    },
  ],
})
export class ProgressAgent {
  readonly #stepDelayMs: number;

  constructor(@Optional() @Inject(PROGRESS_OPTIONS) options: ProgressOptions = {}) {
    this.#stepDelayMs = options.stepDelayMs ?? 250;
  }

  async execute({ message, signal }: RequestContext, updater: TaskUpdater): Promise<void> {
    for (const [index, step] of STEPS.entries()) {
      signal.throwIfAborted();
      await updater.startWork(`${step} (${index + 1}/${STEPS.length})`);
      // Rejects when the signal is aborted, which ends the task as the signal's reason says.
      await sleep(this.#stepDelayMs, undefined, { signal });
    }
    // A fixed id: a run that is started again replaces what the first one left.
    await updater.addArtifact(`Processed: ${inputAsText(message)}`, {
      artifactId: 'processing_result',
      name: 'processing_result',
      lastChunk: true,
    });
    await updater.complete();
  }
}
