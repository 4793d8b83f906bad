/** Worlds and targets whose output is looked at both as TypeScript and as JavaScript. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { selectWorld, type World } from '@wittle/parser';
import { loadPackage } from '@wittle/parser/node';
import {
  generate,
  guestTarget,
  hostTarget,
  mocksTarget,
  type GeneratedFile,
  type GuestOptions,
  type HostOptions,
  type MocksOptions,
  type Target,
} from '../src/index.ts';
import { caseNames } from './cases.ts';
import { GENERATOR, worldOf } from './generate.ts';
import { anyShape, witOf } from './random-types.ts';
import { wordWorlds } from './word-worlds.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** One world for one target; `name` is a folder of its own. */
export interface Sample {
  readonly name: string;
  readonly files: (emit: 'ts' | 'js') => readonly GeneratedFile[];
}

function sample<O extends object>(
  name: string,
  world: World,
  target: Target<O>,
  options: Partial<O> = {},
): Sample {
  const files = (emit: 'ts' | 'js'): readonly GeneratedFile[] => {
    const made = generate(world, target, { ...options, emit, importSuffix: '.js' }, GENERATOR);
    const errors = made.diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
    return made.files;
  };
  return { name, files };
}

function recorded(name: string): { readonly world: World; readonly options: Partial<HostOptions> } {
  const at = (file: string): string => join(root, 'packages/codegen/test/cases', name, file);
  let options: Partial<HostOptions> = {};
  try {
    options = JSON.parse(readFileSync(at('options.json'), 'utf8')) as Partial<HostOptions>;
  } catch {
    // The case has the defaults.
  }
  return { world: worldOf(readFileSync(at('input.wit'), 'utf8')), options };
}

function shipped(folder: string): readonly World[] {
  const packages = [join(root, 'wit/wasi/0.2.12')];
  const { model } = loadPackage(join(root, folder), { allFeatures: true, packages });
  return [...model!.main.at(-1)!.worlds.keys()].map((name) => selectWorld(model!, name).world!);
}

const shapes: readonly Partial<HostOptions>[] = [
  {},
  { mayBlock: ['*'] },
  { results: 'return', variants: 'kind', readonly: true, brands: true },
];
const random = fc
  .sample(fc.array(anyShape, { minLength: 6, maxLength: 6 }), { seed: 20_261_122, numRuns: 12 })
  .map((types, at) => {
    const declared = new Map<string, string>();
    const functions = types.map((type, f) => {
      const text = witOf(type, declared);
      return `f${f}: func(x: ${text}, y: list<${text}>) -> result<${text}, ${text}>;`;
    });
    const world = worldOf(`package demo:random;
      interface api { ${[...declared.values()].join('\n')} ${functions.join('\n')} }
      world random { import api; export api; }`);
    return sample(`random-${at}`, world, hostTarget, shapes[at % shapes.length]!);
  });

/** Mocks of a case's host glue. */
function mocksOptions(name: string, given: Partial<HostOptions>): Partial<MocksOptions> {
  const own = Object.entries(given).filter(([option]) => option in mocksTarget.defaults);
  return { ...Object.fromEntries(own), glue: `../case-${name}` };
}

const inProcess: Partial<GuestOptions> = { inProcess: true };
/** Some that a printer of JavaScript could take for something else. */
const words = (
  'as async class component-error constructor cx declare exports get host imports is map promise readonly satisfies ' +
  'static then type a1 a-1'
).split(' ');

/** The recorded cases, worlds of random types, worlds made of words that mean something, WASI's and the adapter's. */
export const samples: readonly Sample[] = [
  ...caseNames().flatMap((name) => {
    const { world, options } = recorded(name);
    return [
      sample(`case-${name}`, world, hostTarget, options),
      sample(`guest-${name}`, world, guestTarget, inProcess),
      sample(`mocks-${name}`, world, mocksTarget, mocksOptions(name, options)),
    ];
  }),
  ...['cli', 'http', 'sockets'].flatMap((name) =>
    shipped(`wit/wasi/0.2.12/${name}`).map((world) =>
      sample(`wasi-${name}-${world.name}`, world, hostTarget),
    ),
  ),
  ...random,
  ...wordWorlds('emit', words).map(({ title, text }) => sample(`words-${title}`, worldOf(text), hostTarget)),
  ...shipped('wit/adapter').map((world) => sample(`adapter-${world.name}`, world, hostTarget)),
];
