/** A guest without code: a memory, and the adapter's functions called as a core module calls them. */
import {
  createAdapter,
  type Adapter,
  type AdapterOptions,
  type FunctionName,
  type Preview2,
} from '../src/index.ts';
import { Double } from './preview2-double.ts';

type Result = number | Promise<number>;

export class Guest {
  readonly double: Double;
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 1, maximum: 64 });
  readonly adapter: Adapter;
  readonly imports: ReturnType<Adapter['imports']>;

  constructor({
    double = new Double(),
    preview2 = {},
    ...options
  }: AdapterOptions & { double?: Double; preview2?: Partial<Preview2> } = {}) {
    this.double = double;
    this.adapter = createAdapter({ ...double.preview2, ...preview2 }, options);
    this.imports = this.adapter.imports({ memory: this.memory });
  }

  /** Calls a function; i32 arrive signed, as they do from WebAssembly. */
  call(name: FunctionName, ...values: (number | bigint)[]): Result {
    const { call } = this.imports['wasi_snapshot_preview1']![name]!;
    const signed = values.map((value) => (typeof value === 'number' ? value | 0 : BigInt.asIntN(64, value)));
    return (call as (...values: (number | bigint)[]) => Result)(...signed);
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }
  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, length);
  }
  text(at: number, length: number): string {
    return new TextDecoder().decode(this.bytes(at, length));
  }
  u32(at: number): number {
    return this.view.getUint32(at, true);
  }
  u64(at: number): bigint {
    return this.view.getBigUint64(at, true);
  }

  /** Puts text somewhere. */
  put(at: number, text: string): void {
    new Uint8Array(this.memory.buffer).set(new TextEncoder().encode(text), at);
  }
  /** Puts an array of iovecs at `at`. */
  vectors(at: number, ...vectors: (readonly [pointer: number, length: number])[]): void {
    for (const [index, [pointer, length]] of vectors.entries()) {
      this.view.setUint32(at + index * 8, pointer, true);
      this.view.setUint32(at + index * 8 + 4, length, true);
    }
  }

  /** Reserves a number with `adapter_open_badfd`. */
  reserve(): number {
    const code = this.call('adapter_open_badfd', 0x100);
    if (code !== 0) throw new Error(`adapter_open_badfd: ${String(code)}`);
    return this.u32(0x100);
  }
}
