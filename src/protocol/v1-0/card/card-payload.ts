import type { AgentCard, JsonObject } from '../../model/index.js';
import { type Write, explicit, implicit, listOf, map, message, required } from './presence.js';

const requirement = message({ schemes: map(message({ list: implicit() })) });
const requirements = implicit(listOf(requirement));

const description = implicit();
const scopes = required({});
const refreshUrl = implicit();
const flows = message({
  authorizationCode: explicit(
    message({
      authorizationUrl: required(''),
      tokenUrl: required(''),
      refreshUrl,
      scopes,
      pkceRequired: implicit(),
    }),
  ),
  clientCredentials: explicit(message({ tokenUrl: required(''), refreshUrl, scopes })),
  implicit: explicit(message({ authorizationUrl: implicit(), refreshUrl, scopes: map() })),
  password: explicit(message({ tokenUrl: implicit(), refreshUrl, scopes: map() })),
  deviceCode: explicit(message({ deviceAuthorizationUrl: required(''), tokenUrl: required(''), refreshUrl, scopes })),
});

const scheme = message({
  apiKeySecurityScheme: explicit(message({ description, location: required(''), name: required('') })),
  httpAuthSecurityScheme: explicit(message({ description, scheme: required(''), bearerFormat: implicit() })),
  oauth2SecurityScheme: explicit(message({ description, flows: required({}, flows), oauth2MetadataUrl: implicit() })),
  openIdConnectSecurityScheme: explicit(message({ description, openIdConnectUrl: required('') })),
  mtlsSecurityScheme: explicit(message({ description })),
});

const skill = message({
  id: required(''),
  name: required(''),
  description: required(''),
  tags: required([]),
  examples: implicit(),
  inputModes: implicit(),
  outputModes: implicit(),
  securityRequirements: requirements,
});

const extension = message({ uri: implicit(), description, required: implicit(), params: explicit() });

/** Presence as in `specification/a2a.proto`, for each field of a card but `signatures`. */
const card = message({
  name: required(''),
  description: required(''),
  supportedInterfaces: required(
    [],
    listOf(
      message({ url: required(''), protocolBinding: required(''), tenant: implicit(), protocolVersion: required('') }),
    ),
  ),
  provider: explicit(message({ url: required(''), organization: required('') })),
  version: required(''),
  documentationUrl: explicit(),
  capabilities: required(
    {},
    message({
      streaming: explicit(),
      pushNotifications: explicit(),
      extensions: implicit(listOf(extension)),
      extendedAgentCard: explicit(),
    }),
  ),
  securitySchemes: map(scheme),
  securityRequirements: requirements,
  defaultInputModes: required([]),
  defaultOutputModes: required([]),
  skills: required([], listOf(skill)),
  iconUrl: explicit(),
});

/**
 * What a signature covers, before RFC 8785: required fields always, `optional` ones when they are set, others unless they have
 * their default; no `signatures`, and nothing that v1.0 does not know. Spec 8.4.1. Shares `params` of extensions.
 */
export const cardPayload = (given: AgentCard): JsonObject => card(given) as JsonObject;

/**
 * The same as the published SDKs verify it (JavaScript 1.3, Python 1.0): they leave out whatever is empty, at any depth, also where
 * it is required: `scopes: {}`, `mtlsSecurityScheme: {}`, a security requirement without scopes.
 */
export const leanPayload = (given: AgentCard): JsonObject => (lean(cardPayload(given)) ?? {}) as JsonObject;

const lean: Write = (value) => {
  if (value === null || value === '') return undefined;
  if (Array.isArray(value)) return filled(value.map(lean).filter((item) => item !== undefined));
  if (typeof value !== 'object') return value;
  const members = Object.entries(value as object).map(([key, member]) => [key, lean(member)] as const);
  return filled(Object.fromEntries(members.filter(([, member]) => member !== undefined)));
};

const filled = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);
