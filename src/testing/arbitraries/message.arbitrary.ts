import fc from 'fast-check';
import type { Artifact, JsonObject, Message, Part } from '../../protocol/model/index.js';
import { id, jsonObject, jsonValue, text, PLAIN } from './json.arbitrary.js';
import { webUrl } from './text.arbitrary.js';

/** Part metadata that looks like the marks v0.3 parts carry. */
const markLike = (): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    fc.record({ data_part_compat: fc.boolean() }, PLAIN),
    fc.record(
      {
        a2a_v1_part: fc.record(
          { filename: text(), mediaType: text(), metadata: jsonObject() },
          { ...PLAIN, requiredKeys: [] },
        ),
      },
      PLAIN,
    ),
    fc.record({ a2a_v1_part: fc.record({ filename: text() }, PLAIN), data_part_compat: fc.constant(true) }, PLAIN),
  ) as fc.Arbitrary<JsonObject>;

const partFields = {
  metadata: fc.oneof({ weight: 3, arbitrary: jsonObject() }, { weight: 1, arbitrary: markLike() }),
  filename: text(),
  mediaType: fc.constantFrom('text/plain', 'application/json', 'image/png', ''),
};

const base64 = (): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));

/** Any part of the protocol, also with metadata that imitates what v0.3 parts are marked with. */
export const part = (): fc.Arbitrary<Part> =>
  fc.oneof(
    fc.record({ text: text(), ...partFields }, { ...PLAIN, requiredKeys: ['text'] }),
    fc.record({ raw: base64(), ...partFields }, { ...PLAIN, requiredKeys: ['raw'] }),
    fc.record({ url: webUrl(), ...partFields }, { ...PLAIN, requiredKeys: ['url'] }),
    fc.record(
      { data: fc.oneof(jsonValue(), jsonObject(), fc.record({ value: jsonValue() }, PLAIN)), ...partFields },
      { ...PLAIN, requiredKeys: ['data'] },
    ),
  );

export const parts = (): fc.Arbitrary<Part[]> => fc.array(part(), { minLength: 1, maxLength: 3 });

export const message = (): fc.Arbitrary<Message> =>
  fc.record(
    {
      messageId: id(),
      contextId: id(),
      taskId: id(),
      role: fc.constantFrom('ROLE_USER' as const, 'ROLE_AGENT' as const),
      parts: parts(),
      metadata: jsonObject(),
      extensions: fc.array(webUrl(), { maxLength: 2 }),
      referenceTaskIds: fc.array(id(), { maxLength: 2 }),
    },
    { ...PLAIN, requiredKeys: ['messageId', 'role', 'parts'] },
  );

/** `artifactId` is one of a few by default, so that events hit each other's artifacts. */
export const artifact = (
  artifactId: fc.Arbitrary<string> = fc.constantFrom('a1', 'a2', 'a3'),
): fc.Arbitrary<Artifact> =>
  fc.record(
    {
      artifactId,
      name: text(),
      description: text(),
      parts: parts(),
      metadata: jsonObject(),
      extensions: fc.array(fc.constantFrom('urn:x', 'urn:y', 'urn:z'), { maxLength: 2 }),
    },
    { ...PLAIN, requiredKeys: ['artifactId', 'parts'] },
  );
