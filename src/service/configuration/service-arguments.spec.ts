import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './configuration.error.js';
import { serviceArguments } from './service-arguments.js';

describe('serviceArguments', () => {
  it.each([
    [[], { lab: false }],
    [['--lab'], { lab: true }],
    [['--conformance'], { lab: false, conformance: { card: 'all-on' } }],
    [['--conformance', '--card=all-off'], { lab: false, conformance: { card: 'all-off' } }],
    [['--conformance', '--card', 'required-extension'], { lab: false, conformance: { card: 'required-extension' } }],
    [['--conformance', '--suite=1.0'], { lab: false, conformance: { card: 'all-on', suite: '1.0' } }],
  ])('%j', (args, options) => {
    expect(serviceArguments(args)).toEqual(options);
  });

  it.each([
    [['--card=all-off'], /--card needs --conformance/],
    [['--conformance', '--card=none'], /--card must be one of all-on, all-off, required-extension; it is "none"/],
    [['--conformance', '--card='], /it is ""/],
    [['--conformance', '--card'], /--card/],
    [['--suite=1.0'], /--suite needs --conformance/],
    [['--conformance', '--suite=2.0'], /--suite must be one of 1.0, 0.3; it is "2.0"/],
    [['--labs'], /--labs/],
    [['lab'], /lab/],
  ])('refuses %j by name', (args, message) => {
    expect(() => serviceArguments(args)).toThrow(ConfigurationError);
    expect(() => serviceArguments(args)).toThrow(message);
  });
});
