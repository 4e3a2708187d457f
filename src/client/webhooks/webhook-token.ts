import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares what was sent with each of these, in the same time whatever is wrong, so that nobody can guess one letter by letter. */
export function tokenCheck(expected: readonly string[]): (sent: unknown) => boolean {
  const digests = expected.map(digest);
  return (sent) => {
    const given = digest(typeof sent === 'string' ? sent : '');
    const matches = digests.filter((one) => timingSafeEqual(one, given)).length;
    return matches > 0 && typeof sent === 'string';
  };
}
