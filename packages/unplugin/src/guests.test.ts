/** Which binaries are guests. */
import { expect, test } from '@jest/globals';
import { fixture } from '../test/app.ts';
import { guestKind } from './guests.ts';

const core = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

test('components, and core modules that say their world', () => {
  expect(guestKind(fixture('shop.wasm'))).toBe('component');
  expect(guestKind(fixture('shop-core.wasm'))).toBe('core-module');
});

test('no other core module, and nothing else', () => {
  expect(guestKind(Uint8Array.from(core))).toBeUndefined();
  expect(guestKind(Uint8Array.from([...core, 0, 5, 4, 0x6e, 0x61, 0x6d, 0x65]))).toBeUndefined();
  expect(guestKind(fixture('shop.wit'))).toBeUndefined();
  expect(guestKind(new Uint8Array())).toBeUndefined();
});

test('a module that is cut off, or lies about its sizes, ends the search', () => {
  const whole = fixture('shop-core.wasm');
  for (let length = 8; length < whole.length; length++) {
    expect([undefined, 'core-module']).toContain(guestKind(whole.subarray(0, length)));
  }
  expect(guestKind(Uint8Array.from([...core, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toBeUndefined();
  expect(guestKind(Uint8Array.from([...core, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))).toBeUndefined();
});
