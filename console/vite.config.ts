import path from 'node:path';
import { defineConfig } from 'vite';
import { fakeApi } from './test/fake-api.js';

const root = import.meta.dirname;

/** Calls that are not for Vite go to a running service: `npm run console:dev` beside `npm start`. */
const SERVICE = { '^/(?!src|node_modules|@|index)': process.env.A2A_TARGET ?? 'http://127.0.0.1:3000' };

// All addresses are relative: the console works below any prefix and behind any proxy.
export default defineConfig(({ command, mode }) => {
  // A test runner sets NODE_ENV to 'test', and the bundle would then hold React's development build.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    root,
    base: './',
    plugins: mode === 'fake' ? [fakeApi()] : [],
    server: mode === 'fake' ? {} : { proxy: SERVICE },
    build: {
      outDir: path.join(root, '..', 'dist', 'console'),
      emptyOutDir: true,
      target: 'es2022',
      cssTarget: 'esnext',
      assetsInlineLimit: 0,
      modulePreload: false,
      // The packages in the bundle are others' work: their licenses go with it.
      license: { fileName: 'licenses.md' },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1024,
      rolldownOptions: { onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning) },
    },
  };
});
