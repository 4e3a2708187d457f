import { RelayError } from './relay.error.js';

/** Characters of one event; an API that sends more is not speaking this protocol. */
const MAX_EVENT = 1_048_576;

/**
 * Takes a stream of server-sent events in pieces cut anywhere, also inside of a character or a line break, and gives the `data`
 * of the events that are complete. Lines end with LF, CRLF or CR; comments and other fields are skipped.
 */
export class SseParser {
  readonly #decoder = new TextDecoder();
  #rest = '';
  /** Where in `#rest` no line break was found yet: a long line is looked through once. */
  #searched = 0;
  #data: string[] = [];
  #size = 0;

  push(bytes: Uint8Array): string[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }), false);
  }

  /** The data of what is complete when the stream ends; an event without its blank line is taken, too. */
  end(): string[] {
    return [...this.#read(this.#decoder.decode(), true), ...this.#dispatch()];
  }

  #read(text: string, ended: boolean): string[] {
    this.#rest += text;
    const events: string[] = [];
    let from = 0;
    let search = this.#searched;
    for (;;) {
      const at = lineBreak(this.#rest, search);
      // A CR at the end may be the first half of a CRLF.
      if (at < 0 || (!ended && at === this.#rest.length - 1 && this.#rest[at] === '\r')) break;
      events.push(...this.#line(this.#rest.slice(from, at)));
      from = search = at + (this.#rest.startsWith('\r\n', at) ? 2 : 1);
    }
    if (ended && from < this.#rest.length) {
      events.push(...this.#line(this.#rest.slice(from)));
      from = this.#rest.length;
    }
    this.#rest = this.#rest.slice(from);
    this.#searched = this.#rest.endsWith('\r') ? this.#rest.length - 1 : this.#rest.length;
    this.#limit(this.#rest.length);
    return events;
  }

  #line(line: string): string[] {
    if (line === '') return this.#dispatch();
    if (line !== 'data' && !line.startsWith('data:')) return [];
    const value = line.slice(5);
    this.#data.push(value.startsWith(' ') ? value.slice(1) : value);
    this.#size += value.length + 1;
    this.#limit(0);
    return [];
  }

  #dispatch(): string[] {
    if (this.#data.length === 0) return [];
    const event = this.#data.join('\n');
    this.#data = [];
    this.#size = 0;
    return [event];
  }

  #limit(pending: number): void {
    if (this.#size + pending <= MAX_EVENT) return;
    throw new RelayError('UPSTREAM_MALFORMED', `The model's API sent an event of more than ${MAX_EVENT} characters.`);
  }
}

function lineBreak(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === '\n' || text[at] === '\r') return at;
  return -1;
}
