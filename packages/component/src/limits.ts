/** Bounds of what a program can allocate: its memories and tables get lower maxima before they are compiled. */
import { readSizes, withMaxima, type Size } from './binary/module-sizes.ts';
import { MalformedBinary, type BinaryProblem } from './binary/reader.ts';
import type { ByteArray, Bytes } from '@wittle/runtime';

/**
 * Bounds of what one instance of a program can allocate in the engine. What is beyond them cannot be had: `memory.grow`
 * and `table.grow` give -1, and `malloc` fails. Objects of WebAssembly's garbage collection are not counted.
 */
export interface ProgramLimits {
  /**
   * Bytes of linear memory, of all memories together; whole pages (64 KiB) count. Several memories, as components in a
   * component have, each get what they start with and an equal part of the rest, none more than it can use. Default:
   * what the engine has, 4 GiB for each memory with 32-bit addresses.
   */
  readonly memory?: number | undefined;
  /** Elements of tables, of all tables together, as for memories. Default: what the engine has, 10 million for each in V8. */
  readonly tableElements?: number | undefined;
}

/** A program that starts with more than its limits allow, or whose bytes do not say how much that is. Nothing of it has run. */
export class LimitError extends Error {
  /** Offsets count bytes from the beginning. */
  readonly problems: readonly BinaryProblem[];
  constructor(problems: readonly BinaryProblem[]) {
    super(
      problems.map(({ message, offset }) => `${message} (at offset 0x${offset.toString(16)})`).join('\n'),
    );
    this.problems = problems;
  }
  override get name(): string {
    return 'LimitError';
  }
}

/**
 * The bytes of a core module that can allocate no more than this; to be compiled in place of the original. What it
 * imports is not its own, and not counted. Throws {@link LimitError}, and a TypeError for limits that are none.
 */
export function limitModule(module: Bytes, limits: ProgramLimits): ByteArray {
  checkLimits(limits);
  const bytes = ArrayBuffer.isView(module)
    ? new Uint8Array(module.buffer, module.byteOffset, module.byteLength)
    : new Uint8Array(module);
  try {
    return limited([{ bytes, offset: 0, instances: 1 }], limits)[0]!;
  } catch (error) {
    if (!(error instanceof MalformedBinary)) throw error;
    throw new LimitError([{ message: error.message, offset: error.offset }]);
  }
}

/** Throws a TypeError for limits that are none. */
export function checkLimits(limits: ProgramLimits): void {
  for (const [name, value] of Object.entries(limits) as [string, unknown][]) {
    if (!Object.hasOwn(kinds, name))
      throw new TypeError(`limits.${name} does not exist; there are ${Object.keys(kinds).join(', ')}`);
    if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) > 0))
      throw new TypeError(`limits.${name} is a whole number greater than 0, not ${String(value)}`);
  }
}

/** What each limit counts, and in what. */
const kinds: Readonly<Record<keyof ProgramLimits, { readonly kind: Size['kind']; readonly unit: string }>> = {
  memory: { kind: 'memory', unit: 'bytes' },
  tableElements: { kind: 'table', unit: 'elements' },
};

/** A core module of a program. */
export interface LimitedModule {
  readonly bytes: Uint8Array;
  /** Where it begins in the file. */
  readonly offset: number;
  /** How many there are in an instance of the program. */
  readonly instances: number;
}

/** The modules with the maxima that all of them have room for. Throws {@link LimitError}, and `MalformedBinary`. */
export function limited(modules: readonly LimitedModule[], limits: ProgramLimits): ByteArray[] {
  const all: Limited[] = modules.flatMap(({ bytes, offset, instances }) =>
    readSizes(bytes, offset).map((size) => ({
      offset: size.offset,
      kind: size.kind,
      instances: BigInt(instances),
      unit: size.unit,
      minimum: size.minimum * size.unit,
      maximum: size.maximum * size.unit,
    })),
  );
  const problems: BinaryProblem[] = [];
  const maxima = new Map<number, bigint>();
  for (const [name, { kind, unit }] of Object.entries(kinds)) {
    const limit = limits[name as keyof ProgramLimits];
    if (limit === undefined) continue;
    const these = all.filter((each) => each.kind === kind && each.instances > 0n);
    const before = problems.length;
    const tooMuch = (what: string, minimum: bigint, offset: number): void =>
      void problems.push({
        message: `${what} with ${minimum} ${unit}, and limits.${name} is ${limit}`,
        offset,
      });
    for (const { minimum, offset } of these)
      if (minimum > limit) tooMuch(`a ${kind} starts`, minimum, offset);
    const rest = BigInt(limit) - these.reduce((sum, { minimum, instances }) => sum + minimum * instances, 0n);
    if (rest >= 0n) divide(rest, these, maxima);
    else if (problems.length === before) {
      const largest = these.reduce((one, other) => (other.minimum > one.minimum ? other : one));
      tooMuch(`the ${plural[kind]} of the program start together`, BigInt(limit) - rest, largest.offset);
    }
  }
  if (problems.length > 0) throw new LimitError(problems);
  return modules.map(({ bytes, offset }) => withMaxima(bytes, offset, (size) => maxima.get(size.offset)));
}

const plural = { memory: 'memories', table: 'tables' } as const;

/** A memory or table, in bytes or elements. */
interface Limited {
  readonly offset: number;
  readonly kind: Size['kind'];
  readonly instances: bigint;
  readonly unit: bigint;
  readonly minimum: bigint;
  readonly maximum: bigint;
}

/** Gives each an equal part of `rest` to grow by, and what one has no use for to the others. */
function divide(rest: bigint, among: readonly Limited[], maxima: Map<number, bigint>): void {
  const growth = ({ minimum, maximum }: Limited): bigint => (maximum > minimum ? maximum - minimum : 0n);
  const ascending = among.toSorted((one, other) => Number(growth(one) - growth(other)));
  let left = rest;
  let sharers = among.reduce((sum, { instances }) => sum + instances, 0n);
  for (const each of ascending) {
    const part = left / sharers;
    const wanted = growth(each);
    const given = wanted < part ? wanted : part - (part % each.unit);
    maxima.set(each.offset, (each.minimum + given) / each.unit);
    left -= given * each.instances;
    sharers -= each.instances;
  }
}
