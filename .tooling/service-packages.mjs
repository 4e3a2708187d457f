// Writes a package.json for the image of the service, into the folder that it is given: the framework's packages are peers of the
// library, and those of the service they are dependencies. Peers that the lock file does not hold (native ones, which are compiled
// where they are installed) are left out, and so are those of tests. What the example agents need is a development dependency of the library.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const folder = process.argv[2] ?? '.';
const read = (file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
const TESTS = ['@jest/globals'];
const EXAMPLES = ['csv-parse', 'eventsource-parser', 'markdown-it'];
// The service sends traces by itself; the library leaves that to its application.
const TRACES = ['@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/resources', '@opentelemetry/sdk-trace-node'];
const { name, version, type, overrides, peerDependencies, devDependencies } = read('package.json');
const { packages } = read('package-lock.json');
const dependencies = Object.fromEntries([
  ...Object.entries(peerDependencies).filter(([peer]) => packages[`node_modules/${peer}`] && !TESTS.includes(peer)),
  ...[...EXAMPLES, ...TRACES].map((name) => [name, devDependencies[name]]),
]);
writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, type, overrides, dependencies }));
