import { describe, expect, it } from '@jest/globals';
import type { A2aAgentOptions } from './agent-options.js';
import { checkAgentOptions } from './agent-options.check.js';

const skill = { id: 's', name: 'S', description: 'd', tags: ['t'] };
const valid: A2aAgentOptions = { id: 'shop', description: 'Sells', skills: [skill] };
const scheme = { httpAuthSecurityScheme: { scheme: 'Bearer' } };
const needs = <T = never>(name: string, list: T[] | string = []) => ({ schemes: { [name]: { list: list as T[] } } });

describe('checkAgentOptions', () => {
  it.each<[string, Partial<A2aAgentOptions>]>([
    ['the least', {}],
    ['the shortest id', { id: '7' }],
    ['the longest id', { id: 'a'.repeat(63) }],
    [
      'media types with parameters and wildcards',
      { inputModes: ['text/plain; charset=utf-8', 'application/vnd.a+json', 'image/*', '*/*'] },
    ],
    ['the longest deadline', { deadlineMs: 2_147_483_647 }],
    [
      'everything',
      {
        name: 'Shop',
        version: '2',
        provider: { organization: 'ACME', url: 'https://acme.example' },
        documentationUrl: 'http://docs.example/x',
        iconUrl: 'https://acme.example/i.png',
        streaming: false,
        default: true,
        replies: 'either',
        resumable: true,
        deadlineMs: 1,
        idleMs: 0,
        maxRuns: 1,
        retry: { maxAttempts: 1, delayMs: 0, maxDelayMs: 0 },
        extensions: [{ uri: 'urn:x', required: true, description: 'd', params: { a: 1 } }],
        securitySchemes: {
          key: { apiKeySecurityScheme: { location: 'header', name: 'X-Key', description: 'd' } },
          http: scheme,
          code: {
            oauth2SecurityScheme: {
              flows: {
                authorizationCode: {
                  authorizationUrl: 'https://a.example',
                  tokenUrl: 'https://t.example',
                  scopes: { read: 'Read' },
                },
              },
            },
          },
          machine: {
            oauth2SecurityScheme: { flows: { clientCredentials: { tokenUrl: 'https://t.example', scopes: {} } } },
          },
          oidc: { openIdConnectSecurityScheme: { openIdConnectUrl: 'https://o.example' } },
          mtls: { mtlsSecurityScheme: {} },
        },
        securityRequirements: [needs('code', ['read']), { schemes: {} }],
        skills: [
          {
            ...skill,
            examples: ['buy'],
            inputModes: ['text/plain'],
            outputModes: ['text/plain'],
            securityRequirements: [needs('http')],
          },
        ],
      },
    ],
    [
      'an extended card that needs a scheme of the public one',
      {
        securitySchemes: { http: scheme },
        extendedCard: { version: '2', skills: [skill], securityRequirements: [needs('http')] },
      },
    ],
  ])('accepts %s', (_name, options) => {
    expect(checkAgentOptions({ ...valid, ...options })).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['@A2aAgent().skils, @A2aAgent().Default are not options. There are id, name,', { skils: [], Default: true }],
    ['id is missing', { id: undefined }],
    ['id is "Shop"', { id: 'Shop' }],
    ['id is "-shop"', { id: '-shop' }],
    ['id is "shop\\n"', { id: 'shop\n' }],
    ['id is "aaaa', { id: 'a'.repeat(64) }],
    ['id is 7', { id: 7 }],
    ['description is missing', { description: undefined }],
    ['description is "  "', { description: '  ' }],
    ['name is ""', { name: '' }],
    ['version is 1', { version: 1 }],
    ['inputModes has "text": a media type is type/subtype', { inputModes: ['text'] }],
    ['outputModes is []', { outputModes: [] }],
    ['outputModes is "text/plain"', { outputModes: 'text/plain' }],
    ['documentationUrl is "/docs": use an absolute http or https URL', { documentationUrl: '/docs' }],
    ['iconUrl is "javascript:alert(1)"', { iconUrl: 'javascript:alert(1)' }],
    ['streaming must be true or false, but is "yes"', { streaming: 'yes' }],
    ['default must be true or false, but is 1', { default: 1 }],
    ['resumable must be true or false, but is null', { resumable: null }],
    ['replies is "both": use one of task, message, either', { replies: 'both' }],
    ["pushNotifications is true, but replies is 'message'", { replies: 'message', pushNotifications: true }],
    ['deadlineMs must be a whole number of ms from 1 to 2147483647, but is 0.', { deadlineMs: 0 }],
    ['deadlineMs must be a whole number of ms from 1 to 2147483647, but is 1.5.', { deadlineMs: 1.5 }],
    ['deadlineMs must be a whole number of ms from 1 to 2147483647, but is NaN.', { deadlineMs: Number.NaN }],
    ['deadlineMs must be a whole number of ms from 1 to 2147483647, but is 2147483648.', { deadlineMs: 2_147_483_648 }],
    ['deadlineMs must be a whole number of ms from 1 to 2147483647, but is "30s".', { deadlineMs: '30s' }],
    ['idleMs must be a whole number of ms from 0 to 2147483647, but is -1.', { idleMs: -1 }],
    ['maxRuns must be a whole number of runs from 1 to 1000000, but is 0.', { maxRuns: 0 }],
    ['retry is 3: use { maxAttempts, delayMs, maxDelayMs }', { retry: 3 }],
    ['retry.attempts is not an option. There are maxAttempts,', { retry: { attempts: 3 } }],
    ['retry.maxAttempts must be a whole number of starts from 1 to 1000, but is 0.', { retry: { maxAttempts: 0 } }],
    ['retry.delayMs must be a whole number of ms from 0 to 86400000, but is "1s".', { retry: { delayMs: '1s' } }],
    [
      'retry.maxDelayMs must be a whole number of ms from 0 to 86400000, but is 86400001.',
      { retry: { maxDelayMs: 86_400_001 } },
    ],
    ['provider is "ACME"', { provider: 'ACME' }],
    ['provider.url is "acme"', { provider: { organization: 'ACME', url: 'acme' } }],
    ['provider.organization is missing', { provider: { url: 'https://acme.example' } }],
    ['extensions is {}', { extensions: {} }],
    ['extensions[0] is "urn:x"', { extensions: ['urn:x'] }],
    ['extensions[0].uri is "x"', { extensions: [{ uri: 'x' }] }],
    ['extensions[0].required must be true or false, but is "no"', { extensions: [{ uri: 'urn:x', required: 'no' }] }],
    ['extensions[0].params is []', { extensions: [{ uri: 'urn:x', params: [] }] }],
    ["extensions has 'urn:x' more than once", { extensions: [{ uri: 'urn:x' }, { uri: 'urn:x' }] }],
    ['skills is missing', { skills: undefined }],
    ['skills is []', { skills: [] }],
    ['skills[0] is "s"', { skills: ['s'] }],
    ['skills[0].id is missing', { skills: [{ ...skill, id: undefined }] }],
    ['skills[0].name is ""', { skills: [{ ...skill, name: '' }] }],
    ['skills[0].description is missing', { skills: [{ ...skill, description: undefined }] }],
    ['skills[1].tags is missing', { skills: [skill, { ...skill, id: 't', tags: undefined }] }],
    ['skills[0].tags is []', { skills: [{ ...skill, tags: [] }] }],
    ['skills[0].examples is "buy"', { skills: [{ ...skill, examples: 'buy' }] }],
    ['skills[0].inputModes has "text"', { skills: [{ ...skill, inputModes: ['text'] }] }],
    ['skills[0].tag is not an option.', { skills: [{ ...skill, tag: 't' }] }],
    ["skills has the id 's' more than once", { skills: [skill, skill] }],
    ['securitySchemes is []', { securitySchemes: [] }],
    [
      'securitySchemes.a is {"type":"http"}: it has exactly one member, of apiKeySecurityScheme,',
      { securitySchemes: { a: { type: 'http' } } },
    ],
    ['securitySchemes.a is {}', { securitySchemes: { a: {} } }],
    ['securitySchemes.a is {"toString":{}}', { securitySchemes: { a: { toString: {} } } }],
    ['it has exactly one member', { securitySchemes: { a: { ...scheme, mtlsSecurityScheme: {} } } }],
    [
      'securitySchemes.a.httpAuthSecurityScheme.scheme is missing',
      { securitySchemes: { a: { httpAuthSecurityScheme: {} } } },
    ],
    [
      'securitySchemes.a.httpAuthSecurityScheme is "Bearer"',
      { securitySchemes: { a: { httpAuthSecurityScheme: 'Bearer' } } },
    ],
    [
      'securitySchemes.a.apiKeySecurityScheme.location is "body": use one of query, header, cookie',
      { securitySchemes: { a: { apiKeySecurityScheme: { location: 'body', name: 'k' } } } },
    ],
    [
      'securitySchemes.a.oauth2SecurityScheme.flows is missing: it has exactly one flow, of authorizationCode,',
      { securitySchemes: { a: { oauth2SecurityScheme: {} } } },
    ],
    [
      'flows.clientCredentials.tokenUrl is missing',
      { securitySchemes: { a: { oauth2SecurityScheme: { flows: { clientCredentials: { scopes: {} } } } } } },
    ],
    [
      'flows.deviceCode.scopes is missing',
      {
        securitySchemes: {
          a: {
            oauth2SecurityScheme: {
              flows: { deviceCode: { deviceAuthorizationUrl: 'https://d.example', tokenUrl: 'https://t.example' } },
            },
          },
        },
      },
    ],
    ['openIdConnectUrl is "x"', { securitySchemes: { a: { openIdConnectSecurityScheme: { openIdConnectUrl: 'x' } } } }],
    ['securityRequirements is {}', { securityRequirements: {} }],
    ['securityRequirements[0] is {"a":[]}: use { schemes:', { securityRequirements: [{ a: [] }] }],
    [
      "securityRequirements[0] names the scheme 'b', which securitySchemes does not declare (it has a): declare it.",
      { securitySchemes: { a: scheme }, securityRequirements: [needs('b')] },
    ],
    [
      "securityRequirements[0] names the scheme 'toString', which",
      { securitySchemes: {}, securityRequirements: [needs('toString')] },
    ],
    [
      'securityRequirements[0].schemes.a is {"list":"read"}',
      { securitySchemes: { a: scheme }, securityRequirements: [needs('a', 'read')] },
    ],
    [
      "skills[0].securityRequirements[0] names the scheme 'a'",
      { skills: [{ ...skill, securityRequirements: [needs('a')] }] },
    ],
    ['extendedCard is {}: say what it adds', { extendedCard: {} }],
    ['extendedCard is true', { extendedCard: true }],
    ['extendedCard.skils is not an option. There are name,', { extendedCard: { skils: [] } }],
    ['extendedCard.description is ""', { extendedCard: { description: '' } }],
    ['extendedCard.iconUrl is "x"', { extendedCard: { iconUrl: 'x' } }],
    ['extendedCard.inputModes is []', { extendedCard: { inputModes: [] } }],
    ['extendedCard.provider is 1', { extendedCard: { provider: 1 } }],
    ['extendedCard.skills is []', { extendedCard: { skills: [] } }],
    ['extendedCard.securitySchemes.a is {}', { extendedCard: { securitySchemes: { a: {} } } }],
    [
      "extendedCard.skills[0].securityRequirements[0] names the scheme 'a'",
      { extendedCard: { skills: [{ ...skill, securityRequirements: [needs('a')] }] } },
    ],
  ])('reports: %s', (text, options) => {
    expect(checkAgentOptions({ ...valid, ...options })).toEqual([expect.stringContaining(text)]);
  });

  it.each([[undefined], [null], ['shop'], [[]]])('reports options that are no object: %p', (options) => {
    expect(checkAgentOptions(options)).toEqual([expect.stringContaining('@A2aAgent() was given')]);
  });
});
