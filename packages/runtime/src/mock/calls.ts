/** What a double of a host is typed as: overrides that are parts of its imports, and calls of their functions. */

type AnyFunction = (...args: never) => unknown;
type AnyClass = abstract new (...args: never) => object;

/** The world's own functions and classes are under this name, as core modules have it. */
export type Root = '$root';

/**
 * A part of a world's imports. A class stands for a resource and may have only some of its functions; its objects are
 * values of the resource.
 */
export type Overrides<Imports> = {
  readonly [Key in keyof Imports]?: Imports[Key] extends AnyFunction | AnyClass
    ? Override<Imports[Key]>
    : { readonly [Member in keyof Imports[Key]]?: Override<Imports[Key][Member]> };
};

type Override<Given> = Given extends AnyClass ? ClassOverride<Given> : Given;

type ClassOverride<Class extends AnyClass> = Partial<Pick<Class, keyof Class>> &
  (Class extends new (...args: infer Args) => infer Self
    ? new (...args: Args) => object & Partial<Self>
    : Class extends abstract new (...args: never) => infer Self
      ? abstract new (...args: never) => object & Partial<Self>
      : never);

/** How a call ended. A promise that was returned is waited for. */
export type Outcome<Result> =
  | { readonly outcome: 'returned'; readonly result: Result }
  | { readonly outcome: 'threw'; readonly error: unknown }
  | { readonly outcome: 'waiting' };

/** A call by the guest. */
export type Call<Interface, Name, Args, Result, Self = undefined> = {
  /** As in the imports: `demo:shop/db`. The world itself is `$root`. */
  readonly interface: Interface;
  /** `connect`; of a class `Connection.query`, `new Connection`, and `drop Connection` for the guest's last handle. */
  readonly function: Name;
  /** The object whose method it is. */
  readonly self: Self;
  readonly arguments: Args;
} & Outcome<Result>;

/** Any call of a world's imports. */
export type CallOf<Imports> = {
  [Key in keyof Imports & string]: Imports[Key] extends AnyFunction | AnyClass
    ? MemberCall<Root, Key, Imports[Key]>
    : {
        [Member in keyof Imports[Key] & string]: MemberCall<Key, Member, Imports[Key][Member]>;
      }[keyof Imports[Key] & string];
}[keyof Imports & string];

type MemberCall<Interface, Name extends string, Given> = Given extends AnyClass
  ? ClassCall<Interface, Name, Given>
  : FunctionCall<Interface, Name, Given>;

type FunctionCall<Interface, Name, Given, Self = undefined> = Given extends (
  ...args: infer Args
) => infer Result
  ? Call<Interface, Name, Args, Awaited<Result>, Self>
  : never;

type ClassCall<Interface, Name extends string, Class extends AnyClass> =
  | (Class extends new (...args: infer Args) => infer Self
      ? Call<Interface, `new ${Name}`, Args, Self>
      : never)
  | Call<Interface, `drop ${Name}`, [], undefined, ObjectOf<Class>>
  | FunctionsCall<Interface, Name, Class, undefined>
  | FunctionsCall<Interface, Name, ObjectOf<Class>, ObjectOf<Class>>;

/** As `InstanceType`, which is `any` for a class without a constructor of its own. */
type ObjectOf<Class extends AnyClass> = Class extends abstract new (...args: never) => infer Self
  ? Self
  : never;

type FunctionsCall<Interface, Name extends string, Given, Self> = {
  [Key in keyof Given & string]: FunctionCall<Interface, `${Name}.${Key}`, Given[Key], Self>;
}[keyof Given & string];
