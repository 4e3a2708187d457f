import { isObject } from '../../common/is-object.js';
import {
  checkBoolean,
  checkKeys,
  checkMediaTypes,
  checkOptionalText,
  checkText,
  checkTexts,
  checkUrl,
  duplicates,
  isText,
  type Report,
  show,
} from '../../common/option-checks.js';
import type { AgentSkill } from '../../protocol/model/index.js';

const SKILL_KEYS = Object.keys({
  id: true,
  name: true,
  description: true,
  tags: true,
  examples: true,
  inputModes: true,
  outputModes: true,
  securityRequirements: true,
} satisfies Record<keyof AgentSkill, true>);

export function checkProvider(provider: unknown, report: Report): void {
  if (provider === undefined) return;
  if (!isObject(provider)) return report(`provider is ${show(provider)}: use { organization, url }.`);
  checkText(provider.organization, 'provider.organization', report);
  checkUrl(provider.url, 'provider.url', report);
}

export function checkExtensions(extensions: unknown, report: Report): void {
  if (extensions === undefined) return;
  if (!Array.isArray(extensions)) return report(`extensions is ${show(extensions)}: use an array of { uri, … }.`);
  extensions.forEach((extension: unknown, index) => {
    const where = `extensions[${index}]`;
    if (!isObject(extension)) return report(`${where} is ${show(extension)}: use { uri, … }.`);
    if (typeof extension.uri !== 'string' || !URL.canParse(extension.uri)) {
      report(`${where}.uri is ${show(extension.uri)}: use an absolute URI.`);
    }
    checkBoolean(extension.required, `${where}.required`, report);
    checkOptionalText(extension.description, `${where}.description`, report);
    if (extension.params !== undefined && !isObject(extension.params))
      report(`${where}.params is ${show(extension.params)}: use an object.`);
  });
  for (const uri of duplicates(
    extensions.map((extension: unknown) => (isObject(extension) ? extension.uri : undefined)),
  )) {
    report(`extensions has '${uri}' more than once: keep one.`);
  }
}

export function checkSkills(skills: unknown, schemes: unknown, report: Report): void {
  if (!Array.isArray(skills) || skills.length === 0) {
    return report(`skills is ${show(skills)}: describe at least one, as { id, name, description, tags }.`);
  }
  skills.forEach((skill: unknown, index) => {
    const where = `skills[${index}]`;
    if (!isObject(skill)) return report(`${where} is ${show(skill)}: use { id, name, description, tags }.`);
    checkKeys(skill, SKILL_KEYS, where, report);
    for (const field of ['id', 'name', 'description']) checkText(skill[field], `${where}.${field}`, report);
    if (!Array.isArray(skill.tags) || skill.tags.length === 0 || !skill.tags.every(isText)) {
      report(`${where}.tags is ${show(skill.tags)}: give at least one word.`);
    }
    if (skill.examples !== undefined) checkTexts(skill.examples, `${where}.examples`, report);
    checkMediaTypes(skill.inputModes, `${where}.inputModes`, report);
    checkMediaTypes(skill.outputModes, `${where}.outputModes`, report);
    checkSecurityRequirements(skill.securityRequirements, schemes, `${where}.securityRequirements`, report);
  });
  for (const id of duplicates(skills.map((skill: unknown) => (isObject(skill) ? skill.id : undefined)))) {
    report(`skills has the id '${id}' more than once: an id names one skill.`);
  }
}

type FieldCheck = (value: unknown, where: string, report: Report) => void;

const LOCATIONS = ['query', 'header', 'cookie'];

const checkLocation: FieldCheck = (value, where, report) => {
  if (!LOCATIONS.includes(value as string)) report(`${where} is ${show(value)}: use one of ${LOCATIONS.join(', ')}.`);
};

const checkScopes: FieldCheck = (value, where, report) => {
  if (!isObject(value) || !Object.values(value).every((text) => typeof text === 'string')) {
    report(
      `${where} is ${show(value)}: use an object from the scope's name to its description; {} when there are none.`,
    );
  }
};

