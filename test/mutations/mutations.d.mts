export interface Edit {
  readonly file: string;
  readonly replace: string;
  readonly by: string;
}

export interface Mutation {
  /** Its number, as in INVARIANTS. */
  readonly invariant: number;
  /** What goes wrong with these edits. */
  readonly fault: string;
  readonly edits: readonly Edit[];
  readonly tests: readonly { readonly path: string; readonly name?: string }[];
}

export const INVARIANTS: Readonly<Record<number, string>>;
export const MUTATIONS: readonly Mutation[];
