import path from 'node:path';

/**
 * The layers of src/, top first. A file may import from its own layer and from those below it.
 * A single file directly in src/ is a layer of its own.
 */
const LAYERS = [
  'service',
  'cli',
  'index.ts',
  'postgres.ts',
  'sql.ts',
  'redis.ts',
  'storage.ts',
  'grpc.ts',
  'sdk.ts',
  'testing',
  'client',
  'console',
  'admin',
  'metrics',
  'tracing',
  'openapi',
  'a2a.module.ts',
  'a2a-options.module.ts',
  'a2a.options.ts',
  'transports',
  'request-handler',
  'execution',
  'agents',
  'push-notifications',
  'storage',
  'events',
  'tasks',
  'audit',
  'security',
  'protocol',
  'common',
];

/** Imported by tests and by the public index alone, whatever stands below them. */
const EDGES = new Set(['testing', 'client']);
const MAY_USE_EDGES = new Set(['index.ts']);

function layerOf(file) {
  const parts = path.relative(path.join(import.meta.dirname, '..', 'src'), file).split(path.sep);
  return parts[0] === '..' ? undefined : parts[0];
}

/** @type {import('eslint').Rule.RuleModule} */
export const downwardImports = {
  meta: {
    type: 'problem',
    docs: { description: 'imports in src/ point downwards in the list of layers' },
    schema: [],
    messages: {
      unknown: "'{{from}}' is not in the list of layers (.tooling/downward-imports.rule.js): add it at its height.",
      upward:
        "'{{from}}' must not import from '{{to}}', which stands above it: declare a port here and bind it in a2a.module.ts.",
      edge: "'{{to}}' is for tests and index.ts alone; '{{from}}' must not import it.",
      nest: "'protocol' imports neither Nest nor anything that does I/O, but it imports '{{to}}'.",
    },
  },
  create(context) {
    const from = layerOf(context.filename);
    if (from === undefined || /\.(spec|contract)\.ts$/.test(context.filename)) return {};
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      if (from === 'protocol' && /^(@nestjs\/|typeorm|pg$|node:(?!crypto|buffer))/.test(specifier)) {
        context.report({ node, messageId: 'nest', data: { to: specifier } });
      }
      if (!specifier.startsWith('.')) return;
      const to = layerOf(path.resolve(path.dirname(context.filename), specifier.replace(/\.js$/, '.ts')));
      if (to === undefined || to === from) return;
      const [a, b] = [LAYERS.indexOf(from), LAYERS.indexOf(to)];
      if (a < 0 || b < 0) context.report({ node, messageId: 'unknown', data: { from: a < 0 ? from : to } });
      else if (b < a) context.report({ node, messageId: 'upward', data: { from, to } });
      else if (EDGES.has(to) && !EDGES.has(from) && !MAY_USE_EDGES.has(from)) {
        context.report({ node, messageId: 'edge', data: { from, to } });
      }
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
