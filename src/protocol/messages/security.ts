import { Field } from './field.decorator.js';
import { bool, mapOf, messageOf } from './kind.js';
import { text, texts } from './kinds.js';

const scopes = mapOf(text);

class AuthorizationCodeOAuthFlow {
  @Field(1, text, 'required')
  authorizationUrl: string;

  @Field(2, text, 'required')
  tokenUrl: string;

  @Field(3, text)
  refreshUrl?: string;

  @Field(4, scopes, 'required')
  scopes: Record<string, string>;

  @Field(5, bool)
  pkceRequired?: boolean;
}

class ClientCredentialsOAuthFlow {
  @Field(1, text, 'required')
  tokenUrl: string;

  @Field(2, text)
  refreshUrl?: string;

  @Field(3, scopes, 'required')
  scopes: Record<string, string>;
}

class ImplicitOAuthFlow {
  @Field(1, text)
  authorizationUrl?: string;

  @Field(2, text)
  refreshUrl?: string;

  @Field(3, scopes)
  scopes?: Record<string, string>;
}

class PasswordOAuthFlow {
  @Field(1, text)
  tokenUrl?: string;

  @Field(2, text)
  refreshUrl?: string;

  @Field(3, scopes)
  scopes?: Record<string, string>;
}

class DeviceCodeOAuthFlow {
  @Field(1, text, 'required')
  deviceAuthorizationUrl: string;

  @Field(2, text, 'required')
  tokenUrl: string;

  @Field(3, text)
  refreshUrl?: string;

  @Field(4, scopes, 'required')
  scopes: Record<string, string>;
}

class OAuthFlows {
  @Field(1, messageOf(AuthorizationCodeOAuthFlow), 'oneof')
  authorizationCode?: AuthorizationCodeOAuthFlow;

  @Field(2, messageOf(ClientCredentialsOAuthFlow), 'oneof')
  clientCredentials?: ClientCredentialsOAuthFlow;

  @Field(3, messageOf(ImplicitOAuthFlow), 'oneof')
  implicit?: ImplicitOAuthFlow;

  @Field(4, messageOf(PasswordOAuthFlow), 'oneof')
  password?: PasswordOAuthFlow;

  @Field(5, messageOf(DeviceCodeOAuthFlow), 'oneof')
  deviceCode?: DeviceCodeOAuthFlow;
}

class ApiKeySecurityScheme {
  @Field(1, text)
  description?: string;

  @Field(2, text, 'required')
  location: string;

  @Field(3, text, 'required')
  name: string;
}

class HttpAuthSecurityScheme {
  @Field(1, text)
  description?: string;

  @Field(2, text, 'required')
  scheme: string;

  @Field(3, text)
  bearerFormat?: string;
}

class OAuth2SecurityScheme {
  @Field(1, text)
  description?: string;

  @Field(2, messageOf(OAuthFlows), 'required')
  flows: OAuthFlows;

  @Field(3, text)
  oauth2MetadataUrl?: string;
}

class OpenIdConnectSecurityScheme {
  @Field(1, text)
  description?: string;

  @Field(2, text, 'required')
  openIdConnectUrl: string;
}

class MutualTlsSecurityScheme {
  @Field(1, text)
  description?: string;
}

/** Spec 4.5. */
export class SecuritySchemeFields {
  @Field(1, messageOf(ApiKeySecurityScheme), 'oneof')
  apiKeySecurityScheme?: ApiKeySecurityScheme;

  @Field(2, messageOf(HttpAuthSecurityScheme), 'oneof')
  httpAuthSecurityScheme?: HttpAuthSecurityScheme;

  @Field(3, messageOf(OAuth2SecurityScheme), 'oneof')
  oauth2SecurityScheme?: OAuth2SecurityScheme;

  @Field(4, messageOf(OpenIdConnectSecurityScheme), 'oneof')
  openIdConnectSecurityScheme?: OpenIdConnectSecurityScheme;

  @Field(5, messageOf(MutualTlsSecurityScheme), 'oneof')
  mtlsSecurityScheme?: MutualTlsSecurityScheme;
}

class StringList {
  @Field(1, texts)
  list: string[];
}

/** Scopes by the names of schemes. */
export class SecurityRequirement {
  @Field(1, mapOf(messageOf(StringList)))
  schemes: Record<string, StringList>;
}
