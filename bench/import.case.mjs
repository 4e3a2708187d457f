import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { built, root } from './support/paths.mjs';
import { median, rounded, spread } from './support/statistics.mjs';

const GOAL_S = 0.35;

/** Written when the import is complete: the time since the process started, and its processor time, both in s. */
const REPORT = `
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ seconds: process.uptime(), cpu: (user + system) / 1e6 }));`;

/** How long a process needs to import the package, beyond what it needs for @nestjs/core, which an application has anyway. */
export async function importCase({ options, say }) {
  const { rounds } = options.import;
  const entry = (file) => pathToFileURL(built(`src/${file}.js`)).href;
  const imports = {
    '@nestjs/core': '@nestjs/core',
    'nest-a2a': entry('index'),
    'nest-a2a and nest-a2a/postgres': [entry('index'), entry('postgres')],
    'nest-a2a/client': entry('client/index'),
  };
  const runs = Object.fromEntries(Object.keys(imports).map((name) => [name, []]));
  // In turns, so that what else the machine does falls on all of them. The first round reads files that are not cached.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, specifiers] of Object.entries(imports)) {
      const run = imported([specifiers].flat());
      if (round > 0) runs[name].push(run);
    }
  }
  const core = runs['@nestjs/core'];
  const figures = [];
  const details = [];
  for (const [name, measured] of Object.entries(runs)) {
    const [seconds, cpu] = ['seconds', 'cpu'].map((key) => rounded(median(measured.map((run) => run[key]))));
    details.push({ name, seconds, cpu });
    say(`import: ${name}: ${seconds} s, ${cpu} s of processor time`);
    if (measured === core) continue;
    const beyond = (key) => spread(measured.map((run, round) => run[key] - core[round][key]));
    const goal = name === 'nest-a2a' ? { goal: GOAL_S } : {};
    const what = `import of ${name}: s beyond that of @nestjs/core`;
    figures.push({ name: what, value: beyond('seconds'), ...goal, better: 'less' });
    figures.push({ name: `${what}, processor time`, value: beyond('cpu'), ...goal, better: 'less' });
  }
  return { figures, details };
}

function imported(specifiers) {
  const code = `${specifiers.map((specifier) => `await import(${JSON.stringify(specifier)});`).join('\n')}${REPORT}`;
  const args = ['--input-type=module', '-e', code];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }));
}
