import { contentTypeNotSupported, extensionSupportRequired, printable } from '../protocol/errors/index.js';
import type { AgentExtension, Part } from '../protocol/model/index.js';

/**
 * The client must declare the extensions that the card marks as required. Spec 3.3.4, 4.6.
 * @throws A2AError EXTENSION_SUPPORT_REQUIRED naming the missing ones.
 */
export function assertRequiredExtensions(
  offered: readonly AgentExtension[] | undefined,
  requested: readonly string[],
): void {
  const missing: string[] = [];
  for (const { uri, required } of offered ?? []) if (required === true && !requested.includes(uri)) missing.push(uri);
  if (missing.length > 0) throw extensionSupportRequired(missing);
}

const MAX_ACCEPTED_SHOWN = 512;

/**
 * Parts must have a media type that the agent accepts. A part without one is accepted. Case and parameters (`;charset=utf-8`) are ignored.
 * Input modes may be ranges: of one type (`text/*`) or of all.
 * @throws A2AError CONTENT_TYPE_NOT_SUPPORTED naming the first part that is not accepted, and the accepted types. Spec 3.1.1.
 */
export function assertAcceptedParts(parts: readonly Part[], inputModes: readonly string[]): void {
  for (const [index, { mediaType }] of parts.entries()) {
    if (!mediaType || isAccepted(mediaType, inputModes)) continue;
    const accepted = printable(inputModes.join(', '), MAX_ACCEPTED_SHOWN);
    throw contentTypeNotSupported(
      `Incompatible content types: message.parts[${index}] is ${printable(mediaType)}, which is not supported by this agent. Send one of: ${accepted}.`,
    );
  }
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
