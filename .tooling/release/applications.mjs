// Installs the packed package into applications as their users would, and runs them.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const root = path.join(import.meta.dirname, '..', '..');
const fixture = path.join(root, 'test', 'fixtures', 'app');
const expected = JSON.parse(readFileSync(path.join(fixture, 'expected.json'), 'utf8'));

/** For the metrics and the traces of the application. */
const OPTIONAL = ['prom-client@15', '@opentelemetry/api@1'];

/** What `nest new` has in its tsconfig.json. */
const compilerOptions = {
  module: 'nodenext',
  target: 'ES2023',
  strict: true,
  types: ['node'],
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  noEmitOnError: true,
};

/**
 * Runs the application of the fixture as ES module and as CommonJS, on both adapters, and returns what was run. As CommonJS the
 * oldest compiler accepts it too.
 */
export function runApplications(tarball, nest, compilers) {
  const directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), `a2a-release-nest-${nest}-`)));
  try {
    // npm refuses here what does not fit the package's peer dependencies.
    writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ private: true }));
    const packages = ['common', 'core', 'platform-express', 'platform-fastify'].map(
      (name) => `@nestjs/${name}@${nest}`,
    );
    succeed(
      'npm',
      ['install', '--no-audit', '--no-fund', tarball, '@types/node@20', ...OPTIONAL, ...packages],
      directory,
    );
    const manifest = path.join(directory, 'node_modules', '@nestjs', 'core', 'package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    const done = [];
    for (const type of ['module', 'commonjs']) {
      const project = path.join(directory, type);
      writeProject(project, type);
      if (type === 'commonjs') succeed(process.execPath, [compilers.oldest, '-p', project, '--noEmit'], project);
      succeed(process.execPath, [compilers.current, '-p', project], project);
      for (const adapter of ['express', 'fastify']) {
        run(project, adapter);
        done.push(`Nest ${version}, ${type === 'module' ? 'an ES module' : 'CommonJS'}, ${adapter}`);
      }
    }
    return done;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeProject(project, type) {
  mkdirSync(project);
  cpSync(path.join(fixture, 'main.ts'), path.join(project, 'main.ts'));
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ private: true, type }));
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
}

function run(project, adapter) {
  const env = { ...process.env, ADAPTER: adapter };
  const output = JSON.parse(succeed(process.execPath, ['main.js'], project, env));
  if (!isDeepStrictEqual(output, expected))
    throw new Error(`The application in ${project} on ${adapter} printed ${JSON.stringify(output)}.`);
}

/** What it wrote; throws with all of it when it fails. */
export function succeed(command, args, cwd, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 600_000 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${error ?? ''}${stdout}${stderr}`);
  return stdout;
}
