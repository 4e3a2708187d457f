/** Any JSON value (`google.protobuf.Value`). */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object (`google.protobuf.Struct`). */
export interface JsonObject {
  [key: string]: JsonValue;
}
