/** The host's implementations as items of a component, each where its type says, or what is wrong with them. */
import { Trap } from '@wittle/runtime';
import { findHost } from '@wittle/runtime/abi';
import { hostResource, type InstanceResource } from '@wittle/runtime/types';
import type {
  CoreModuleType,
  Extern,
  Externs,
  InstanceType,
  ResourceIdentity,
} from '../validate/component-type.ts';
import { isSubtype } from '../validate/subtype.ts';
import { componentValue } from './component-value.ts';
import { keysOf } from './keys.ts';
import { fullName, functionLabel, functionName, unversioned, type FunctionName } from './names.ts';
import type { HostFunction, InstanceValue, Value } from './frame.ts';

/** What was found in the host's object. */
export interface TakenImports {
  readonly values: InstanceValue;
  /** Everything that is missing or different. */
  readonly problems: readonly string[];
  /** Some function that is not async may return promises. */
  readonly mayBlock: boolean;
  /** Some function is async, and may return promises. */
  readonly isAsync: boolean;
}

/**
 * `mayBlock` is asked with names as in options: `wasi:io/poll#poll`, `log` at the root; `trapMissing` with the names of
 * the root's imports, where something is missing that can wait until it is called.
 */
export function takeImports(
  externs: Externs,
  given: object,
  mayBlock: (name: string) => boolean,
  trapMissing: (name: string) => boolean,
): TakenImports {
  const problems: string[] = [];
  const missing = (of: string, problem: string): void => {
    if (!trapMissing(of)) problems.push(problem);
  };
  let someBlocks = false;
  let someAsync = false;
  const resources = new Map<ResourceIdentity, InstanceResource>();

  /** `owner` is the interface that the externs are of, empty at the root. */
  const take = (of: Externs, owner: string, host: object): InstanceValue => {
    const keys = keysOf(of);
    const where = owner === '' ? '`imports`' : `the implementation of \`${owner}\``;

    const takeFunction = (name: string, isAsync: boolean): HostFunction => {
      const { role, resource, key, label, option } = namesOf(of, owner, name);
      const blocks = mayBlock(option);
      if (isAsync) someAsync = true;
      else someBlocks ||= blocks;
      const made = (call: HostFunction['call']): HostFunction => ({
        name: label,
        call,
        mayBlock: isAsync || blocks,
      });
      const isMethod = role === 'method';
      const isFree = role === 'function';
      const holderKey = keys.class(resource);
      const holder = isFree ? host : (member(host, holderKey) as object);
      // That the class is missing has been said of its type.
      if (isFree || typeof holder === 'function') {
        if (role === 'constructor') return made((...args) => new (holder as Class)(...args));
        const methods = isMethod ? (holder as Class).prototype : holder;
        if (typeof member(asObject(methods) ?? {}, key) === 'function')
          return made(
            isMethod
              ? (self, ...args) => (self as Methods)[key]!(...args)
              : (...args) => (holder as Methods)[key]!(...args),
          );
        const path = `${holderKey}.${isMethod ? 'prototype.' : ''}${key}`;
        missing(owner || name, `${where} has no ${isFree ? `function \`${key}` : `method \`${path}`}\``);
      }
      return made(() => {
        throw new Trap(`${label} is not implemented by the host`);
      });
    };

    const takeResource = (name: string, identity: ResourceIdentity): InstanceResource => {
      const known = resources.get(identity);
      const key = keys.class(name);
      const found = member(host, key);
      if (known !== undefined) {
        // It need not be given again, but not as another either.
        if (typeof found === 'function' && found !== known.implementation)
          problems.push(`class \`${key}\` of ${where} is not the same as ${known.name}`);
        return known;
      }
      if (typeof found !== 'function') missing(owner || name, `${where} has no class \`${key}\``);
      const made = hostResource(functionLabel(owner, name), found);
      resources.set(identity, made);
      return made;
    };

    const takeInstance = (name: string, key: string, type: InstanceType): InstanceValue => {
      const found = owner === '' ? findHost(host, name) : asObject(member(host, key));
      if (found === undefined && !trapMissing(name) && asksFor(type)) {
        problems.push(
          `no implementation of \`${name}\` was given in \`${owner || 'imports'}\`${otherVersion(host, name)}`,
        );
        return new Map();
      }
      return take(type.exports, name, found ?? {});
    };

    const one = (name: string, { name: full, type }: Extern): Value => {
      const { kind } = type;
      if (kind === 'function') return takeFunction(name, type.async);
      const key = keys.member(name);
      if (kind === 'instance') return takeInstance(owner === '' ? fullName(full) : name, key, type);
      if (kind === 'type')
        return type.type.kind === 'resource' ? takeResource(name, type.type.identity) : undefined;
      const found = member(host, key);
      const component = componentValue(found);
      if (kind === 'component' && component !== undefined) {
        const { plan } = component;
        if (isSubtype(plan.type, type)) problems.push(...plan.problems);
        else problems.push(`component \`${key}\` of ${where} is not of the type that is imported`);
        return component;
      }
      if (kind === 'core module' && found instanceof WebAssembly.Module) {
        for (const each of moduleProblems(found, type)) problems.push(`core module \`${key}\` ${each}`);
        return found;
      }
      problems.push(
        kind === 'value' ? `values cannot be imported: \`${name}\`` : `${where} has no ${kind} \`${key}\``,
      );
      return undefined;
    };

    return new Map(Array.from(of, ([name, extern]) => [name, one(name, extern)]));
  };

  /** Whether an interface has anything to implement: what it only names need not be given. */
  const asksFor = (type: InstanceType): boolean =>
    [...type.exports.values()].some(({ type: of }) =>
      of.kind === 'instance'
        ? asksFor(of)
        : of.kind !== 'type' || (of.type.kind === 'resource' && !resources.has(of.type.identity)),
    );

  const values = take(externs, '', given);
  return { values, problems, mayBlock: someBlocks, isAsync: someAsync };
}

