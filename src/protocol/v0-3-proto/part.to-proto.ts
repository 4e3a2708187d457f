import type { Part } from '../model/index.js';
import { partToV03 } from '../v0-3/part.to-v0-3.js';
import type { ProtoFile, ProtoPart } from './proto.model.js';

/** A part as the v0.3 proto has it. What it has no field for is kept in the metadata, as in v0.3 over JSON-RPC. */
export function partToProto(part: Part): ProtoPart {
  const older = partToV03(part);
  const metadata = older.metadata === undefined ? undefined : { metadata: older.metadata };
  switch (older.kind) {
    case 'text':
      return { text: older.text, ...metadata };
    case 'data':
      return { data: { data: older.data }, ...metadata };
    case 'file': {
      const { bytes, uri, name, mimeType } = older.file;
      const file: ProtoFile = bytes === undefined ? { fileWithUri: uri } : { fileWithBytes: bytes };
      // Strings without presence: empty is the same as left out.
      if (mimeType) file.mimeType = mimeType;
      if (name) file.name = name;
      return { file, ...metadata };
    }
  }
}
