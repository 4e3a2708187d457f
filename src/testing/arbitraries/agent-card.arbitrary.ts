import fc from 'fast-check';
import type { AgentCard, JsonObject, SecurityScheme } from '../../protocol/model/index.js';
import { jsonObject, PLAIN, text } from './json.arbitrary.js';

const someOf = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }, ...required: (keyof T)[]) =>
  fc.record(fields, { ...PLAIN, requiredKeys: required });
const texts = () => fc.array(text(8), { maxLength: 2 });
const name = () => fc.constantFrom('a', 'b', 'oauth', '__proto__');
/** Keys such as `__proto__` are own properties, as `JSON.parse` makes them. */
const byName = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc
    .array(fc.tuple(name(), value), { maxLength: 2 })
    .map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries))) as Record<string, T>);

const scopes = () => byName(text(8));
const urls = { refreshUrl: text(), scopes: scopes() };
const flow = (): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    fc.record(
      {
        authorizationCode: someOf({ ...urls, authorizationUrl: text(), tokenUrl: text(), pkceRequired: fc.boolean() }),
      },
      PLAIN,
    ),
    fc.record({ clientCredentials: someOf({ ...urls, tokenUrl: text() }) }, PLAIN),
    fc.record({ implicit: someOf({ ...urls, authorizationUrl: text() }) }, PLAIN),
    fc.record({ password: someOf({ ...urls, tokenUrl: text() }) }, PLAIN),
    fc.record({ deviceCode: someOf({ ...urls, deviceAuthorizationUrl: text(), tokenUrl: text() }) }, PLAIN),
  ) as fc.Arbitrary<JsonObject>;

const scheme = (): fc.Arbitrary<SecurityScheme> =>
  fc.oneof(
    fc.record({ apiKeySecurityScheme: someOf({ description: text(), location: text(), name: text() }) }, PLAIN),
    fc.record({ httpAuthSecurityScheme: someOf({ description: text(), scheme: text(), bearerFormat: text() }) }, PLAIN),
    fc.record(
      { oauth2SecurityScheme: someOf({ description: text(), flows: flow(), oauth2MetadataUrl: text() }) },
      PLAIN,
    ),
    fc.record({ openIdConnectSecurityScheme: someOf({ description: text(), openIdConnectUrl: text() }) }, PLAIN),
    fc.record({ mtlsSecurityScheme: someOf({ description: text() }) }, PLAIN),
  ) as fc.Arbitrary<SecurityScheme>;

const requirements = () =>
  fc.array(fc.record({ schemes: byName(fc.record({ list: texts() }, PLAIN)) }, PLAIN), { maxLength: 2 });

/** Any card that the protocol can express. */
export const agentCard = (): fc.Arbitrary<AgentCard> =>
  someOf<Required<AgentCard>>(
    {
      name: text(),
      description: text(),
      supportedInterfaces: fc.array(
        fc.record({ url: text(), protocolBinding: text(), tenant: text(), protocolVersion: text() }, PLAIN),
        { maxLength: 2 },
      ),
      provider: fc.record({ url: text(), organization: text() }, PLAIN),
      version: text(),
      documentationUrl: text(),
      capabilities: someOf({
        streaming: fc.boolean(),
        pushNotifications: fc.boolean(),
        extendedAgentCard: fc.boolean(),
        extensions: fc.array(
          someOf({ uri: text(), description: text(), required: fc.boolean(), params: jsonObject() }, 'uri'),
          { maxLength: 2 },
        ),
      }),
      securitySchemes: byName(scheme()),
      securityRequirements: requirements(),
      defaultInputModes: texts(),
      defaultOutputModes: texts(),
      skills: fc.array(
        someOf(
          {
            id: text(),
            name: text(),
            description: text(),
            tags: texts(),
            examples: texts(),
            inputModes: texts(),
            outputModes: texts(),
            securityRequirements: requirements(),
          },
          'id',
          'name',
          'description',
          'tags', // prettier-ignore
        ),
        { maxLength: 2 },
      ),
      signatures: fc.array(
        someOf({ protected: text(), signature: text(), header: jsonObject() }, 'protected', 'signature'),
        {
          maxLength: 2,
        },
      ),
      iconUrl: text(),
    },
    'name',
    'description',
    'supportedInterfaces',
    'version',
    'capabilities',
    'defaultInputModes',
    'defaultOutputModes',
    'skills', // prettier-ignore
  );
