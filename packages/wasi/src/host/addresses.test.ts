/** Addresses as text and back. */
import { expect, test } from '@jest/globals';
import { formatAddress, isIpv4InIpv6, parseAddress } from './addresses.ts';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::', '::'],
  ['::1', '::1'],
  ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['fe80::', 'fe80::'],
  ['::ffff:1.2.3.4', '::ffff:102:304'],
])('%s is written %s', (text, written) => {
  const address = parseAddress(text)!;
  expect(formatAddress(address)).toBe(written);
  expect(parseAddress(formatAddress(address))).toEqual(address);
});

test.each([
  ['::ffff:1.2.3.4', true],
  ['::1.2.3.4', true],
  ['::1', false],
  ['::', false],
  ['64:ff9b::1.2.3.4', false],
  ['1.2.3.4', false],
])('%s hides an IPv4 address: %s', (text, expected) => {
  expect(isIpv4InIpv6(parseAddress(text)!)).toBe(expected);
});
