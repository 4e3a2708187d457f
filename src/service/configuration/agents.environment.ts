import { declaredTenantProblem } from '../../security/tenants.options.js';
import { AuthEnvironment } from './auth.environment.js';
import { isHttpUrl, isFilled } from './values.js';
import { Flag, Text } from './variable.decorators.js';

const TENANT_RULE = "letters, digits and - . _ ~, and no reserved path segment such as 'agents', 'tasks' or 'v1'";

/** The variables for agents and their cards. */
export class AgentsEnvironment extends AuthEnvironment {
  @Text({ rule: TENANT_RULE, accepts: (value) => declaredTenantProblem(value) === undefined, example: 'acme' })
  A2A_TENANT?: string;

  @Flag()
  A2A_TENANT_REQUIRED?: boolean;

  @Text({ rule: 'the name of an organization', accepts: isFilled, example: 'ACME' })
  A2A_PROVIDER_ORGANIZATION?: string;

  @Text({
    rule: 'an http or https URL without query and fragment',
    accepts: isHttpUrl,
    example: 'https://acme.example',
  })
  A2A_PROVIDER_URL?: string;

  @Text({ rule: 'the path of a file', accepts: isFilled, example: '/run/secrets/card-keys.json' })
  A2A_CARD_KEYS_FILE?: string;

  @Text({
    rule: 'an http or https URL without credentials, query and fragment',
    accepts: (value) => isHttpUrl(value) && new URL(value).username + new URL(value).password === '',
    example: 'http://127.0.0.1:11434/v1',
    secret: true,
  })
  A2A_RELAY_BASE_URL?: string;

  @Text({ rule: 'the name of a model', accepts: isFilled, example: 'llama3.2' })
  A2A_RELAY_MODEL?: string;

  @Text({
    rule: 'the key of the API, without white space',
    accepts: (value) => /^[\x21-\x7e]+$/.test(value),
    example: 'sk-0123456789',
    secret: true,
  })
  A2A_RELAY_API_KEY?: string;
}

/** An API needs a model. */
export function relayProblems({ A2A_RELAY_BASE_URL, A2A_RELAY_MODEL }: AgentsEnvironment): string[] {
  if (A2A_RELAY_BASE_URL === undefined || A2A_RELAY_MODEL !== undefined) return [];
  return [
    'A2A_RELAY_MODEL must be set with A2A_RELAY_BASE_URL: it is the model that answers. Example: A2A_RELAY_MODEL=llama3.2',
  ];
}
