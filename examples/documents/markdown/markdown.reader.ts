import { headingOf, isSetextUnderline } from './headings.js';
import { readInline } from './inline.js';

export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
}

export interface MarkdownFigures {
  /** The first 1000. */
  readonly headings: Heading[];
  /** All of them. */
  readonly headingCount: number;
  readonly links: number;
  readonly images: number;
  readonly codeBlocks: number;
  /** Of fenced code blocks that name one; without doubles, in the order of the text. */
  readonly languages: string[];
}

/** What is listed at most. */
const MAX_LANGUAGES = 50;
const MAX_HEADINGS = 1000;
const MAX_HEADING_LENGTH = 200;

/** Reads Markdown line by line: what it is made of, and its prose without markup. Indented code counts as prose. */
export class MarkdownReader {
  readonly #headings: Heading[] = [];
  readonly #languages = new Set<string>();
  #headingCount = 0;
  #links = 0;
  #images = 0;
  #codeBlocks = 0;
  #fence?: string;
  #frontMatter = false;
  #begun = false;
  #above = '';

  /** The prose of the line; '' for code, front matter and markup; headings stand between line breaks. */
  add(line: string): string {
    const first = !this.#begun;
    this.#begun = true;
    if (this.#isFrontMatter(line, first) || this.#isCode(line)) return this.#after('');
    if (this.#above !== '' && isSetextUnderline(line)) {
      this.#heading(line.trimStart().startsWith('=') ? 1 : 2, this.#above);
      return this.#after('');
    }
    const heading = headingOf(line);
    const { text, links, images, inBlock } = readInline(heading ? heading.text : line);
    this.#links += links;
    this.#images += images;
    if (!heading) return this.#after(text, inBlock);
    this.#heading(heading.level, text);
    this.#above = '';
    return `\n${text}\n`;
  }

  figures(): MarkdownFigures {
    return {
      headings: this.#headings,
      headingCount: this.#headingCount,
      links: this.#links,
      images: this.#images,
      codeBlocks: this.#codeBlocks,
      languages: [...this.#languages],
    };
  }

  #heading(level: number, text: string): void {
    this.#headingCount++;
    if (this.#headings.length >= MAX_HEADINGS) return;
    this.#headings.push({ level, text: text.slice(0, MAX_HEADING_LENGTH).toWellFormed() });
  }

  /** Text of a list or quotation, with `---` below it, is no heading. */
  #after(prose: string, inBlock = false): string {
    this.#above = inBlock ? '' : prose;
    return prose;
  }

  /** YAML between two lines of `---` at the very beginning. */
  #isFrontMatter(line: string, first: boolean): boolean {
    const rule = line.trimEnd() === '---';
    if (first) return (this.#frontMatter = rule);
    const inside = this.#frontMatter;
    if (rule) this.#frontMatter = false;
    return inside;
  }

  #isCode(line: string): boolean {
    const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/s.exec(line);
    if (this.#fence === undefined) {
      const [, marks, info = ''] = fence ?? [];
      if (!marks || (marks.startsWith('`') && info.includes('`'))) return false;
      this.#fence = marks;
      this.#codeBlocks++;
      const language = /^[\w+#.-]{1,32}/.exec(info.trim())?.[0].toLowerCase();
      if (language && this.#languages.size < MAX_LANGUAGES) this.#languages.add(language);
      return true;
    }
    const [, marks, rest = ''] = fence ?? [];
    if (marks?.startsWith(this.#fence) && rest.trim() === '') this.#fence = undefined;
    return true;
  }
}
