import { printable } from '../protocol/errors/index.js';
import type { PushNotification } from './push-notification-sender.interface.js';

/** The most characters of an excerpt. */
export const EXCERPT_LENGTH = 200;

/** A shorter text occurs by chance. */
const SECRET_LENGTH = 4;
/** So much of the notification in an answer is an echo. */
const ECHO_LENGTH = 32;

const HIDDEN = '[hidden]';

/**
 * The beginning of what a receiver answered, for operators. A receiver may repeat what it got: an answer that holds the beginning of
 * the notification gives nothing, and secrets of the config and of its URL are replaced. undefined: nothing can be shown.
 */
export function excerptOf(
  answer: Buffer,
  { body, config }: Pick<PushNotification, 'body' | 'config'>,
): string | undefined {
  let text = answer.toString();
  const start = body.slice(0, ECHO_LENGTH);
  // As it is, and as text in JSON or HTML.
  const echoes = [
    start,
    JSON.stringify(start).slice(1, -1),
    start.replaceAll('"', '&quot;'),
    start.replaceAll('"', '&#34;'),
  ];
  if (echoes.some((echo) => text.includes(echo))) return undefined;
  for (const secret of secretsOf(config)) text = text.replaceAll(secret, HIDDEN);
  const clean = text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '').trim();
  return clean === '' ? undefined : printable(clean, EXCERPT_LENGTH - 1);
}

/** Longest first, so that no part of one stays. */
function secretsOf({ token, authentication, url }: PushNotification['config']): string[] {
  const { username, password, search, searchParams } = new URL(url);
  const given = [token, authentication?.credentials, username, password, search.slice(1), ...searchParams.values()];
  const texts = given.flatMap((text) => (text === undefined ? [] : [text, ...text.split(/[\s:;,=&]+/)]));
  return [
    ...new Set(
      texts.flatMap((text) => [text, encodeURIComponent(text.toWellFormed()), JSON.stringify(text).slice(1, -1)]),
    ),
  ]
    .filter(({ length }) => length >= SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
}
