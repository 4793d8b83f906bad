/** Components that import releases of WASI other than the one that is implemented. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { compile } from '@wittle/component';
import { LinkError } from '@wittle/runtime';
import { runCommand, type RunOptions } from '@wittle/wasi';
import { repository } from '../../test/command-line.ts';

const component = readFileSync(join(repository, 'packages/cli/test/components/releases.wasm'), 'latin1');

/** What `sum` gives, after replacements in the component's text; each is as long as what it replaces. */
async function sum(
  replacements: Readonly<Record<string, string>>,
  options: RunOptions = {},
): Promise<bigint | undefined> {
  let text = component;
  for (const [from, to] of Object.entries(replacements)) {
    expect([text.includes(from), to.length]).toEqual([true, from.length]);
    text = text.replaceAll(from, to);
  }
  let result: bigint | undefined;
  await runCommand(compile(Buffer.from(text, 'latin1'), { portable: true }), {
    random: (target) => target.fill(1),
    call: async (exports) => {
      result = await (exports as { sum(): bigint | Promise<bigint> }).sum();
    },
    ...options,
  });
  return result;
}

const ones = 0x0202_0202_0202_0202n;
const random = 'wasi:random/random@0.2.0';
const insecure = 'wasi:random/insecure@0.2.10';

test.each([
  [{}],
  [{ [random]: 'wasi:random/random@0.2.9' }],
  [{ [insecure]: 'wasi:random/insecure@0.2.99' }],
  [{ [random]: 'wasi:random/random@0.2.3', [insecure]: 'wasi:random/insecure@0.2.12' }],
])('every release of 0.2 is served, and several in one component: %j', async (replacements) => {
  expect(await sum(replacements)).toBe(ones);
});

test('a later release is served in a worker, too', async () => {
  expect(await sum({ [insecure]: 'wasi:random/insecure@0.2.99' }, { blocking: 'worker' })).toBe(ones);
});

test.each([
  ['wasi:random/random@0.3.0', random, ', and `wasi:random/random@0.2.12` is not compatible with it'],
  ['wasi:random/random@0.1.0', random, ', and `wasi:random/random@0.2.12` is not compatible with it'],
  ['wasi:random/random@1.0.0', random, ', and `wasi:random/random@0.2.12` is not compatible with it'],
  ['wasi:random/insecure@0.3.10', insecure, ', and `wasi:random/insecure@0.2.12` is not compatible with it'],
  ['wasi:random/ransom@0.2.0', random, ''],
  ['wasi:ransom/random@0.2.0', random, ''],
  ['demo:random/random@0.2.0', random, ''],
])('%s is named as what is not there', async (name, instead, more) => {
  const error = await sum({ [instead]: name }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LinkError);
  expect((error as LinkError).problems).toEqual([
    expect.stringContaining(`no implementation of \`${name}\` was given in \`imports\`${more}`),
  ]);
});

test('a function that an interface does not have is named', async () => {
  const error = await sum({ 'get-random-u64': 'get-ransom-u64' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LinkError);
  expect(String(error)).toMatch(/getRansomU64|get-ransom-u64/);
});
