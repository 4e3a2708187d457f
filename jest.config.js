import { availableParallelism } from 'node:os';

// The test process runs TypeScript as ES modules; types are checked apart (npm run typecheck).
export default {
  testEnvironment: '<rootDir>/test/support/suite.environment.mjs',
  testSequencer: '<rootDir>/test/support/suite.sequencer.mjs',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testRegex: String.raw`\.(spec|e2e-spec)\.ts$`,
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/examples/integrations/(dist|node_modules)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  coverageProvider: 'v8',
  // Ends what hangs; it measures nothing, and a busy machine is slow.
  testTimeout: 120_000,
  // Tests of whole processes wait half of their time, so that two cores have work for three workers.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  // Modules of finished files are not given back: one process would run out of memory, so workers are replaced in time.
  workerIdleMemoryLimit: '1000MB',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
};
