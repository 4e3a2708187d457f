import type { MessageClass } from './field.decorator.js';

/** What a field of a message holds, in the terms of a2a.proto and with the limits of this server. */
export type Kind =
  | StringKind
  | IntegerKind
  | EnumKind
  | { readonly type: 'bool' | 'bytes' | 'struct' | 'value' | 'timestamp' }
  | { readonly type: 'message'; readonly of: MessageClass }
  | ListKind
  | { readonly type: 'map'; readonly of: Kind };

export interface StringKind {
  readonly type: 'string';
  /** UTF-8 bytes. */
  readonly min?: 0 | 1;
  readonly max?: number;
  /** A proto3 string has no presence: empty means unset. */
  readonly emptyIsUnset?: true;
}

export interface IntegerKind {
  readonly type: 'int32';
  /** Both included. */
  readonly min: number;
  readonly max: number;
  /** What its absence stands for. */
  readonly standard?: number;
}

export interface EnumKind {
  readonly type: 'enum';
  /** By their numbers, from 0 on, which is the one that means unset. */
  readonly names: readonly string[];
  /** What is wrong with a value that is none of them. */
  readonly description: string;
  /** The first name is taken, for none at all. */
  readonly zeroIsUnset?: true;
}

export interface ListKind {
  readonly type: 'list';
  readonly of: Kind;
  /** Items. */
  readonly min?: 0 | 1;
  readonly max?: number;
}

export const string = (size: Omit<StringKind, 'type'> = {}): StringKind => ({ type: 'string', ...size });
export const integer = (min: number, max: number, standard?: number): IntegerKind => ({
  type: 'int32',
  min,
  max,
  standard,
});
export const messageOf = (of: MessageClass): Kind => ({ type: 'message', of });
export const listOf = (of: Kind, size: Pick<ListKind, 'min' | 'max'> = {}): ListKind => ({ type: 'list', of, ...size });
/** By texts. */
export const mapOf = (of: Kind): Kind => ({ type: 'map', of });
export const bool: Kind = { type: 'bool' };
/** Base64 in JSON. */
export const bytes: Kind = { type: 'bytes' };
/** A JSON object (`google.protobuf.Struct`). */
export const struct: Kind = { type: 'struct' };
/** Any JSON value (`google.protobuf.Value`). */
export const value: Kind = { type: 'value' };
/** RFC 3339 in JSON. */
export const timestamp: Kind = { type: 'timestamp' };
