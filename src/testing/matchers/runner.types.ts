import type { A2aMatchers } from './a2a-matchers.types.js';

// Adds our matchers to the types of `expect(…)` in each runner. An application has one of the runners, and TypeScript reports TS2664 for a
// module augmentation whose module is not installed. Each augmentation therefore needs its own @ts-ignore. @ts-expect-error would fail
// where the runner is installed. The comments are JSDoc, because TypeScript keeps only those in declaration files.

/** @ts-ignore TS2664 without jest */
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T> extends A2aMatchers<R> {}
}

/** @ts-ignore TS2664 without vitest */
declare module 'vitest' {
  interface Matchers<T> extends A2aMatchers {}
}

declare global {
  // @types/jest
  namespace jest {
    interface Matchers<R, T> extends A2aMatchers<R> {}
  }
}
