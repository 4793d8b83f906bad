/** Core modules for tests, from a few facts about each. */
import type { CoreType } from '../src/index.ts';

export interface Signature {
  readonly params?: readonly CoreType[];
  readonly results?: readonly CoreType[];
}

export interface ImportedFunction extends Signature {
  readonly module: string;
  readonly name: string;
}

/** A function with its body in bytes (see {@link op}), without the final `end`. */
export interface DefinedFunction extends Signature {
  readonly export?: string;
  readonly locals?: readonly CoreType[];
  readonly body: readonly number[];
}

export interface ModuleText {
  readonly imports?: readonly ImportedFunction[];
  /** Imports of other kinds, as they stand in the import section. */
  readonly otherImports?: readonly { module: string; name: string; descriptor: readonly number[] }[];
  /** Indices follow those of the imports. */
  readonly functions?: readonly DefinedFunction[];
  /** Pages of an own memory. */
  readonly memory?: number;
  /** The name that the memory is exported under: `memory`. */
  readonly memoryExport?: string;
  /** Mutable i32 globals, by their first value. */
  readonly globals?: readonly number[];
  /** Index of the start function. */
  readonly start?: number;
}

const CODES: Readonly<Record<CoreType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };

/** Instructions, each as its bytes. */
export const op = {
  get: (local: number) => [0x20, ...unsigned(local)],
  set: (local: number) => [0x21, ...unsigned(local)],
  getGlobal: (index: number) => [0x23, ...unsigned(index)],
  setGlobal: (index: number) => [0x24, ...unsigned(index)],
  call: (index: number) => [0x10, ...unsigned(index)],
  i32: (value: number) => [0x41, ...signed(BigInt(value))],
  i64: (value: bigint) => [0x42, ...signed(value)],
  f32: (value: number) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)],
  f64: (value: number) => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  add: [0x6a],
  sub: [0x6b],
  and: [0x71],
  drop: [0x1a],
  unreachable: [0x00],
  load: (offset = 0) => [0x28, 2, ...unsigned(offset)],
  store: (offset = 0) => [0x36, 2, ...unsigned(offset)],
  growMemory: [0x40, 0],
} as const;

/** `cabi_realloc` over global 0, the first free address: it only goes up and never grows the memory. */
export const bumpRealloc: DefinedFunction = {
  export: 'cabi_realloc',
  params: ['i32', 'i32', 'i32', 'i32'],
  results: ['i32'],
  locals: ['i32'],
  body: [
    // r = (top + alignment - 1) & -alignment
    ...op.getGlobal(0),
    ...op.get(2),
    ...op.add,
    ...op.i32(1),
    ...op.sub,
    ...op.i32(0),
    ...op.get(2),
    ...op.sub,
    ...op.and,
    ...op.set(4),
    // top = r + size
    ...op.get(4),
    ...op.get(3),
    ...op.add,
    ...op.setGlobal(0),
    ...op.get(4),
  ],
};

/** The module's bytes. */
export function wasmModule(text: ModuleText): Uint8Array<ArrayBuffer> {
  const { imports = [], otherImports = [], functions = [], globals = [] } = text;
  const types: string[] = [];
  const typeOf = ({ params = [], results = [] }: Signature): number => {
    const bytes = [
      0x60,
      ...vector(params.map((each) => [CODES[each]])),
      ...vector(results.map((each) => [CODES[each]])),
    ];
    const key = bytes.join();
    if (!types.includes(key)) types.push(key);
    return types.indexOf(key);
  };
  const importEntries = [
    ...imports.map((each) => [...string(each.module), ...string(each.name), 0, ...unsigned(typeOf(each))]),
    ...otherImports.map((each) => [...string(each.module), ...string(each.name), ...each.descriptor]),
  ];
  const declarations = functions.map((each) => unsigned(typeOf(each)));
  const exports = functions.flatMap((each, index) =>
    each.export === undefined ? [] : [[...string(each.export), 0, ...unsigned(imports.length + index)]],
  );
  if (text.memory !== undefined) exports.push([...string(text.memoryExport ?? 'memory'), 2, 0]);
  const bodies = functions.map((each) => {
    const locals = (each.locals ?? []).map((local) => [1, CODES[local]]);
    const body = [...vector(locals), ...each.body, 0x0b];
    return [...unsigned(body.length), ...body];
  });
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types.map((key) => key.split(',').map(Number)))),
    ...section(2, vector(importEntries)),
    ...section(3, vector(declarations)),
    ...(text.memory === undefined ? [] : section(5, vector([[0, ...unsigned(text.memory)]]))),
    ...section(6, vector(globals.map((value) => [0x7f, 1, ...op.i32(value), 0x0b]))),
    ...section(7, vector(exports)),
    ...(text.start === undefined ? [] : section(8, unsigned(text.start))),
    ...section(10, vector(bodies)),
  ]);
}

function section(id: number, bytes: readonly number[]): number[] {
  return bytes.length === 1 && bytes[0] === 0 && id !== 8 ? [] : [id, ...unsigned(bytes.length), ...bytes];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function string(text: string): number[] {
  const bytes = [...new TextEncoder().encode(text)];
  return [...unsigned(bytes.length), ...bytes];
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ;) {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    if ((rest === 0n && byte < 64) || (rest === -1n && byte >= 64)) return [...bytes, byte];
    bytes.push(byte | 128);
  }
}
