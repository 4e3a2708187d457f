// Writes docs/conformance.md: each requirement of test/conformance/requirements.json, and the tests whose names carry its id
// ("C6, C7: …"). With --check it writes nothing and says what is wrong. --root=DIR: another project (for its own test).
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';

const PAGE = 'docs/conformance.md';
const REQUIREMENTS = 'test/conformance/requirements.json';
const IDS = /^((?:[A-JX]\d{1,2})(?:, [A-JX]\d{1,2})*): (.+)$/s;
const CALLS = new Set(['describe', 'it']);

const { check, root } = parseArgs({
  options: { check: { type: 'boolean' }, root: { type: 'string', default: path.join(import.meta.dirname, '..') } },
}).values;
const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** Without the packages of examples, which have a link back to here. */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    return filesBelow(path.join(folder, entry.name)).map((name) => path.join(entry.name, name));
  });
}

function sourcesOf(folder) {
  const names = existsSync(path.join(root, folder)) ? filesBelow(path.join(root, folder)) : [];
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => path.join(folder, name));
  return files.map((file) => file.split(path.sep).join('/')).sort();
}

/** `describe`, `it`, and both with `.each(…)`. */
function isTest(call) {
  const callee = ts.isCallExpression(call.expression) ? call.expression.expression : call.expression;
  const name = ts.isPropertyAccessExpression(callee) && callee.name.text === 'each' ? callee.expression : callee;
  return ts.isIdentifier(name) && CALLS.has(name.text);
}

/** Names of tests that carry ids, in the order of the file. */
function namesIn(file) {
  const text = read(file);
  if (!text.includes("'@jest/globals'")) return [];
  const found = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && isTest(node)) {
      const [name] = node.arguments;
      const said = name && (ts.isStringLiteralLike(name) ? name.text : undefined);
      const [, ids, rest] = IDS.exec(said ?? '') ?? [];
      if (ids) found.push({ file, ids: ids.split(', '), name: rest });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

const groups = JSON.parse(read(REQUIREMENTS));
const requirements = groups.flatMap(({ requirements: rows }) => rows);
const tests = ['examples', 'src', 'test'].flatMap(sourcesOf).flatMap(namesIn);
const testsOf = ({ id }) => tests.filter(({ ids }) => ids.includes(id));

function problems() {
  const known = new Set(requirements.map(({ id }) => id));
  const unknown = tests.flatMap(({ file, ids }) =>
    ids.filter((id) => !known.has(id)).map((id) => `${file}: ${id} is not in ${REQUIREMENTS}.`),
  );
  const missing = requirements
    .filter((row) => row.level === 'MUST' && row.untested === undefined && testsOf(row).length === 0)
    .map(
      ({ id, text }) => `${id} is a MUST and has no test ("${id}: …" in its name), nor a reason to have none: ${text}`,
    );
  return [...unknown, ...missing];
}

const cell = (text) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
const code = (text) => text.replace(/[<>*_]/g, '\\$&');

function row(requirement) {
  const { id, level, section, text, untested } = requirement;
  const shown = testsOf(requirement).map(({ file, name }) => `\`${file}\`: ${code(name)}`);
  const last = shown.length > 0 ? shown.join('<br>') : untested ? `_none: ${untested}_` : '';
  return `| ${[id, level, section, text, last].map(cell).join(' | ')} |`;
}

function page() {
  const musts = requirements.filter(({ level }) => level === 'MUST');
  const tested = musts.filter((must) => testsOf(must).length > 0);
  const head = [
    '# Conformance',
    '',
    '<!-- Made by `npm run docs:conformance` of test/conformance/requirements.json and the names of the tests. -->',
    '',
    'What the protocol asks of a server, in our words, and the tests that fail when this one does not do it. Sections are those of',
    'specification 1.0.1 unless they say otherwise; _proto_ is its `a2a.proto`, and a name stands for one of its topics. Those of',
    `level MUST are ${musts.length}; ${tested.length} have tests, and each other one says why it has none.`,
    '',
    'Tests in `test/conformance/` run the same assertions over every binding and version. Codes of errors are those of 1.0.1; what was',
    'different in 1.0.0, and the agent that the official suites test, is in',
    '[The agent for the conformance suites](conformance-agent.md).',
  ];
  const tables = groups.flatMap(({ title, requirements: rows }) => [
    '',
    `## ${title}`,
    '',
    '| id | level | section | requirement | tests |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(row),
  ]);
  return `${[...head, ...tables].join('\n')}\n`;
}

const made = page();
const found = problems();
if (!check) writeFileSync(path.join(root, PAGE), made);
else if (read(PAGE) !== made) found.push(`${PAGE} is not what the tests say now: run npm run docs:conformance.`);
for (const problem of found) console.error(problem);
process.exitCode = found.length > 0 ? 1 : 0;
