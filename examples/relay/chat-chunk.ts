import { RelayError } from './relay.error.js';

/** What a relay needs of a `chat.completion.chunk`. */
export interface ChatChunk {
  readonly text: string;
  readonly finishReason?: string;
}

/** Reads the data of an event. @throws RelayError when it is no chunk, or the API reports an error in the middle. */
export function readChatChunk(data: string): ChatChunk {
  const chunk = objectOf(parse(data));
  if (!chunk) throw malformed(data);
  if (chunk.error !== undefined && chunk.error !== null) {
    throw new RelayError('UPSTREAM_FAILED', "The model's API reported an error in the middle of its answer.", data);
  }
  if (!Array.isArray(chunk.choices)) throw malformed(data);
  // Without choices it carries the usage only.
  if (chunk.choices.length === 0) return { text: '' };
  const choice = objectOf(chunk.choices[0]);
  if (!choice) throw malformed(data);
  const content = objectOf(choice.delta)?.content ?? '';
  if (typeof content !== 'string') throw malformed(data);
  return { text: content, ...(typeof choice.finish_reason === 'string' && { finishReason: choice.finish_reason }) };
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    throw malformed(data);
  }
}

const objectOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

const malformed = (data: string): RelayError =>
  new RelayError('UPSTREAM_MALFORMED', "The model's API sent something that is no chunk of a chat completion.", data);
