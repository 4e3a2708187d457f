import { contentTypeNotSupported, printable } from '../protocol/errors/index.js';
import type { Part } from '../protocol/model/index.js';

const MAX_ACCEPTED_SHOWN = 512;

/**
 * Parts must have a media type that the agent accepts. A part without one is accepted. Case and parameters (`;charset=utf-8`) are ignored.
 * Input modes may be ranges: of one type (`text/*`) or of all.
 * @throws A2AError CONTENT_TYPE_NOT_SUPPORTED naming the first part that is not accepted, and the accepted types. Spec 3.1.1.
 */
export function assertAcceptedParts(parts: readonly Part[], inputModes: readonly string[]): void {
  const refused = parts.findIndex(({ mediaType }) => mediaType && !isAccepted(mediaType, inputModes));
  if (refused < 0) return;
  const declared = printable(parts[refused]?.mediaType ?? '');
  const accepted = printable(inputModes.join(', '), MAX_ACCEPTED_SHOWN);
  throw contentTypeNotSupported(
    `Incompatible content types: message.parts[${refused}] is ${declared}, which is not supported by this agent. Send one of: ${accepted}.`,
  );
}

function isAccepted(mediaType: string, inputModes: readonly string[]): boolean {
  const type = essence(mediaType);
  return inputModes.some((mode) => {
    const accepted = essence(mode);
    if (accepted === '*/*' || accepted === type) return true;
    return accepted.endsWith('/*') && type.startsWith(accepted.slice(0, -1));
  });
}

/** `Text/Plain; charset=utf-8` → `text/plain`. */
function essence(mediaType: string): string {
  return mediaType.split(';', 1)[0]!.trim().toLowerCase();
}
