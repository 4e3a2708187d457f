import { printable } from '../errors/index.js';

const MAX_KEY_LENGTH = 64;
const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

/** `message` + `parts` → `message.parts`; keys that are no plain names are quoted: `metadata["a b"]`. Long keys are cut. */
export function memberPath(parent: string, key: string): string {
  const shown = printable(key, MAX_KEY_LENGTH);
  return PLAIN_KEY.test(key) ? fieldPath(parent, shown) : `${parent}[${JSON.stringify(shown)}]`;
}

/** The same for a field of the protocol, whose name needs no care. */
export const fieldPath = (parent: string, name: string): string => (parent === '' ? name : `${parent}.${name}`);

/** `message.parts` + 0 → `message.parts[0]`. */
export const itemPath = (parent: string, index: number): string => `${parent}[${index}]`;

/** Where a check is. It becomes text when something is wrong there. */
export type Path = string | { readonly parent: Path; readonly step: string | number };

export function textOfPath(path: Path): string {
  if (typeof path === 'string') return path;
  const parent = textOfPath(path.parent);
  return typeof path.step === 'number' ? itemPath(parent, path.step) : fieldPath(parent, path.step);
}
