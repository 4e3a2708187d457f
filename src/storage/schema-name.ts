/** The form of a schema's name, to complete "must be …". */
export const SCHEMA_NAME_RULE = 'a name of 1 to 63 letters, digits and _ $ -';

export const isSchemaName = (name: string): boolean => /^[\w$-]{1,63}$/.test(name);
