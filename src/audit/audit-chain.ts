import { createHash } from 'node:crypto';

/** The `prev` of the first record of a process. */
export const CHAIN_START = '0'.repeat(64);

/** What the next record says of this one. */
export const digestOf = (line: string): string => createHash('sha256').update(line).digest('hex');

interface Link {
  readonly seq: number;
  readonly digest: string;
}

interface ReadLine {
  readonly chain: string;
  readonly seq: number;
  readonly prev?: string;
}

/** What a check found. */
export interface ChainReport {
  readonly records: number;
  readonly chains: number;
  /** Chains whose first records are not there, as retention deletes them. */
  readonly trimmed: number;
  /** One sentence for each break, at most 20. */
  readonly problems: readonly string[];
}

const MAX_PROBLEMS = 20;

/** Checks records that are given line by line, those of each chain in the order of their `seq`. */
export class ChainCheck {
  readonly #last = new Map<string, Link>();
  readonly #problems: string[] = [];
  #records = 0;
  #trimmed = 0;

  /** `where` names the line, for a problem. */
  add(line: string, where: string): void {
    this.#records++;
    const read = readLine(line);
    if (read === undefined) return this.#problem(`${where} is no record of an audit trail.`);
    const { chain, seq, prev } = read;
    const last = this.#last.get(chain);
    this.#last.set(chain, { seq, digest: digestOf(line) });
    if (prev === undefined) return this.#problem(`${where} has no prev: it was written without a hash chain.`);
    if (last === undefined) {
      if (seq > 1) this.#trimmed++;
      else if (prev !== CHAIN_START)
        this.#problem(`${where} is the first record of chain ${chain}, but has another prev.`);
      return;
    }
    if (seq === last.seq && digestOf(line) === last.digest) return;
    if (seq !== last.seq + 1) return this.#problem(`${where}: chain ${chain} goes from record ${last.seq} to ${seq}.`);
    if (prev !== last.digest)
      this.#problem(`${where}: record ${last.seq} of chain ${chain} was changed after ${seq} was written.`);
  }

  report(): ChainReport {
    return { records: this.#records, chains: this.#last.size, trimmed: this.#trimmed, problems: this.#problems };
  }

  #problem(text: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(text);
  }
}

function readLine(line: string): ReadLine | undefined {
  try {
    const { chain, seq, prev } = JSON.parse(line) as Partial<Record<keyof ReadLine, unknown>>;
    if (typeof chain !== 'string' || !Number.isInteger(seq)) return undefined;
    return { chain, seq: seq as number, ...(typeof prev === 'string' && { prev }) };
  } catch {
    return undefined;
  }
}
