import { A2AClientLimitError } from '../errors/client.errors.js';

/** A server-sent event as received. */
export interface ReceivedSse {
  /** Its own `id` field; undefined when it has none, whatever came before it. */
  readonly id?: string;
  /** `message` where the stream names none. */
  readonly type: string;
  readonly data: string;
}

/**
 * Parses an event stream from pieces cut anywhere, also inside a character or a line break, and returns the complete events. It follows the
 * WHATWG rules with one exception: an `id` applies only to the event that has it. An event that is incomplete at the end of the stream is
 * dropped.
 * @throws A2AClientLimitError for an event of more than `maxCharacters` (UTF-16 units).
 */
export class SseParser {
  readonly #decoder = new TextDecoder();
  /** Pieces of an incomplete line, joined once: a long line in many pieces costs no more than its length. */
  #line: string[] = [];
  #lineLength = 0;
  /** The last piece ended with CR: a following LF belongs to it. */
  #afterCr = false;
  #data: string[] = [];
  #dataLength = 0;
  #id?: string;
  #type = '';
  #retryMs?: number;
  #comments = 0;

  constructor(private readonly maxCharacters: number) {}

  /** The reconnection time that the stream asks for. */
  get retryMs(): number | undefined {
    return this.#retryMs;
  }

  /** Number of comments received. Servers send them to keep a silent stream alive. */
  get comments(): number {
    return this.#comments;
  }

  push(bytes: Uint8Array): ReceivedSse[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    const events: ReceivedSse[] = [];
    let from = this.#afterCr && text.startsWith('\n') ? 1 : 0;
    if (text !== '') this.#afterCr = false;
    for (let at = lineBreak(text, from); at >= 0; at = lineBreak(text, from)) {
      const event = this.#endLine(text.slice(from, at));
      if (event) events.push(event);
      const isCr = text[at] === '\r';
      from = isCr && text[at + 1] === '\n' ? at + 2 : at + 1;
      this.#afterCr = isCr && from === text.length && text[at + 1] !== '\n';
    }
    if (from < text.length) this.#hold(text.slice(from));
    return events;
  }

  #hold(piece: string): void {
    this.#line.push(piece);
    this.#lineLength += piece.length;
    this.#limit(this.#lineLength);
  }

  #endLine(end: string): ReceivedSse | undefined {
    let line = end;
    if (this.#line.length > 0) {
      this.#line.push(end);
      line = this.#line.join('');
      this.#line = [];
      this.#lineLength = 0;
    }
    if (line === '') return this.#dispatch();
    this.#field(line);
    return undefined;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) {
      this.#comments++;
      return;
    }
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') {
      this.#data.push(value);
      this.#dataLength += value.length + 1;
      this.#limit(this.#dataLength);
    } else if (name === 'id') {
      this.#limit(value.length);
      if (!value.includes('\0')) this.#id = value;
    } else if (name === 'event') {
      this.#limit(value.length);
      this.#type = value;
    } else if (name === 'retry' && /^\d{1,9}$/.test(value)) {
      this.#retryMs = Number(value);
    }
  }

  #dispatch(): ReceivedSse | undefined {
    const data = this.#data;
    const id = this.#id;
    const type = this.#type || 'message';
    this.#data = [];
    this.#dataLength = 0;
    this.#id = undefined;
    this.#type = '';
    if (data.length === 0) return undefined;
    return { type, data: data.length === 1 ? data[0]! : data.join('\n'), ...(id !== undefined && { id }) };
  }

  #limit(length: number): void {
    if (length <= this.maxCharacters) return;
    throw new A2AClientLimitError(`An event of the stream has more than ${this.maxCharacters} characters.`);
  }
}

const LINE_BREAK = /[\r\n]/g;

function lineBreak(text: string, from: number): number {
  LINE_BREAK.lastIndex = from;
  return LINE_BREAK.exec(text)?.index ?? -1;
}
