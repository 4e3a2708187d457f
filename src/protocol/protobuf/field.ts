import type { FieldType } from './field-types.js';

/**
 * `implicit`: the default is not sent, and counts as unset. `explicit`: set to the default is not the same as unset.
 * `oneof`: at most one of the message's fields of this label is set.
 */
export type Label = 'implicit' | 'explicit' | 'oneof' | 'repeated' | 'map';

export interface Field {
  readonly number: number;
  readonly type: FieldType;
  readonly label: Label;
}

const labelled =
  (label: Label) =>
  (number: number, type: FieldType): Field => ({ number, type, label });

export const field = labelled('implicit');
export const optional = labelled('explicit');
export const oneof = labelled('oneof');
export const repeated = labelled('repeated');
/** `map<string, type>`. */
export const map = labelled('map');

/** A field with its tag, as the wire has it. */
export const tagOf = ({ number, type, label }: Field): number => number * 8 + (label === 'map' ? 2 : type.wire);
