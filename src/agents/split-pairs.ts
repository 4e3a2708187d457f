import type { Part, TaskArtifactUpdateEvent } from '../protocol/model/index.js';
import type { AgentEvent } from './agent-executor.interface.js';

const REPLACEMENT = '\uFFFD';

interface Half {
  readonly text: string;
  readonly taskId: string;
  readonly contextId: string;
}

/**
 * Joins characters that are split across text chunks of an artifact: language models stream tokens, and a token may end in the
 * middle of an emoji. The first half waits for the chunk with the second one. A half that stays alone becomes U+FFFD.
 */
export class SplitPairs {
  /** By artifact. */
  readonly #halves = new Map<string, Half>();

  /** The event to send; undefined: it contained only half of a character. */
  join(event: AgentEvent): AgentEvent | undefined {
    if (!('artifactUpdate' in event)) return event;
    const update = event.artifactUpdate;
    const { artifactId } = update.artifact;
    const before = this.#halves.get(artifactId);
    const isCut = update.lastChunk !== true && endsInHalf(update.artifact.parts);
    if (before === undefined && !isCut) return event;
    this.#halves.delete(artifactId);
    let parts = before && update.append ? behind(before.text, update.artifact.parts) : update.artifact.parts;
    if (isCut) parts = this.#hold(update, parts);
    if (parts.length === 0 && update.append) return undefined;
    return { artifactUpdate: { ...update, artifact: { ...update.artifact, parts } } };
  }

  /** Halves whose other half did not arrive, as chunks to send. */
  rest(): AgentEvent[] {
    const chunks: AgentEvent[] = [];
    for (const [artifactId, { taskId, contextId }] of this.#halves) {
      const artifact = { artifactId, parts: [{ text: REPLACEMENT }] };
      chunks.push({ artifactUpdate: { taskId, contextId, artifact, append: true } });
    }
    this.#halves.clear();
    return chunks;
  }

  /** The parts without a trailing half. An artifact that starts with one starts empty. */
  #hold({ taskId, contextId, artifact, append }: TaskArtifactUpdateEvent, parts: readonly Part[]): Part[] {
    const last = parts.at(-1);
    const text = last && 'text' in last ? last.text : '';
    this.#halves.set(artifact.artifactId, { text: text.slice(-1), taskId, contextId });
    const others = parts.slice(0, -1);
    const kept = { ...(last as Part), text: text.slice(0, -1) } as Part;
    return text.length > 1 || (others.length === 0 && !append) ? [...others, kept] : others;
  }
}

/** A half without its other half becomes U+FFFD. */
function behind(half: string, parts: readonly Part[]): Part[] {
  const [first, ...others] = parts;
  if (first && 'text' in first && /^[\uDC00-\uDFFF]/.test(first.text))
    return [{ ...first, text: half + first.text }, ...others];
  return [{ text: REPLACEMENT }, ...parts];
}

function endsInHalf(parts: readonly Part[]): boolean {
  const last = parts.at(-1);
  return last !== undefined && 'text' in last && typeof last.text === 'string' && /[\uD800-\uDBFF]$/.test(last.text);
}
