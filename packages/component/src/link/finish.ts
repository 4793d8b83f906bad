/** Makes the core instances that an instantiation asks for. */
import { LinkError } from '@wittle/runtime';
import type { CoreRequest } from './run.ts';
import type { WasmExports } from '@wittle/runtime';

/** An instantiation: what it asks for are core instances, what it needs of them are their exports. */
export type Making<Made> = Generator<CoreRequest, Made, WasmExports>;

export async function finish<Made>(making: Making<Made>): Promise<Made> {
  let step = making.next();
  while (step.done !== true) {
    const { module, imports } = step.value;
    const instance = await WebAssembly.instantiate(module, imports).catch(refused);
    step = making.next(instance.exports);
  }
  return step.value;
}

/** Browsers refuse large modules this way. */
export function finishSync<Made>(making: Making<Made>): Made {
  let step = making.next();
  while (step.done !== true) step = making.next(newInstance(step.value).exports);
  return step.value;
}

function newInstance({ module, imports }: CoreRequest): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (error) {
    return refused(error);
  }
}

/** A core module that does not fit: the host gave one of another type than its imports and exports say. */
function refused(error: unknown): never {
  throw error instanceof WebAssembly.LinkError ? new LinkError('root', [error.message]) : error;
}
