// npm run release:check: is what `npm publish` would send fit for its users? Builds anew, packs, and looks at the tarball only:
// publint, arethetypeswrong, and applications with Nest 11 and 12 that install it. Then the reference and the workflows.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installOnce } from '../installed-once.mjs';
import { runApplications, succeed } from './applications.mjs';
import { complaintsAboutWorkflows } from './workflows.mjs';

const root = path.join(import.meta.dirname, '..', '..');
const tool = (name, file) => path.join(import.meta.dirname, 'node_modules', ...name.split('/'), file);
const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-release-'));

/** What an ES module cannot avoid: TypeScript before 5.8 refuses to `require` one. */
const UNAVOIDABLE = ['cjs-resolves-to-esm'];

/** The oldest is the first that lets CommonJS require an ES module. */
const COMPILERS = { oldest: tool('typescript-5.8', 'bin/tsc'), current: tool('typescript', 'bin/tsc') };

try {
  console.log(`Node ${process.version}`);
  installOnce(import.meta.dirname);
  // What is left of an earlier build would be packed.
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  succeed('npm', ['run', 'build'], root);
  const packed = succeed('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], root);
  const [{ filename, size, entryCount }] = JSON.parse(packed);
  const tarball = path.join(directory, filename);
  console.log(`${filename}: ${entryCount} files, ${(size / 1e6).toFixed(1)} MB`);

  succeed(process.execPath, [tool('publint', 'src/cli.js'), 'run', tarball, '--strict'], root);
  console.log('publint: no finding');
  const attw = tool('@arethetypeswrong/cli', 'dist/index.js');
  succeed(process.execPath, [attw, tarball, '--ignore-rules', ...UNAVOIDABLE], root);
  console.log(`arethetypeswrong: no finding but ${UNAVOIDABLE.join(', ')}`);

  for (const nest of [11, 12]) {
    for (const line of runApplications(tarball, nest, COMPILERS)) console.log(`runs: ${line}`);
  }

  succeed(process.execPath, [tool('typedoc', 'bin/typedoc'), '--options', 'typedoc.json'], root);
  console.log('typedoc: dist/reference, each exported type is in it with a description');
  const complaints = await complaintsAboutWorkflows(path.join(root, '.github', 'workflows'));
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  console.log('actionlint: no finding');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
