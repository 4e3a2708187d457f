import { describe, expect, it } from '@jest/globals';
import { HostList, hostNameOf } from './host-list.js';

describe('hostNameOf', () => {
  it.each([
    ['Agents.Example.com', 'agents.example.com'],
    ['agents.example.com.:8080', 'agents.example.com'],
    ['127.0.0.1:3000', '127.0.0.1'],
    ['[::1]:3000', '::1'],
    ['localhost:', 'localhost'],
  ])('finds the name in %s', (host, name) => expect(hostNameOf(host)).toBe(name));

  it.each([
    '',
    ':80',
    'a b',
    'user@localhost',
    'localhost/x',
    'localhost:80:80',
    '[::1',
    '::1',
    'localhost#a',
    'a,b c',
  ])('finds none in %j', (host) => expect(hostNameOf(host)).toBeUndefined());
});

describe('HostList', () => {
  it('has names as they are, and all names below *.', () => {
    const list = new HostList(['One.example', '*.two.example', '10.0.0.1', '[fd00::1]']);
    const names = ['one.example', 'a.two.example', 'a.b.two.example', '10.0.0.1', 'fd00::1'];
    expect(names.filter((name) => !list.has(name))).toEqual([]);
    const others = ['two.example', 'a.one.example', 'atwo.example', '10.0.0.2', 'one.example.evil', '*'];
    expect(others.filter((name) => list.has(name))).toEqual([]);
  });

  it.each(['', 'http://a', 'a:80', 'a/b', 'a.*', '*.*', '10.0.0.0/8', '-a', '*.', 'a b'])('refuses %j', (entry) => {
    expect(() => new HostList([entry])).toThrow('is not a host name');
  });
});
