/** What a double is told of its world: what there is to implement, and what messages call it. */

/** The imports of a world. */
export interface MockWorld {
  /** For messages: `demo:shop/app`. */
  readonly name: string;
  readonly interfaces: readonly MockInterface[];
}

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
  /** What messages call its constructor, if it has one. */
  readonly make?: string;
  readonly methods: readonly MockFunction[];
  readonly statics: readonly MockFunction[];
}
