/**
 * Types of the platform's own. Where its declarations (those of the DOM) are not part of a program, as with Node's alone,
 * which have none for WebAssembly, there is a type all the same.
 */

/** What is global in the program that has these declarations. */
type Global = typeof globalThis;

/** `WebAssembly.Module`. */
export type WasmModule = Global extends { WebAssembly: { Module: { prototype: infer T } } } ? T : object;

/** `WebAssembly.Memory`. */
export type WasmMemory = Global extends { WebAssembly: { Memory: { prototype: infer T } } }
  ? T
  : { readonly buffer: ArrayBuffer; grow(pages: number): number };

/** `WebAssembly.Exports`. */
export type WasmExports = Global extends {
  WebAssembly: { Instance: { prototype: { readonly exports: infer T } } };
}
  ? T
  : Record<string, object | number>;

/** `WebAssembly.Imports`. */
export type WasmImports = Global extends {
  WebAssembly: { Instance: new (module: never, imports?: infer T) => unknown };
}
  ? Exclude<T, undefined>
  : Record<string, Record<string, object | number>>;

/** `WebAssembly.ModuleImportDescriptor`. */
export type WasmImportDescriptor = Global extends {
  WebAssembly: { Module: { imports(module: never): (infer T)[] } };
}
  ? T
  : { module: string; name: string; kind: string };

/** `BufferSource`: bytes. */
export type Bytes = Global extends { WebAssembly: { Module: new (bytes: infer T) => unknown } }
  ? T
  : ArrayBuffer | ArrayBufferView;

/** `URL`, if there is such a class. */
export type WebUrl = Global extends { URL: { prototype: infer T } } ? T : never;

/** `Response`, if there is such a class. */
export type WebResponse = Global extends { Response: { prototype: infer T } } ? T : never;

/** `MessagePort`, if there is such a class. */
export type WebMessagePort = Global extends { MessagePort: { prototype: infer T } } ? T : never;

/** `Uint8Array<ArrayBuffer>`, also for versions of TypeScript before 5.7, which have no such type. */
export type ByteArray = ReturnType<Uint8Array['slice']>;
