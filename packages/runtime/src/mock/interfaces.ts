/** What a host implements of a world, and the same world from the host's side. */
import {
  functionType,
  resourceName,
  roleOf,
  type GuestFunction,
  type GuestInterface,
  type GuestWorld,
  type Role,
} from '../guest/world.ts';

/** An imported interface, or what the world itself imports. */
export interface MockInterface {
  /** Its key among the imports; `undefined` for the world itself. */
  readonly key: string | undefined;
  readonly functions: readonly MockFunction[];
  readonly classes: readonly MockClass[];
}

/** A function. */
export interface MockFunction {
  /** Its key in the object or class that has it. */
  readonly key: string;
  /** For messages: `demo:shop/db.connection.query`. */
  readonly label: string;
}

/** The class of a resource. */
export interface MockClass {
  readonly key: string;
  /** For messages: `demo:shop/db.connection`. */
  readonly label: string;
  readonly hasConstructor: boolean;
  readonly methods: readonly MockFunction[];
  readonly statics: readonly MockFunction[];
}

/** What there is to implement. */
export function interfacesOf({ imports, resources }: GuestWorld): readonly MockInterface[] {
  return imports.map(({ module, key, functions }) => {
    const of = (role: Role, resource?: number): readonly MockFunction[] =>
      functions
        .filter((each) => roleOf(each) === role && each.resource === resource)
        .map((each) => ({ key: each.key ?? '', label: functionType(module, each).name }));
    const classes = resources.flatMap((resource, number): readonly MockClass[] =>
      resource.module !== module
        ? []
        : [
            {
              key: resource.key,
              label: resourceName(resource),
              hasConstructor: of('constructor', number).length > 0,
              methods: of('method', number),
              statics: of('static', number),
            },
          ],
    );
    return { key, functions: of('freestanding'), classes };
  });
}

/** The world whose exports are the other's imports. Nothing in it waits. */
export function mirrored({ name, imports, resources }: GuestWorld): GuestWorld {
  const atOnce = (of: GuestFunction): GuestFunction => ({ ...of, mayWait: false });
  const exports = imports.map(({ functions, ...each }): GuestInterface => ({
    ...each,
    functions: functions.map(atOnce),
  }));
  return {
    name,
    imports: [],
    exports,
    resources: resources.map((each) => ({ ...each, side: 'export' })),
  };
}
