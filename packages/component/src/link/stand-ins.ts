/** What stands for imports, core functions and core instances when a plan is gone through and nothing is to run. */
import { hostResource, type CoreCallee } from '@wittle/runtime/types';
import type { Externs } from '../validate/component-type.ts';
import type { InstanceValue, Value } from './frame.ts';
import type { WasmExports } from '@wittle/runtime';

/** Imports that are nothing but their paths, as names. */
export function importsByPath(externs: Externs, owner = ''): InstanceValue {
  const values = new Map<string, Value>();
  for (const [name, { type }] of externs) {
    const path = pathOf(owner, name);
    if (type.kind === 'instance') values.set(name, importsByPath(type.exports, path));
    else if (type.kind === 'function') values.set(name, { name: path, call: () => {}, mayBlock: false });
    else if (type.kind === 'type' && type.type.kind === 'resource')
      values.set(name, hostResource(path, undefined));
  }
  return values;
}

/** `wasi:io/poll@0.2.12#poll`, or the name alone at the root. */
export function pathOf(owner: string, name: string): string {
  return owner === '' ? name : `${owner}#${name}`;
}

/** A core function. */
export const standIn: CoreCallee = {} as unknown as CoreCallee;

/** The exports of a core instance: any is there, and the same one each time. */
export function standIns(): WasmExports {
  const made = new Map<string | symbol, unknown>();
  return new Proxy(Object.create(null) as WebAssembly.Exports, {
    get(_, name) {
      const known = made.get(name) ?? {};
      made.set(name, known);
      return known;
    },
  });
}
