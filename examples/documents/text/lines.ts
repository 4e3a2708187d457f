/** Longest piece that is handed on at once: more is cut, at white space where there is some. */
const MAX_PIECE = 65_536;
/** How far back from the cut white space is looked for. */
const CUT_WINDOW = 1024;

/** The lines of a text, ended by LF, CRLF or CR; a line break at the very end begins no further line. */
export function* linesOf(text: string): Generator<string> {
  let from = 0;
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n|\n|\r/g)) {
    yield text.slice(from, index);
    from = index + lineBreak.length;
  }
  if (from < text.length) yield text.slice(from);
}

export interface Piece {
  readonly text: string;
  /** False for what is cut off from a very long paragraph. */
  readonly beginsParagraph: boolean;
}

/** Makes paragraphs of lines that follow each other without a blank one. Very long ones come in pieces of bounded length. */
export class ParagraphReader {
  #pending = '';
  #beginsParagraph = true;

  constructor(private readonly take: (piece: Piece) => void) {}

  add(line: string): void {
    if (line.trim() === '') return this.end();
    this.#pending = this.#pending === '' ? line : `${this.#pending}\n${line}`;
    while (this.#pending.length > MAX_PIECE) this.#give(cutOf(this.#pending));
  }

  /** The text is over, or the paragraph is. */
  end(): void {
    if (this.#pending !== '') this.#give(this.#pending.length);
    this.#beginsParagraph = true;
  }

  #give(length: number): void {
    this.take({ text: this.#pending.slice(0, length), beginsParagraph: this.#beginsParagraph });
    this.#pending = this.#pending.slice(length);
    this.#beginsParagraph = false;
  }
}

function cutOf(text: string): number {
  for (let at = MAX_PIECE; at > MAX_PIECE - CUT_WINDOW; at--) if (/\s/.test(text[at] ?? '')) return at;
  return MAX_PIECE;
}
