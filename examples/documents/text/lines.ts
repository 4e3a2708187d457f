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

/** Paragraphs: lines that follow each other without a blank one. Very long ones come in pieces of bounded length. */
export function* paragraphsOf(lines: Iterable<string>): Generator<Piece> {
  let pending = '';
  let beginsParagraph = true;
  for (const line of lines) {
    if (line.trim() === '') {
      if (pending !== '') yield { text: pending, beginsParagraph };
      pending = '';
      beginsParagraph = true;
      continue;
    }
    pending = pending === '' ? line : `${pending}\n${line}`;
    while (pending.length > MAX_PIECE) {
      const cut = cutOf(pending);
      yield { text: pending.slice(0, cut), beginsParagraph };
      beginsParagraph = false;
      pending = pending.slice(cut);
    }
  }
  if (pending !== '') yield { text: pending, beginsParagraph };
}

function cutOf(text: string): number {
  for (let at = MAX_PIECE; at > MAX_PIECE - CUT_WINDOW; at--) if (/\s/.test(text[at] ?? '')) return at;
  return MAX_PIECE;
}
