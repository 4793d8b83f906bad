/** Small core modules, byte by byte. */

/** A function that a module imports: all parameters and results are `i32`. */
export interface Import {
  readonly module: string;
  readonly name: string;
  readonly params: number;
  readonly results: number;
}

/** Instructions of a function's body. */
export type Code = readonly number[];

/** A module with these imports, a page of memory, and a `_start` of these instructions. */
export function command(imports: readonly Import[], code: Code): Uint8Array {
  return module([
    section(1, [...imports.map(({ params, results }) => functionType(params, results)), functionType(0, 0)]),
    section(
      2,
      imports.map((each, index) => [...text(each.module), ...text(each.name), 0, index]),
    ),
    section(3, [[imports.length]]),
    section(5, [[0, 1]]),
    section(7, [
      [...text('_start'), 0, imports.length],
      [...text('memory'), 2, 0],
    ]),
    section(10, [sized([0, ...code, 0x0b])]),
  ]);
}

/** The function of Preview 1 with that name. */
export function preview1(name: string, params: number, results: number = 1): Import {
  return { module: 'wasi_snapshot_preview1', name, params, results };
}

/** Exits with a code. */
export function exiting(code: number): Uint8Array {
  return command([preview1('proc_exit', 1, 0)], [...constant(code), ...call(0)]);
}

/** Writes its arguments or its environment to standard output, each ended by a zero byte. */
export function echoing(what: 'args' | 'environ'): Uint8Array {
  const imports = [preview1(`${what}_sizes_get`, 2), preview1(`${what}_get`, 2), preview1('fd_write', 4)];
  return command(imports, [
    ...constant(0),
    ...constant(4),
    ...call(0),
    drop,
    ...constant(2048),
    ...constant(4096),
    ...call(1),
    drop,
    // One piece of output: its address at 8, its length at 12.
    ...constant(8),
    ...constant(4096),
    ...store,
    ...constant(12),
    ...constant(4),
    ...load,
    ...store,
    ...constant(1),
    ...constant(8),
    ...constant(1),
    ...constant(16),
    ...call(2),
    drop,
  ]);
}

/** Reads a byte of standard input. */
export function reading(): Uint8Array {
  return command(
    [preview1('fd_read', 4)],
    [
      ...constant(8),
      ...constant(64),
      ...store,
      ...constant(12),
      ...constant(1),
      ...store,
      ...constant(0),
      ...constant(8),
      ...constant(1),
      ...constant(16),
      ...call(0),
      drop,
    ],
  );
}

/** Traps. */
export function trapping(): Uint8Array {
  return command([], [0x00]);
}

/** Never ends. */
export function looping(): Uint8Array {
  return command([], [0x03, 0x40, 0x0c, 0x00, 0x0b]);
}

/** Exits with 1 if its memory cannot grow by so many pages, 0 if it can. It starts with one. */
export function growing(pages: number): Uint8Array {
  // `memory.grow`, `i32.const -1`, `i32.eq`
  const isRefused = [0x40, 0, 0x41, 0x7f, 0x46];
  return command([preview1('proc_exit', 1, 0)], [...constant(pages), ...isRefused, ...call(0)]);
}

/** Asks for standard output so many times, and drops no handle. */
export function hoarding(handles: number): Uint8Array {
  const getStdout = { module: 'wasi:cli/stdout@0.2.12', name: 'get-stdout', params: 0, results: 1 };
  return command([getStdout], Array.from({ length: handles }, () => [...call(0), drop]).flat());
}

/** A component's header. */
export const component: Uint8Array = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0);

const drop = 0x1a;
const store: Code = [0x36, 2, 0];
const load: Code = [0x28, 2, 0];

function constant(value: number): Code {
  return [0x41, ...signed(value)];
}

function call(index: number): Code {
  return [0x10, index];
}

function module(sections: readonly Code[]): Uint8Array {
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
}

function section(id: number, items: readonly Code[]): Code {
  return [id, ...sized([...unsigned(items.length), ...items.flat()])];
}

function sized(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes];
}

function functionType(params: number, results: number): Code {
  const i32 = (count: number): Code => [count, ...Array.from({ length: count }, () => 0x7f)];
  return [0x60, ...i32(params), ...i32(results)];
}

function text(value: string): Code {
  return sized([...Buffer.from(value)]);
}

function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
