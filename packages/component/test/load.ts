/** The components of this folder, compiled. */
import { readFileSync } from 'node:fs';
import { compileSync, type Component } from '../src/component.ts';

export function bytesOf(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`components/${name}.wasm`, import.meta.url)));
}

export function load(name: string): Component {
  return compileSync(bytesOf(name));
}

/** What a function throws. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
