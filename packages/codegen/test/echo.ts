/** A guest for any world whose exports have imports of the same names: it hands every call back to the host. */
import { interfaceId, type WitFunction, type World, type WorldItem } from '@wittle/parser';
import { flatten, flattenAll, sizeOf, alignmentOf, type CoreType } from '../src/layout.ts';
import { add, get, i32, load32, set, store32, WasmModule, type Signature } from './wasm.ts';

/** Where the guest counts its `post-return` calls. */
export const POST_RETURNS = 16;

interface Named {
  /** The core module of an import, or the prefix of an export's name. */
  readonly module: string;
  readonly name: string;
  readonly of: WitFunction;
}

/** The module's bytes. With `postReturns`, every export has a `post-return` that counts at {@link POST_RETURNS}. */
export function echoGuest(world: World, { postReturns = false } = {}): Uint8Array<ArrayBuffer> {
  const module = new WasmModule();
  const imports = functionsOf(world.imports);
  const indices = new Map(
    imports.map(({ module: from, name, of }) => [
      `${from}#${of.name}`,
      module.import(from === '' ? '$root' : from, name, importSignature(of)),
    ]),
  );
  module.memory(1);
  const realloc = module.bumpRealloc();
  for (const { module: prefix, name, of } of functionsOf(world.exports)) {
    const index = indices.get(`${prefix}#${of.name}`) ?? missing(of.name);
    const signature = exportSignature(of);
    const exported = prefix === '' ? name : `${prefix}#${name}`;
    const params = signature.params.flatMap((_, at) => get(at));
    const call = [0x10, ...leb(index)];
    if (!viaMemory(of)) module.func(exported, signature, [...params, ...call]);
    else {
      const area = signature.params.length;
      module.func(
        exported,
        signature,
        [
          ...i32(0),
          ...i32(0),
          ...i32(alignmentOf(of.result!)),
          ...i32(sizeOf(of.result!)),
          0x10,
          ...leb(realloc),
          ...set(area),
          ...params,
          ...get(area),
          ...call,
          ...get(area),
        ],
        ['i32'],
      );
    }
    if (postReturns) {
      module.func(`cabi_post_${exported}`, { params: signature.results, results: [] }, [
        ...i32(POST_RETURNS),
        ...i32(POST_RETURNS),
        ...load32(),
        ...i32(1),
        ...add,
        ...store32(),
      ]);
    }
  }
  return module.bytes();
}

/** Spec: `flatten_functype`, `context = 'lower'`. */
export function importSignature(of: WitFunction): Signature {
  const params = flatParams(of);
  return viaMemory(of) ? { params: [...params, 'i32'], results: [] } : { params, results: flatResults(of) };
}

/** Spec: `flatten_functype`, `context = 'lift'`. */
export function exportSignature(of: WitFunction): Signature {
  return { params: flatParams(of), results: viaMemory(of) ? ['i32'] : flatResults(of) };
}

function viaMemory(of: WitFunction): boolean {
  return flatResults(of).length > 1;
}

function flatParams(of: WitFunction): readonly CoreType[] {
  const flat = flattenAll(of.params.map((param) => param.type));
  return flat.length > 16 ? ['i32'] : flat;
}

function flatResults(of: WitFunction): readonly CoreType[] {
  return of.result === undefined ? [] : flatten(of.result);
}

function functionsOf(items: readonly WorldItem[]): Named[] {
  return items.flatMap((item) => {
    if (item.kind === 'world-type') return [];
    if (item.kind === 'world-function') return [{ module: '', name: item.name, of: item.function }];
    const module = item.name ?? interfaceId(item.interface)!;
    return [...item.interface.functions.values()].map((of) => ({ module, name: of.name, of }));
  });
}

function missing(name: string): never {
  throw new Error(`the world imports no ${name}`);
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}
