import type { Message, Part } from '../../src/protocol/model/index.js';

/** What a client sent, as one text: text as it is, data as JSON, a file by its name. */
export const inputAsText = (message: Message): string => message.parts.map(partAsText).join('\n');

function partAsText(part: Part): string {
  if ('text' in part) return part.text;
  if ('data' in part) return JSON.stringify(part.data);
  if ('url' in part) return part.url;
  return `[file ${part.filename ?? 'without a name'}]`;
}
