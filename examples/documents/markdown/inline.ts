export interface Inline {
  /** Without markup; a link is its text. */
  readonly text: string;
  readonly links: number;
  readonly images: number;
  /** True for an item of a list and for a quotation. */
  readonly inBlock: boolean;
}

/** Each part ends where the next of its kind may begin, so that no line takes more than linear time. */
const CODE_SPAN = /`[^`]+`/g;
const LINK = /(!?)\[([^[\]]*)\](?:\([^()\s]*(?:\s[^()]*)?\)|\[[^[\]]*\])/g;
const AUTOLINK = /<(?:https?:\/\/|mailto:)[^<>\s]+>/gi;
const BARE_LINK = /\bhttps?:\/\/[^\s<>()]+/gi;
const DEFINITION = /^ {0,3}\[[^[\]]+\]:\s*\S/;
const BLOCK_MARK = /^\s*(?:>\s?|[-*+]\s+(?:\[[ xX]\]\s)?|\d{1,9}[.)]\s+)/;

/** Links `[text](address)` and `[text][reference]`, autolinks and bare addresses of one line; code spans hold none. */
export function readInline(line: string): Inline {
  if (DEFINITION.test(line)) return { text: '', links: 0, images: 0, inBlock: false };
  let links = 0;
  let images = 0;
  const count = (): string => {
    links++;
    return '';
  };
  const visible = (_: string, mark: string, text: string): string => {
    if (mark) images++;
    else links++;
    return text.replaceAll('://', ' ');
  };
  const text = line
    .replace(CODE_SPAN, (span) => span.replaceAll('`', '').replace(/[[\]<>:]/g, ' '))
    .replace(LINK, visible)
    // A linked image: what is left of it is the link around it.
    .replace(LINK, visible)
    .replace(AUTOLINK, count)
    .replace(BARE_LINK, count)
    .replace(BLOCK_MARK, '')
    .replace(/[*~`|]/g, '');
  return { text: text.trim(), links, images, inBlock: BLOCK_MARK.test(line) };
}
