/**
 * A component of a given size whose bytes are code: functions of arithmetic, memory, branches, loops and calls, made at
 * random (the same at each run), each reached through a table, in world `large` of `wit/large.wit`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { bench, peers } from '../folders.mjs';

/** Writes a core module of about so many bytes, and the component made of it. */
export async function buildLarge(bytes, core, component) {
  const { componentEmbed, componentNew } = await import(new URL('@bytecodealliance/jco/dist/api.js', peers));
  const binary = coreModule(bytes);
  writeFileSync(core, binary);
  const witSource = readFileSync(new URL('wit/large.wit', bench), 'utf8');
  const embedded = await componentEmbed({ binary, witSource, world: 'large' });
  writeFileSync(component, await componentNew(embedded, []));
}

// Types: those of the functions made at random, of `seed`, `cabi_realloc`, `run` and `length`.
const [I32, F64] = [0x7f, 0x7c];
const types = [
  [[I32, I32, F64], [I32]],
  [[], [I32]],
  [[I32, I32, I32, I32], [I32]],
  [[I32, I32], [I32]],
];
const [WORK, SEED, REALLOC, PAIR] = [0, 1, 2, 3];

function coreModule(bytes) {
  const random = generator(1);
  const bodies = [];
  for (let size = 0; size < bytes;) {
    const body = work(random, bodies.length);
    bodies.push(body);
    size += body.length;
  }
  const count = bodies.length;
  // Function 0 is the import; those made at random come first.
  const realloc = [...[0x41, ...signed(1024)], 0x0b];
  const run = [
    ...[0x20, 1, 0x10, 0, 0x20, 1, 0xb8], // x, seed(), f64(x)
    ...[0x20, 0, 0x41, ...signed(count), 0x70], // which % count
    ...[0x11, WORK, 0, 0x0b],
  ];
  const length = [0x20, 1, 0x0b];
  const all = [...bodies, ...[realloc, run, length].map((each) => [0, ...each])];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      types.map(([params, results]) => [0x60, params.length, ...params, results.length, ...results]),
    ),
    ...section(2, [[...name('bench:large/host'), ...name('seed'), 0, SEED]]),
    ...section(3, [...bodies.map(() => [WORK]), [REALLOC], [PAIR], [PAIR]]),
    ...section(4, [[0x70, 0, ...unsigned(count)]]),
    ...section(5, [[0, 2]]),
    ...section(7, [
      [...name('memory'), 2, 0],
      [...name('cabi_realloc'), 0, ...unsigned(count + 1)],
      [...name('bench:large/api#run'), 0, ...unsigned(count + 2)],
      [...name('bench:large/api#length'), 0, ...unsigned(count + 3)],
    ]),
    ...section(9, [
      [0, 0x41, 0, 0x0b, ...unsigned(count), ...bodies.flatMap((_, index) => unsigned(index + 1))],
    ]),
    ...section(
      10,
      all.map((body) => [...unsigned(body.length), ...body]),
    ),
  ]);
}

/** A function of (a: i32, b: i32, x: f64), with locals c, i: i32 and y: f64; it calls some of those before it. */
function work(random, before) {
  const pick = (...of) => of[random() % of.length];
  const get = (local) => [0x20, local];
  const constant = () => [0x41, ...signed(random() | 0)];
  // An address inside the first page, aligned.
  const address = () => [...integer(0), ...[0x41, ...signed(0xfff8)], 0x71];
  const integer = (depth) =>
    depth === 0
      ? pick(get(0), get(1), get(3), constant())
      : pick(
          () => [
            ...integer(depth - 1),
            ...integer(depth - 1),
            pick(0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x76),
          ],
          () => [...address(), 0x28, 2, ...unsigned(random() % 4096)],
          () => [...real(depth - 1), ...real(depth - 1), pick(0x61, 0x63, 0x64)],
          () => [...integer(depth - 1), pick(0x45, 0x67, 0x69)],
        )();
  const real = (depth) =>
    depth === 0
      ? pick(get(2), get(5))
      : pick(
          () => [...real(depth - 1), ...real(depth - 1), pick(0xa0, 0xa1, 0xa2)],
          () => [...integer(depth - 1), 0xb7],
          () => [...address(), 0x2b, 3, ...unsigned(random() % 4096)],
        )();
  const statements = (depth, n) => Array.from({ length: n }, () => statement(depth)).flat();
  const statement = (depth) =>
    pick(
      () => [...integer(2), 0x21, pick(0, 1, 3)],
      () => [...real(2), 0x21, pick(2, 5)],
      () => [...address(), ...integer(2), 0x36, 2, ...unsigned(random() % 4096)],
      ...(depth === 0
        ? []
        : [
            () => [
              ...integer(1),
              0x04,
              0x40,
              ...statements(depth - 1, 2),
              0x05,
              ...statements(depth - 1, 2),
              0x0b,
            ],
            // i = a & 15; loop { …; if (i) { i--; again } }
            () => [
              ...[...integer(1), 0x41, 15, 0x71, 0x21, 4, 0x03, 0x40],
              ...statements(0, 2),
              ...[...get(4), 0x04, 0x40, ...get(4), 0x41, 1, 0x6b, 0x21, 4, 0x0c, 1, 0x0b, 0x0b],
            ],
          ]),
      // Calls are rare enough for a call of `run` to end soon.
      ...(before === 0
        ? []
        : [
            () => [
              ...[...integer(1), 0x41, ...signed(0xffff), 0x71, 0x45, 0x04, 0x40],
              ...[
                ...integer(0),
                ...integer(0),
                ...real(0),
                0x10,
                ...unsigned(1 + (random() % before)),
                0x21,
                3,
              ],
              0x0b,
            ],
          ]),
    )();
  const body = [...statements(2, 10), ...get(0), ...get(1), 0x6a, ...get(3), 0x73, 0x0b];
  return [2, 2, I32, 1, F64, ...body];
}

/** A linear congruential generator: the same numbers everywhere. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 3;
  };
}

function section(id, items) {
  const bytes = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(bytes.length), ...bytes];
}

function name(text) {
  return [text.length, ...Buffer.from(text)];
}

function unsigned(value) {
  const bytes = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

function signed(value) {
  const bytes = [];
  let rest = value;
  for (;;) {
    const byte = rest & 127;
    rest >>= 7;
    if ((rest === 0 && byte < 64) || (rest === -1 && byte > 63)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}