const REFRESHABLE = { scopes: checkScopes } as const;

/** Required fields of each flow. Spec 4.5.7 to 4.5.10; `implicit` and `password` are deprecated there, but known. */
const FLOWS: Record<string, Record<string, FieldCheck>> = {
  authorizationCode: { authorizationUrl: checkUrl, tokenUrl: checkUrl, ...REFRESHABLE },
  clientCredentials: { tokenUrl: checkUrl, ...REFRESHABLE },
  deviceCode: { deviceAuthorizationUrl: checkUrl, tokenUrl: checkUrl, ...REFRESHABLE },
  implicit: {},
  password: {},
};

const checkFlows: FieldCheck = (value, where, report) => checkOneOf(value, FLOWS, where, 'flow', report);

/** Required fields of each kind of scheme. Spec 4.5. */
const SCHEMES: Record<string, Record<string, FieldCheck>> = {
  apiKeySecurityScheme: { location: checkLocation, name: checkText },
  httpAuthSecurityScheme: { scheme: checkText },
  oauth2SecurityScheme: { flows: checkFlows },
  openIdConnectSecurityScheme: { openIdConnectUrl: checkUrl },
  mtlsSecurityScheme: {},
};

/** An object with exactly one member, whose name says what it is. */
function checkOneOf(
  value: unknown,
  kinds: Record<string, Record<string, FieldCheck>>,
  where: string,
  noun: string,
  report: Report,
): void {
  const [kind, ...more] = isObject(value) ? Object.keys(value) : [];
  const fields = kind === undefined || !Object.hasOwn(kinds, kind) ? undefined : kinds[kind];
  if (!isObject(value) || kind === undefined || !fields || more.length > 0) {
    return report(`${where} is ${show(value)}: it has exactly one ${noun}, of ${Object.keys(kinds).join(', ')}.`);
  }
  const body = value[kind];
  if (!isObject(body)) return report(`${where}.${kind} is ${show(body)}: use an object.`);
  for (const [field, check] of Object.entries(fields)) check(body[field], `${where}.${kind}.${field}`, report);
  checkOptionalText(body.description, `${where}.${kind}.description`, report);
}

export function checkSecuritySchemes(schemes: unknown, report: Report): void {
  if (schemes === undefined) return;
  if (!isObject(schemes)) return report(`securitySchemes is ${show(schemes)}: use an object from name to scheme.`);
  for (const [name, scheme] of Object.entries(schemes))
    checkOneOf(scheme, SCHEMES, `securitySchemes.${name}`, 'member', report);
}

/** Requirements may only name schemes that the agent declares. */
export function checkSecurityRequirements(
  requirements: unknown,
  schemes: unknown,
  where: string,
  report: Report,
): void {
  if (requirements === undefined) return;
  if (!Array.isArray(requirements)) return report(`${where} is ${show(requirements)}: use an array.`);
  const declared = isObject(schemes) ? Object.keys(schemes) : [];
  requirements.forEach((requirement: unknown, index) => {
    const named = isObject(requirement) ? requirement.schemes : undefined;
    if (!isObject(named)) {
      return report(`${where}[${index}] is ${show(requirement)}: use { schemes: { <name>: { list: [<scope>, …] } } }.`);
    }
    for (const [name, scopes] of Object.entries(named)) {
      if (!declared.includes(name)) {
        report(
          `${where}[${index}] names the scheme '${name}', which securitySchemes does not declare` +
            `${declared.length ? ` (it has ${declared.join(', ')})` : ''}: declare it.`,
        );
      }
      if (!isObject(scopes) || !Array.isArray(scopes.list) || !scopes.list.every(isText)) {
        report(
          `${where}[${index}].schemes.${name} is ${show(scopes)}: use { list: [<scope>, …] }, with [] for no scopes.`,
        );
      }
    }
  });
}
