/** First segments of addresses that stand for something else, in lower case as routers may ignore it. */
const RESERVED = new Set([
  'agents',
  'docs',
  'docs-json',
  'health',
  'metrics',
  'console',
  'v1',
  'tasks',
  'message',
  'extendedagentcard',
  '.well-known',
]);

/** Whether a segment of a path may be a tenant: `/acme/message:send`. Requests may name any other tenant in their body or query. */
export const isTenantSegment = (name: string): boolean =>
  !/^\.{0,2}$|[/:]/.test(name) && !RESERVED.has(name.toLowerCase());
