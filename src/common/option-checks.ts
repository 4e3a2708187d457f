/** Checks of values that are typed by TypeScript, but written by hand and perhaps in JavaScript. */
export type Report = (problem: string) => void;

const MEDIA_TYPE = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(\s*;\s*[\w!#$&^.+-]+=("[^"]*"|[^\s;"]+))*$/;

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'function') return 'a function';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export function checkKeys(
  value: Record<string, unknown>,
  known: readonly string[],
  where: string,
  report: Report,
): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    report(
      `${where} has the unknown key${unknown.length > 1 ? 's' : ''} ${unknown.join(', ')}; known are ${known.join(', ')}.`,
    );
  }
}

export function checkText(value: unknown, where: string, report: Report): void {
  if (!isText(value)) report(`${where} is ${show(value)}: give a non-empty string.`);
}

export function checkOptionalText(value: unknown, where: string, report: Report): void {
  if (value !== undefined) checkText(value, where, report);
}

export function checkBoolean(value: unknown, where: string, report: Report): void {
  if (value !== undefined && typeof value !== 'boolean') report(`${where} is ${show(value)}: use true or false.`);
}

export function checkUrl(value: unknown, where: string, report: Report): void {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) report(`${where} is ${show(value)}: use an absolute http or https URL.`);
}

export function checkOptionalUrl(value: unknown, where: string, report: Report): void {
  if (value !== undefined) checkUrl(value, where, report);
}

export function checkTexts(value: unknown, where: string, report: Report): void {
  if (!Array.isArray(value) || !value.every(isText))
    report(`${where} is ${show(value)}: use an array of non-empty strings.`);
}

export function checkMediaTypes(value: unknown, where: string, report: Report): void {
  if (value === undefined) return;
  if (!Array.isArray(value) || value.length === 0)
    return report(`${where} is ${show(value)}: use an array with at least one media type.`);
  for (const type of value as unknown[]) {
    if (typeof type !== 'string' || !MEDIA_TYPE.test(type)) {
      report(`${where} has ${show(type)}: a media type is type/subtype, as in 'text/plain'.`);
    }
  }
}

export function duplicates(values: readonly unknown[]): string[] {
  const texts = values.filter((value) => typeof value === 'string');
  return [...new Set(texts.filter((value, index) => texts.indexOf(value) !== index))];
}
