import { randomBytes } from 'node:crypto';

/** One run of the v1.0 suite. */
export const SESSION = randomBytes(4).toString('hex');
/** As the v1.0 suite makes them: the same for each use of a name in one run of it. */
export const tckId = (name: string): string => `tck-${name}-${SESSION}`;
export const tckMessage = (name: string, fields: object = {}): object => ({
  role: 'ROLE_USER',
  parts: [{ text: 'TCK prerequisite task creation' }],
  messageId: tckId(name),
  ...fields,
});

/** What the suites read first. */
export const cardOf = async (origin: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${origin}/.well-known/agent-card.json`, { headers });
  return { headers: response.headers, card: (await response.json()) as Record<string, unknown> };
};