/** What a function is called in different places. */
interface FunctionNames extends Pick<FunctionName, 'role' | 'resource'> {
  /** In its object or class. */
  readonly key: string;
  /** In messages. */
  readonly label: string;
  /** In options: `wasi:io/poll#poll`. */
  readonly option: string;
}

function namesOf(of: Externs, owner: string, name: string): FunctionNames {
  let known = names.get(of);
  // An interface may be there under several names.
  if (known?.owner !== owner) names.set(of, (known = { owner, functions: new Map() }));
  let found = known.functions.get(name);
  if (found === undefined) {
    const { role, resource } = functionName(name);
    const key = keysOf(of).member(name);
    const option = owner === '' ? name : `${unversioned(owner)}#${name}`;
    known.functions.set(name, (found = { role, resource, key, label: functionLabel(owner, name), option }));
  }
  return found;
}

/** A component's types are there once, and its instances may be many. */
const names = new WeakMap<
  Externs,
  { readonly owner: string; readonly functions: Map<string, FunctionNames> }
>();

type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;
type Class = new (...args: never[]) => object;

/** A member that was given, and not only inherited by every object. */
function member(of: object, key: string): unknown {
  const found = (of as Readonly<Record<string, unknown>>)[key];
  return found === (Object.prototype as Readonly<Record<string, unknown>>)[key] ? undefined : found;
}

function asObject(value: unknown): object | undefined {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? value : undefined;
}

function otherVersion(host: object, name: string): string {
  const other = Object.keys(host).find((key) => key !== name && unversioned(key) === unversioned(name));
  return other === undefined ? '' : `, and \`${other}\` is not compatible with it`;
}

/** Engines do not say the types of what modules import and export, only the kinds; instantiating checks the types. */
function moduleProblems(module: WebAssembly.Module, type: CoreModuleType): string[] {
  const exports = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  const problems: string[] = [];
  for (const [name, { kind }] of type.exports) {
    if (exports.get(name) !== kind) problems.push(`does not export a ${kind} \`${name}\``);
  }
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (type.imports.get(from)?.get(name)?.kind !== kind)
      problems.push(`imports a ${kind} \`${from}\` \`${name}\`, which it is not given`);
  }
  return problems;
}
