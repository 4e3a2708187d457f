import { isOrigin } from '../../security/browsers/cors.options.js';
import { HostList } from '../../security/browsers/host-list.js';
import type { HttpTransportOptions } from '../../transports/http/http-transport.options.js';
import { AdminEnvironment } from './admin.environment.js';
import { listOf } from './values.js';
import { Flag, Text } from './variable.decorators.js';

/** The variables that say which names clients use for this server, and which pages may call it. */
export class BrowserEnvironment extends AdminEnvironment {
  @Text({
    rule: 'host names with commas between them, without ports, or *',
    accepts: isNameList,
    example: 'agents.example.com,*.example.org',
  })
  A2A_ALLOWED_HOSTS?: string;

  @Text({
    rule: 'origins with commas between them, without paths, or *',
    accepts: (value) => listOf(value).length > 0 && listOf(value).every(isOrigin),
    example: 'https://app.example.com',
  })
  A2A_CORS_ORIGINS?: string;

  @Flag()
  A2A_CORS_CREDENTIALS?: boolean;
}

export const browserOptions = ({
  A2A_ALLOWED_HOSTS: hosts,
  A2A_CORS_ORIGINS: origins,
  A2A_CORS_CREDENTIALS: credentials,
}: BrowserEnvironment): Partial<Pick<HttpTransportOptions, 'allowedHosts' | 'cors'>> => ({
  ...(hosts !== undefined && { allowedHosts: listOf(hosts) }),
  ...(origins !== undefined && { cors: { origins: listOf(origins), credentials } }),
});

/** What is wrong with the variables together. */
export function* browserProblems({
  A2A_CORS_ORIGINS: origins,
  A2A_CORS_CREDENTIALS: credentials,
}: BrowserEnvironment): Generator<string> {
  if (credentials === true && listOf(origins).includes('*')) {
    yield 'A2A_CORS_ORIGINS must name the origins, and not be *, with A2A_CORS_CREDENTIALS: browsers refuse that.';
  }
}

export function* browserWarnings({
  A2A_CORS_ORIGINS: origins,
  A2A_CORS_CREDENTIALS: credentials,
}: BrowserEnvironment): Generator<string> {
  if (credentials === true && origins === undefined)
    yield 'A2A_CORS_CREDENTIALS has no effect without A2A_CORS_ORIGINS: no page of another origin may call.';
}

function isNameList(value: string): boolean {
  try {
    return !new HostList(listOf(value)).empty;
  } catch {
    return false;
  }
}
