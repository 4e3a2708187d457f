import { JsonDecoder } from '../decoding/json-decoder.js';
import type { EnumKind } from '../messages/kind.js';

/** ProtoJSON takes the numbers of enums in place of their names. */
function byNumber({ names, zeroIsUnset }: EnumKind): Map<unknown, string | undefined> {
  const table = new Map<unknown, string | undefined>(names.map((name, number) => [number, name]));
  if (zeroIsUnset) table.set(0, undefined).set(names[0], undefined);
  return table;
}

/** ProtoJSON with its leniencies: proto names of fields, enums by number, null for unset. Spec 5.5, 5.7. */
export const v10Decoder = new JsonDecoder({ snakeCase: true, enums: byNumber });
