import { readFileSync, statSync } from 'node:fs';

const MAX_BYTES = 64 * 1024;

/**
 * A variable, or the text of the file that `NAME_FILE` names, without white space around it. undefined: neither is set. Throws an Error
 * that names the variable and quotes nothing of the file.
 */
export function valueOrFile(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim() || undefined;
  const file = env[`${name}_FILE`]?.trim() || undefined;
  if (file === undefined) return value;
  if (value !== undefined) throw new Error(`${name} and ${name}_FILE must not be set both: the value is in one place.`);
  const text = textOf(file, `${name}_FILE`);
  if (text === '') throw new Error(`${name}_FILE must be a file with the value, but ${file} is empty.`);
  return text;
}

function textOf(file: string, name: string): string {
  try {
    // A pipe or a device might never end.
    const stat = statSync(file);
    if (!stat.isFile()) throw Object.assign(new Error(), { code: 'not a file' });
    if (stat.size > MAX_BYTES) throw Object.assign(new Error(), { code: `larger than ${MAX_BYTES} bytes` });
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Error(`${name} must be a readable file, but ${file} cannot be read (${why}).`, { cause: error });
  }
}
