import { field, map, oneof, repeated } from '../field.js';
import { bool, string } from '../field-types.js';
import { message } from '../message.js';

const urls = { tokenUrl: field(1, string), refreshUrl: field(2, string), scopes: map(3, string) };
const implicit = message({ authorizationUrl: field(1, string), refreshUrl: field(2, string), scopes: map(3, string) });
const authorizationCode = {
  authorizationUrl: field(1, string),
  tokenUrl: field(2, string),
  refreshUrl: field(3, string),
  scopes: map(4, string),
};
const deviceCode = message({
  deviceAuthorizationUrl: field(1, string),
  tokenUrl: field(2, string),
  refreshUrl: field(3, string),
  scopes: map(4, string),
});

const v03Flows = message({
  authorizationCode: oneof(1, message(authorizationCode)),
  clientCredentials: oneof(2, message(urls)),
  implicit: oneof(3, implicit),
  password: oneof(4, message(urls)),
});

const v10Flows = message({
  authorizationCode: oneof(1, message({ ...authorizationCode, pkceRequired: field(5, bool) })),
  clientCredentials: oneof(2, message(urls)),
  implicit: oneof(3, implicit),
  password: oneof(4, message(urls)),
  deviceCode: oneof(5, deviceCode),
});

const scheme = (flows: typeof v10Flows) =>
  message({
    apiKeySecurityScheme: oneof(
      1,
      message({ description: field(1, string), location: field(2, string), name: field(3, string) }),
    ),
    httpAuthSecurityScheme: oneof(
      2,
      message({ description: field(1, string), scheme: field(2, string), bearerFormat: field(3, string) }),
    ),
    oauth2SecurityScheme: oneof(
      3,
      message({ description: field(1, string), flows: field(2, flows), oauth2MetadataUrl: field(3, string) }),
    ),
    openIdConnectSecurityScheme: oneof(
      4,
      message({ description: field(1, string), openIdConnectUrl: field(2, string) }),
    ),
    mtlsSecurityScheme: oneof(5, message({ description: field(1, string) })),
  });

/** `SecurityScheme` of each version. */
export const v10SecurityScheme = scheme(v10Flows);
export const v03SecurityScheme = scheme(v03Flows);

/** `SecurityRequirement` of v1.0, which v0.3 called `Security`: scopes by the names of schemes. */
export const securityRequirement = message({ schemes: map(1, message({ list: repeated(1, string) })) });
