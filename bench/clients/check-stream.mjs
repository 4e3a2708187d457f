import assert from 'node:assert/strict';
import { built } from '../support/paths.mjs';

const { labChunk } = await import(built('examples/lab/lab-chunk.js'));

/**
 * Checks the events of a `stream CHUNKS BYTES` one after the other: each chunk is there once, whole and in its place,
 * between a Task at the beginning and COMPLETED at the end. `numbered`: each has an id, 1, 2, 3 ….
 */
export class StreamCheck {
  #frames = 0;
  #chunks = 0;
  #task;
  #completed = false;

  constructor({ chunks, bytes, numbered }) {
    this.expected = { chunks, bytes, numbered };
  }

  frame(id, data) {
    this.#frames++;
    if (this.expected.numbered) assert.equal(id, String(this.#frames), 'an event is missing or repeated');
    const { result, error } = JSON.parse(data);
    assert.equal(error, undefined);
    assert.equal(this.#completed, false, 'an event after the end');
    if (result.task) return this.#first(result.task);
    const update = result.artifactUpdate ?? result.statusUpdate;
    assert.equal(update.taskId, this.#task, 'an event of another task, or before the Task');
    if (result.artifactUpdate) this.#chunk(result.artifactUpdate);
    else this.#completed = update.status.state === 'TASK_STATE_COMPLETED';
  }

  #first(task) {
    assert.equal(this.#frames, 1, 'a Task in the middle');
    this.#task = task.id;
  }

  #chunk({ artifact, append = false }) {
    assert.equal(artifact.parts[0].text, labChunk(this.#chunks, this.expected.bytes), `chunk ${this.#chunks}`);
    assert.equal(append, this.#chunks > 0);
    this.#chunks++;
  }

  end() {
    assert.equal(this.#chunks, this.expected.chunks, 'the number of chunks');
    assert.equal(this.#completed, true, 'the stream ended before the task was completed');
    return this.#task;
  }
}
