/** Core modules in bytes, for guests in tests: functions are written as lists of instructions. */
import type { CoreType } from '../src/layout.ts';

export interface Signature {
  readonly params: readonly CoreType[];
  readonly results: readonly CoreType[];
}

/** Instructions, each as its bytes; a body is a flat list of them. */
export type Instructions = readonly number[];

const TYPE: Readonly<Record<CoreType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };
const EMPTY = 0x40;

export const get = (local: number): Instructions => [0x20, ...u(local)];
export const set = (local: number): Instructions => [0x21, ...u(local)];
export const tee = (local: number): Instructions => [0x22, ...u(local)];
/** Calls a function by its index. */
export const call = (index: number): Instructions => [0x10, ...u(index)];
export const globalGet = (index: number): Instructions => [0x23, ...u(index)];
export const globalSet = (index: number): Instructions => [0x24, ...u(index)];
export const i32 = (value: number): Instructions => [0x41, ...s(BigInt(value | 0))];
export const i64 = (value: bigint): Instructions => [0x42, ...s(BigInt.asIntN(64, value))];
export const f32 = (value: number): Instructions => [
  0x43,
  ...new Uint8Array(new Float32Array([value]).buffer),
];
export const f64 = (value: number): Instructions => [
  0x44,
  ...new Uint8Array(new Float64Array([value]).buffer),
];
export const load32 = (offset = 0): Instructions => [0x28, 2, ...u(offset)];
export const store32 = (offset = 0): Instructions => [0x36, 2, ...u(offset)];
export const store8 = (offset = 0): Instructions => [0x3a, 0, ...u(offset)];
export const add: Instructions = [0x6a];
export const sub: Instructions = [0x6b];
export const and: Instructions = [0x71];
export const gtU: Instructions = [0x4b];
export const drop: Instructions = [0x1a];
export const unreachable: Instructions = [0x00];
export const memoryCopy: Instructions = [0xfc, 10, 0, 0];
/** Runs what is inside and goes on whatever it throws; what it leaves on the stack must be nothing. */
export const caught = (body: Instructions): Instructions => [0x06, EMPTY, ...body, 0x19, 0x0b];
export const whenTrue = (then: Instructions): Instructions => [0x04, EMPTY, ...then, 0x0b];

/** A core module under construction; imports come first. */
export class WasmModule {
  readonly #types: number[][] = [];
  readonly #imports: number[][] = [];
  readonly #functions: { type: number; body: number[] }[] = [];
  readonly #exports: number[][] = [];
  readonly #globals: number[][] = [];
  readonly #data: number[][] = [];
  #memory: number | undefined;

  /** Gives the function's index. */
  import(module: string, name: string, signature: Signature): number {
    if (this.#functions.length > 0) throw new Error('imports come before functions');
    this.#imports.push([...string(module), ...string(name), 0, ...u(this.#type(signature))]);
    return this.#imports.length - 1;
  }

  /** Adds a function, exported when it has a name; gives its index. */
  func(
    name: string | undefined,
    signature: Signature,
    body: Instructions,
    locals: readonly CoreType[] = [],
  ): number {
    const code = [...vector(locals.map((local) => [1, TYPE[local]])), ...body, 0x0b];
    this.#functions.push({ type: this.#type(signature), body: [...u(code.length), ...code] });
    const index = this.#imports.length + this.#functions.length - 1;
    if (name !== undefined) this.#exports.push([...string(name), 0, ...u(index)]);
    return index;
  }

  /** A mutable i32 global. */
  global(value: number): number {
    this.#globals.push([0x7f, 1, ...i32(value), 0x0b]);
    return this.#globals.length - 1;
  }

  /** A memory, exported under its usual name. */
  memory(pages: number): void {
    this.#memory = pages;
    this.#exports.push([...string('memory'), 2, 0]);
  }

  data(at: number, bytes: Iterable<number>): void {
    this.#data.push([0, ...i32(at), 0x0b, ...vector([...bytes].map((byte) => [byte]))]);
  }

  /**
   * An allocator that only goes up and makes the memory grow, as `cabi_realloc`; gives its index. With `record` at an
   * address, it counts its calls there.
   */
  bumpRealloc(start = 4096): number {
    const top = this.global(start);
    // locals: 0 old, 1 old size, 2 alignment, 3 size, 4 result
    return this.func(
      'cabi_realloc',
      { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] },
      [
        ...globalGet(top),
        ...get(2),
        ...add,
        ...i32(1),
        ...sub,
        ...i32(0),
        ...get(2),
        ...sub,
        ...and,
        ...tee(4),
        ...get(3),
        ...add,
        ...globalSet(top),
        // while (top > memory.size * 64 KiB) memory.grow(1)
        0x02,
        EMPTY,
        0x03,
        EMPTY,
        ...globalGet(top),
        0x3f,
        0,
        ...i32(16),
        0x74,
        ...gtU,
        0x45,
        0x0d,
        1,
        ...i32(1),
        0x40,
        0,
        ...drop,
        0x0c,
        0,
        0x0b,
        0x0b,
        ...get(1),
        ...whenTrue([...get(4), ...get(0), ...get(1), ...memoryCopy]),
        ...get(4),
      ],
      ['i32'],
    );
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, this.#types),
      ...section(2, this.#imports),
      ...section(
        3,
        this.#functions.map((each) => u(each.type)),
      ),
      ...section(5, this.#memory === undefined ? [] : [[0, ...u(this.#memory)]]),
      ...section(6, this.#globals),
      ...section(7, this.#exports),
      ...section(
        10,
        this.#functions.map((each) => each.body),
      ),
      ...section(11, this.#data),
    ]);
  }

  #type({ params, results }: Signature): number {
    const bytes = [
      0x60,
      ...vector(params.map((each) => [TYPE[each]])),
      ...vector(results.map((each) => [TYPE[each]])),
    ];
    const found = this.#types.findIndex((each) => each.join() === bytes.join());
    return found === -1 ? this.#types.push(bytes) - 1 : found;
  }
}

function section(id: number, items: readonly (readonly number[])[]): readonly number[] {
  if (items.length === 0) return [];
  const bytes = vector(items);
  return [id, ...u(bytes.length), ...bytes];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...u(items.length), ...items.flat()];
}

function string(text: string): number[] {
  return vector([...new TextEncoder().encode(text)].map((byte) => [byte]));
}

/** LEB128, unsigned. */
function u(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/** LEB128, signed. */
function s(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    if ((rest === 0n && byte < 64) || (rest === -1n && byte > 63)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}
