import { isObject } from '../../common/is-object.js';
import { toV10Card, type V03AgentCard } from '../../protocol/v0-3/index.js';
import type { A2aAgentOptions } from '../agent-options.js';
import type { SdkVersion } from './sdk-executor.js';
import { type Fields, setFields } from './set-fields.js';

/** An AgentCard of `@a2a-js/sdk` 1.x or 0.3.x, or the JSON of one. */
export interface SdkAgentCard {
  name: string;
  description: string;
  version: string;
  skills: readonly object[];
  defaultInputModes: readonly string[];
  defaultOutputModes: readonly string[];
  capabilities?: object;
  provider?: object;
  documentationUrl?: string;
  iconUrl?: string;
  securitySchemes?: object;
  securityRequirements?: readonly object[];
  supportedInterfaces?: readonly object[];
  signatures?: readonly object[];
  protocolVersion?: string;
  url?: string;
  preferredTransport?: string;
  additionalInterfaces?: readonly object[];
  security?: readonly object[];
  supportsAuthenticatedExtendedCard?: boolean;
}

/** Cards of 0.3 have one `url`, those of 1.x a list. */
export const sdkVersionOf = (card: SdkAgentCard): SdkVersion =>
  card.supportedInterfaces === undefined && card.url !== undefined ? '0.3' : '1.0';

/**
 * The options of an agent that a card for the SDK holds. Left out: the addresses, which are this server's, the signatures, and
 * whether there is an extended card.
 */
export function agentOptionsOf(card: SdkAgentCard): Omit<A2aAgentOptions, 'id'> {
  const given: Fields = sdkVersionOf(card) === '0.3' ? fieldsOfV03(card) : { ...card };
  const capabilities: Fields = isObject(given.capabilities) ? given.capabilities : {};
  const options = {
    ...setFields(given, 'name', 'version', 'provider', 'documentationUrl', 'iconUrl', 'securityRequirements'),
    description: given.description,
    skills: listOf(given.skills).map(skill),
    ...modes(given, { inputModes: 'defaultInputModes', outputModes: 'defaultOutputModes' }),
    ...setFields({ extensions: listOf(capabilities.extensions).map(extension) }, 'extensions'),
    ...setFields({ securitySchemes: schemes(given.securitySchemes) }, 'securitySchemes'),
    // To the SDK, a capability that a card does not mention is not there.
    streaming: capabilities.streaming === true,
    pushNotifications: capabilities.pushNotifications === true,
  };
  // Checked at boot, as the options of every agent.
  return options as unknown as Omit<A2aAgentOptions, 'id'>;
}

const fieldsOfV03 = (card: SdkAgentCard): Fields => ({
  ...toV10Card({ ...card, capabilities: card.capabilities ?? {} } as unknown as V03AgentCard),
});

const skill = (each: Fields): Fields => ({
  ...setFields(each, 'id', 'name', 'description', 'tags', 'examples', 'securityRequirements'),
  ...modes(each, { inputModes: 'inputModes', outputModes: 'outputModes' }),
});

const extension = (each: Fields): Fields => setFields(each, 'uri', 'description', 'required', 'params');

/** Modes that samples of the SDK use and that are no media types. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  text: 'text/plain',
  data: 'application/json',
  file: 'application/octet-stream',
};

const modes = (from: Fields, names: Readonly<Record<string, string>>): Fields =>
  Object.fromEntries(
    Object.entries(names)
      .map(([to, name]) => [to, setFields(from, name)[name]] as const)
      .filter(([, set]) => Array.isArray(set))
      .map(([to, set]) => [to, [...new Set((set as unknown[]).map((mode) => MEDIA_TYPES[String(mode)] ?? mode))]]),
  );

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

const schemes = (given: unknown): Fields =>
  isObject(given) ? Object.fromEntries(Object.entries(given).map(([name, each]) => [name, scheme(each)])) : {};

/** In 1.x the kind of a scheme, and of a flow of OAuth, is a tag; in the JSON of a card it is the member's name. */
function scheme(each: unknown): unknown {
  if (!isObject(each) || !('scheme' in each)) return each;
  return untagged(each.scheme);
}

function untagged(value: unknown): unknown {
  if (!isObject(value) || typeof value.$case !== 'string' || !isObject(value.value)) return value;
  const fields = Object.entries(value.value)
    .filter(([, field]) => field !== '' && field !== undefined && field !== false)
    .map(([name, field]) => [name, name === 'flows' && isObject(field) ? untagged(field.flow) : field]);
  return { [value.$case]: Object.fromEntries(fields) };
}
