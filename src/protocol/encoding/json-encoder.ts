import { type MessageClass, type MessageField, wireFieldsOf } from '../messages/field.decorator.js';
import type { EnumKind, Kind } from '../messages/kind.js';

/** Writes a value of canonical form. */
export type Encode = (value: never) => unknown;

/** How a JSON form of the protocol departs from the canonical one, in what is written. */
export interface WrittenForm {
  /** What the form calls values of an enum. */
  readonly enums: (kind: EnumKind) => (name: string) => string;
  readonly scalars?: Readonly<Partial<Record<Kind['type'], Encode>>>;
  /** Messages that it has in quite another shape. */
  readonly messages: readonly (readonly [MessageClass, Encode])[];
  /** Fields of a message that it calls otherwise; undefined: that it has not. */
  readonly names?: readonly (readonly [MessageClass, Readonly<Record<string, string | undefined>>])[];
  /** Members that a message has besides. */
  readonly constants?: readonly (readonly [MessageClass, Readonly<Record<string, string>>])[];
}

/** Turns canonical messages into those of one JSON form: new objects, which share what the form does not alter. */
export class JsonEncoder {
  readonly #made: Map<MessageClass, Encode>;
  readonly #names: ReadonlyMap<MessageClass, Readonly<Record<string, string | undefined>>>;
  readonly #constants: ReadonlyMap<MessageClass, Readonly<Record<string, string>>>;

  constructor(private readonly form: WrittenForm) {
    this.#made = new Map(form.messages);
    this.#names = new Map(form.names);
    this.#constants = new Map(form.constants);
  }

  of(message: MessageClass): Encode {
    const encode = this.#made.get(message) ?? this.#object(message);
    this.#made.set(message, encode);
    return encode;
  }

  #object(message: MessageClass): Encode {
    const names = this.#names.get(message) ?? {};
    const constants = Object.entries(this.#constants.get(message) ?? {});
    const fields = wireFieldsOf(message).flatMap((field: MessageField) => {
      const written = field.name in names ? names[field.name] : field.name;
      return written === undefined ? [] : [{ name: field.name, written, encode: this.#kind(field.kind) }];
    });
    return (value: Readonly<Record<string, never>>) => {
      // Not by spreading the constants: V8 makes a slow object of that.
      const result: Record<string, unknown> = {};
      for (const [name, constant] of constants) result[name] = constant;
      for (const { name, written, encode } of fields) {
        const member = value[name];
        if (member !== undefined) result[written] = encode === undefined ? member : encode(member);
      }
      return result;
    };
  }

  /** Undefined: as it is. */
  #kind(kind: Kind): Encode | undefined {
    if (kind.type === 'message') return this.of(kind.of);
    if (kind.type === 'enum') return this.form.enums(kind);
    if (kind.type === 'list' && kind.of.type === 'message') {
      const encode = this.of(kind.of.of);
      return (items: readonly never[]) => items.map((item) => encode(item));
    }
    return this.form.scalars?.[kind.type];
  }
}
