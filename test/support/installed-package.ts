import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { ROOT } from './snippets.js';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { optional: boolean }>;
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>;
}

export const manifestOf = (root: string): Manifest =>
  JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;

/** The tarball that npm would publish, in a directory. */
export function pack(directory: string): string {
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory];
  const name = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').at(-1)!;
  return path.join(directory, name);
}

/** What npm would install with the package: no registry is asked, what this repository has is linked. */
export function install(
  tarball: string,
  project: string,
  others: readonly string[],
  type: 'module' | 'commonjs' = 'module',
): void {
  const modules = path.join(project, 'node_modules');
  const own = path.join(modules, 'nest-a2a');
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', own, '--strip-components=1']);
  for (const name of [...neededBy(manifestOf(own)), ...others]) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
  }
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ type }));
}

export const neededBy = ({ dependencies = {}, peerDependencies, peerDependenciesMeta }: Manifest): string[] => [
  ...Object.keys(dependencies),
  ...Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional),
];

export const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));

/** Packages that a file imports, as a program or in its types. */
export const packagesIn = (code: string): string[] =>
  [...code.matchAll(/(?<!["'])(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"]([^'"\n.][^'"\n]*)['"]/g)]
    .map(([, specifier]) => specifier!)
    .filter((specifier) => !specifier.startsWith('node:') && !builtinModules.includes(specifier))
    .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));

/** How optional packages are loaded. */
const DYNAMIC_IMPORT = /\bimport\([^)]*\)/g;

/** Files that are loaded with a file, and no others: what it imports when it is used is left out. */
export function loadedWith(file: string, loaded = new Map<string, string>()): Map<string, string> {
  if (loaded.has(file)) return loaded;
  const code = readFileSync(file, 'utf8').replaceAll(DYNAMIC_IMPORT, '');
  loaded.set(file, code);
  for (const [, specifier] of code.matchAll(/(?<!['"])(?:\bfrom|\bimport)\s*['"](\.[^'"\n]*)['"]/g))
    loadedWith(path.resolve(path.dirname(file), specifier!), loaded);
  return loaded;
}

export const entriesOf = ({ exports }: Manifest): { name: string; types: string; file: string }[] =>
  Object.entries(exports).flatMap(([name, target]) =>
    typeof target === 'string' ? [] : [{ name: `nest-a2a${name.slice(1)}`, types: target.types, file: target.default }],
  );
