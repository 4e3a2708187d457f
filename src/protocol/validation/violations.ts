import { printable, type FieldViolation } from '../errors/index.js';

const MAX_FIELD_LENGTH = 256;
const MAX_DESCRIPTION_LENGTH = 256;

/** What is wrong with one request: at most `max` entries, each of bounded size. */
export class Violations {
  readonly list: FieldViolation[] = [];

  /** Further violations would not be kept, so there is no point in looking for them. */
  full = false;
  private readonly max: number;

  /** `max` is 1 at least: with none kept, everything would look right. `clientPath` turns a canonical path into the client's own. */
  constructor(
    max: number,
    private readonly clientPath: (canonical: string) => string,
  ) {
    this.max = Math.max(1, max);
  }

  add(path: string, description: string): void {
    if (this.full) return;
    this.list.push({
      field: printable(this.clientPath(path), MAX_FIELD_LENGTH),
      description: printable(description, MAX_DESCRIPTION_LENGTH),
    });
    this.full = this.list.length >= this.max;
  }
}
