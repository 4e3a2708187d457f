import { booleanProblem, type NumberRange, show, unknownOptionProblem, wholeNumberProblem } from './option-problems.js';

export { show };

/** Checks of values that TypeScript types but that may be written in JavaScript. All problems are reported. */
export type Report = (problem: string) => void;

const MEDIA_TYPE = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(\s*;\s*[\w!#$&^.+-]+=("[^"]*"|[^\s;"]+))*$/;

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

const reportAny = (problem: string | undefined, report: Report): void => {
  if (problem !== undefined) report(problem);
};

export const checkKeys = (value: object, known: readonly string[], where: string, report: Report): void =>
  reportAny(unknownOptionProblem(value, known, where), report);

export function checkOptionalNumber(
  value: unknown,
  range: NumberRange,
  where: string,
  unit: string,
  report: Report,
): void {
  if (value !== undefined) reportAny(wholeNumberProblem(value, range, where, unit), report);
}

export function checkText(value: unknown, where: string, report: Report): void {
  if (!isText(value)) report(`${where} is ${show(value)}: give a non-empty string.`);
}

export function checkOptionalText(value: unknown, where: string, report: Report): void {
  if (value !== undefined) checkText(value, where, report);
}

export function checkBoolean(value: unknown, where: string, report: Report): void {
  if (value !== undefined) reportAny(booleanProblem(value, where), report);
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
