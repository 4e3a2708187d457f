import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether only this machine can connect to a host: a name, or an IP address with or without brackets. */
export function isLoopbackHost(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  switch (isIP(address)) {
    case 4:
      // Every request asks this, and a BlockList makes an object of each address that it checks.
      return address.startsWith('127.');
    case 6:
      return LOOPBACK.check(address, 'ipv6');
    default:
      return address.toLowerCase() === 'localhost';
  }
}
