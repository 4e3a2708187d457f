import { isIPv4 } from 'node:net';

/** Prefixes of IPv6 addresses that stand for an IPv4 address, with the index of the group where it begins. */
const EMBEDDINGS: readonly { readonly prefix: readonly number[]; readonly at: number }[] = [
  { prefix: [0, 0, 0, 0, 0, 0xffff], at: 6 }, // IPv4-mapped
  { prefix: [0, 0, 0, 0, 0xffff, 0], at: 6 }, // IPv4-translated (SIIT)
  { prefix: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 }, // NAT64
  { prefix: [0x2002], at: 1 }, // 6to4
];

/** The IPv4 address that an IPv6 address leads to; undefined when it is none of the known forms. `ipv6` is valid. */
export function embeddedIpv4(ipv6: string): string | undefined {
  const groups = groupsOf(ipv6);
  const form = EMBEDDINGS.find(({ prefix }) => prefix.every((group, index) => groups[index] === group));
  if (!form) return undefined;
  const [high = 0, low = 0] = groups.slice(form.at);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight numbers of a valid IPv6 address. */
function groupsOf(ipv6: string): number[] {
  const [text = ''] = ipv6.split('%');
  const [head = '', tail] = text.split('::');
  const [front, back] = [numbersOf(head), numbersOf(tail ?? '')];
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}

const numbersOf = (text: string): number[] =>
  text === '' ? [] : text.split(':').flatMap((group) => (isIPv4(group) ? pairOf(group) : [parseInt(group, 16)]));

function pairOf(ipv4: string): [number, number] {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}
