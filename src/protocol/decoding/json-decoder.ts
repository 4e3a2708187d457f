import { type MessageClass, type MessageField, wireFieldsOf } from '../messages/field.decorator.js';
import type { EnumKind, Kind } from '../messages/kind.js';
import { base64 } from './base64.js';
import { asIs, type Decode, enumOf, type Field, int32, jsonValue, listOf, object, optionalText } from './shape.js';

/** How a JSON form of the protocol departs from the canonical one. */
export interface JsonForm {
  /** Fields may also have their proto names (`message_id`). */
  readonly snakeCase: boolean;
  /** What the form calls values of an enum, and what they are in canonical form; undefined: unset. */
  readonly enums: (kind: EnumKind) => ReadonlyMap<unknown, string | undefined>;
  /** Scalars that it writes in another way than ProtoJSON. */
  readonly scalars?: Readonly<Partial<Record<Kind['type'], Decode>>>;
  /** Messages that it has in quite another shape. */
  readonly messages?: readonly (readonly [MessageClass, Decode])[];
  /** Fields of a message that it calls otherwise (the usual name first), or writes otherwise. */
  readonly fields?: readonly (readonly [MessageClass, Readonly<Record<string, Partial<Field>>>])[];
  /** Fields that no message has. */
  readonly without?: ReadonlySet<string>;
}

const PROTO_JSON: Readonly<Partial<Record<Kind['type'], Decode>>> = { bytes: base64, int32, value: jsonValue };

/** Turns the messages of one JSON form into canonical ones. What has the wrong type is passed on as it is. */
export class JsonDecoder {
  readonly #made: Map<MessageClass, Decode>;
  readonly #others: ReadonlyMap<MessageClass, Readonly<Record<string, Partial<Field>>>>;
  readonly #scalars: Readonly<Partial<Record<Kind['type'], Decode>>>;

  constructor(private readonly form: JsonForm) {
    this.#scalars = { ...PROTO_JSON, ...form.scalars };
    this.#made = new Map(form.messages);
    this.#others = new Map(form.fields);
  }

  of(message: MessageClass): Decode {
    const decode = this.#made.get(message) ?? this.#object(message);
    this.#made.set(message, decode);
    return decode;
  }

  #object(message: MessageClass): Decode {
    const { without, snakeCase } = this.form;
    const others = this.#others.get(message);
    const member = ({ name, kind }: MessageField): [string, Field] => {
      const { from = [name], decode = this.#kind(kind) } = others?.[name] ?? {};
      return [name, { from, decode }];
    };
    const fields = wireFieldsOf(message).filter(({ name }) => !without?.has(name));
    return object(Object.fromEntries(fields.map(member)), { snakeCase });
  }

  #kind(kind: Kind): Decode {
    if (kind.type === 'message') return this.of(kind.of);
    if (kind.type === 'enum') return enumOf(this.form.enums(kind));
    if (kind.type === 'list') return kind.of.type === 'message' ? listOf(this.#kind(kind.of)) : asIs;
    if (kind.type === 'string' && kind.emptyIsUnset) return optionalText;
    return this.#scalars[kind.type] ?? asIs;
  }
}
