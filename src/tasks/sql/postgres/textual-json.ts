import pg from 'pg';

const JSON_OID = 114;
const INT8_OID = 20;

/** Columns of type json arrive as unchanged text; bigint as number (our values stay far below 2^53). */
export const TEXTUAL_JSON: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === JSON_OID) return (text: string) => text;
    if (oid === INT8_OID) return Number;
    return pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};
