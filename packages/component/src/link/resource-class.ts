/** The classes of resources that components implement. */
import { disposeGuest } from '@wittle/runtime/abi';
import type { InstanceResource } from '@wittle/runtime/types';

type Make = (...args: unknown[]) => object;

const constructors = new WeakMap<object, Make>();

/** A class without methods; its objects come from the guest. */
export function resourceClass(resource: InstanceResource): InstanceResource['implementation'] {
  const made = class {
    constructor(...args: unknown[]) {
      const make = constructors.get(made);
      if (make === undefined)
        throw new TypeError(`${resource.name} has no constructor: the guest makes its values`);
      const object = make(...args);
      if (new.target !== made) Object.setPrototypeOf(object, new.target.prototype as object);
      return object as never;
    }
    [Symbol.dispose](): void {
      disposeGuest(this as never);
    }
  };
  return made;
}

/** Gives a class its constructor: a function that gives an object of the class. */
export function setConstructor(of: object, make: Make): void {
  constructors.set(of, make);
}

/** Adds a member that cannot be taken for anything inherited, as classes have them. */
export function addMember(to: object, key: string, value: unknown): void {
  Object.defineProperty(to, key, { value, writable: true, configurable: true });
}
