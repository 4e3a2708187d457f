/**
 * Under which keys Nest's decorators keep what they are given. Nest 11 and 12 use the same keys and publish neither; the test
 * beside this file compares them with what the decorators write.
 */
export const NEST_METADATA = {
  guards: '__guards__',
  interceptors: '__interceptors__',
  filters: '__exceptionFilters__',
  scope: 'scope:options',
  path: 'path',
} as const;
