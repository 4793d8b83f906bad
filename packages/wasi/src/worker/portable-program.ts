/** Programs on their way to another thread. */
import {
  componentBinary,
  coreModule,
  type ComponentBinary,
  type ComponentSource,
  type ModuleSource,
} from '@wittle/runtime';
import { isComponent } from '../run-program.ts';
import type { WasmModule } from '@wittle/runtime';

/** A program that can be posted. */
export type PortableProgram = WasmModule | Uint8Array | { readonly url: string } | ComponentBinary;

/**
 * What another thread is given of it. Throws a TypeError for a component that was compiled for this thread alone, and for a
 * guest in process.
 */
export async function portable(program: Awaited<ModuleSource>): Promise<PortableProgram> {
  if (isComponent(program)) {
    const binary = program[componentBinary];
    if (binary === undefined)
      throw new TypeError(
        'this component cannot be run in a worker: compile it with the option `portable: true`',
      );
    return { ...binary, bytes: whole(binary.bytes) };
  }
  if (coreModule in program)
    throw new TypeError(
      'a guest in process cannot be run in a worker: give the option `blocking: "jspi"`, for it waits without a stack of WebAssembly',
    );
  if (program instanceof WebAssembly.Module) return program;
  if (program instanceof URL) return { url: program.href };
  if (typeof Response === 'function' && program instanceof Response) {
    if (!program.ok) throw new Error(`fetching ${program.url} failed: ${program.status}`);
    return new Uint8Array(await program.arrayBuffer());
  }
  const given = program as BufferSource;
  return whole(
    ArrayBuffer.isView(given)
      ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
      : new Uint8Array(given),
  );
}

/** Of a part of a buffer, the whole would be posted. */
function whole(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

/** In the other thread: what can be run. */
export async function loaded(given: PortableProgram): Promise<Awaited<ModuleSource>> {
  if (given instanceof WebAssembly.Module) return given;
  if (ArrayBuffer.isView(given)) return given as Uint8Array<ArrayBuffer>;
  if ('url' in given) return new URL(given.url);
  const { compile } = (await import(given.compiler)) as {
    compile: (
      bytes: Uint8Array,
      options: { readonly modules: readonly WebAssembly.Module[]; readonly portable: boolean },
    ) => Promise<ComponentSource>;
  };
  return compile(given.bytes, { modules: given.modules, portable: false });
}
