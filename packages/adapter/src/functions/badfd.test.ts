/** The adapter's own interface: as WIT has it, and as the core functions see it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ComponentError } from '@wittle/runtime';
import { Guest } from '../../test/guest.ts';
import { Double } from '../../test/preview2-double.ts';
import { createAdapter, errno, type Adapter, type ErrnoName } from '../index.ts';

const wit = readFileSync(new URL('../../../../wit/adapter/adapter.wit', import.meta.url), 'utf8');

/** What is generated for a host of `wittle:adapter/descriptors`. */
interface Host {
  openBadfd(): number;
  closeBadfd(fd: number): void;
}

/** The name of the error that the function throws, as WIT has it. */
function errorOf(run: () => unknown): ErrnoName | undefined {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof ComponentError) return (thrown as ComponentError<ErrnoName>).payload;
    throw thrown;
  }
  return undefined;
}

describe('the interface as WIT has it', () => {
  test('has the functions that an implementation must have, and no others', () => {
    const host = (adapter: Adapter): Host => adapter.descriptors;
    const interfaceText = /interface descriptors \{(.*?)\n\}/s.exec(wit)![1]!;
    const names = [...interfaceText.matchAll(/^ {2}([a-z-]+): func\(/gm)].map(([, name]) => name!);
    expect(Object.keys(host(createAdapter(new Double().preview2)))).toEqual(names.map(camelCase));
  });

  test('has the error codes under the same names and numbers', () => {
    const enumText = /enum errno \{(.*?)\n {2}\}/s.exec(wit)![1]!;
    const cases = [...enumText.matchAll(/^ {4}([a-z0-9-]+),$/gm)].map(([, name]) => name!);
    expect(Object.keys(errno)).toEqual(cases);
    expect(Object.values(errno)).toEqual(cases.map((_, index) => index));
  });
});

describe('the interface and the core functions', () => {
  test('share their numbers', () => {
    const guest = new Guest();
    const { descriptors } = guest.adapter;
    expect([descriptors.openBadfd(), guest.reserve(), descriptors.openBadfd()]).toEqual([3, 4, 5]);
    expect(guest.call('fd_fdstat_get', 3, 512)).toBe(errno.badf);
    expect(guest.call('adapter_close_badfd', 3)).toBe(errno.success);
    descriptors.closeBadfd(4);
    expect(guest.call('adapter_close_badfd', 4)).toBe(errno.badf);
    expect(guest.reserve()).toBe(3);
  });

  test('also before there is a core module', () => {
    const adapter = createAdapter(new Double().preview2);
    expect(adapter.descriptors.openBadfd()).toBe(3);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { call } = adapter.imports({ memory })['wasi_snapshot_preview1']!['adapter_close_badfd']!;
    expect((call as (fd: number) => number)(3)).toBe(errno.success);
  });

  test('agree on what fd_close does to a reserved number', () => {
    const [releasing, keeping] = [new Guest(), new Guest({ closeReserved: 'badf' })];
    for (const { adapter } of [releasing, keeping]) adapter.descriptors.openBadfd();
    expect(releasing.call('fd_close', 3)).toBe(errno.success);
    expect(errorOf(() => releasing.adapter.descriptors.closeBadfd(3))).toBe('badf');
    expect(keeping.call('fd_close', 3)).toBe(errno.badf);
    expect(errorOf(() => keeping.adapter.descriptors.closeBadfd(3))).toBeUndefined();
  });
});

describe('the interface fails', () => {
  test('with badf for a number that is not reserved', () => {
    const { descriptors } = createAdapter(new Double().preview2);
    for (const fd of [0, 1, 2, 3, 0x7fff_ffff, 0xffff_ffff]) {
      expect(errorOf(() => descriptors.closeBadfd(fd))).toBe('badf');
    }
  });

  test('with mfile when every number is taken, until one is free again', () => {
    const { descriptors } = createAdapter(new Double().preview2, { maximumDescriptors: 4 });
    expect(descriptors.openBadfd()).toBe(3);
    expect(errorOf(() => descriptors.openBadfd())).toBe('mfile');
    descriptors.closeBadfd(3);
    expect(descriptors.openBadfd()).toBe(3);
  });
});

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
