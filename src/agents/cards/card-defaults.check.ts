import { isObject } from '../../common/is-object.js';
import { checkProvider } from '../agent-options.check.js';
import { type Report, checkOptionalUrl } from '../../common/option-checks.js';
import { checkSecurityRequirements, checkSecuritySchemes } from '../security-options.check.js';
import type { CardDefaults } from './card-defaults.js';

/** All that is wrong with the defaults; each text names the option as the module's options do. */
export function checkCardDefaults(defaults: CardDefaults): string[] {
  const problems: string[] = [];
  const report: Report = (problem) => void problems.push(`A2aModule: cards.${problem}`);
  for (const field of ['documentationUrl', 'iconUrl'] as const) checkOptionalUrl(defaults[field], field, report);
  checkProvider(defaults.provider, report);
  checkSecuritySchemes(defaults.securitySchemes, report);
  const { securityRequirements, securitySchemes } = defaults;
  checkSecurityRequirements(securityRequirements, securitySchemes, 'securityRequirements', report);
  return problems;
}

/** The schemes that requirements of an agent may name: its own and the defaults. */
export function knownSchemes(own: unknown, defaults: unknown): unknown {
  if (defaults === undefined || !isObject(defaults)) return own;
  return own === undefined || isObject(own) ? { ...defaults, ...own } : own;
}
