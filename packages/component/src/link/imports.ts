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
import { hostKeys, type Keys } from './keys.ts';
import { fullName, functionLabel, functionName, unversioned } from './names.ts';
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
    const keys = hostKeys(of);
    const where = owner === '' ? '`imports`' : `the implementation of \`${owner}\``;
    const values = new Map<string, Value>();
    for (const [name, extern] of of) values.set(name, one(name, extern, owner, host, keys, where));
    return values;
  };

  const one = (
    name: string,
    { name: full, type }: Extern,
    owner: string,
    host: object,
    keys: Keys,
    where: string,
  ): Value => {
    switch (type.kind) {
      case 'function':
        return takeFunction(name, type.async, owner, host, keys, where);
      case 'instance':
        return takeInstance(owner === '' ? fullName(full) : name, type, owner, host, keys);
      case 'type': {
        const { type: of } = type;
        if (of.kind !== 'resource') return undefined;
        const known = resources.get(of.identity);
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
        resources.set(of.identity, made);
        return made;
      }
      case 'component': {
        const key = keys.member(name);
        const found = componentValue(member(host, key));
        if (found === undefined) problems.push(`${where} has no component \`${key}\``);
        else if (!isSubtype(found.plan.type, type))
          problems.push(`component \`${key}\` of ${where} is not of the type that is imported`);
        else problems.push(...found.plan.problems);
        return found;
      }
      case 'core module': {
        const key = keys.member(name);
        const found = member(host, key);
        if (!(found instanceof WebAssembly.Module)) problems.push(`${where} has no core module \`${key}\``);
        else for (const each of moduleProblems(found, type)) problems.push(`core module \`${key}\` ${each}`);
        return found as WebAssembly.Module;
      }
      case 'value':
        problems.push(`${where} cannot give the value \`${name}\`: values cannot be imported yet`);
        return undefined;
    }
  };

  const takeInstance = (
    name: string,
    type: InstanceType,
    owner: string,
    host: object,
    keys: Keys,
  ): InstanceValue => {
    const found = owner === '' ? findHost(host, name) : asObject(member(host, keys.member(name)));
    if (found === undefined && !trapMissing(name) && asksFor(type)) {
      problems.push(
        `no implementation of \`${name}\` was given in \`${owner === '' ? 'imports' : owner}\`${otherVersion(host, name)}`,
      );
      return new Map();
    }
    return take(type.exports, name, found ?? {});
  };

  /** Whether an interface has anything to implement: what it only names need not be given. */
  const asksFor = (type: InstanceType): boolean =>
    [...type.exports.values()].some(({ type: of }) =>
      of.kind === 'instance'
        ? asksFor(of)
        : of.kind !== 'type' || (of.type.kind === 'resource' && !resources.has(of.type.identity)),
    );

  const takeFunction = (
    name: string,
    isAsync: boolean,
    owner: string,
    host: object,
    keys: Keys,
    where: string,
  ): HostFunction => {
    const { role, resource } = functionName(name);
    const key = keys.member(name);
    const holderKey = keys.class(resource);
    const label = functionLabel(owner, name);
    const blocks = mayBlock(owner === '' ? name : `${unversioned(owner)}#${name}`);
    if (isAsync) someAsync = true;
    else someBlocks ||= blocks;
    const made = (call: HostFunction['call']): HostFunction => ({
      name: label,
      call,
      mayBlock: isAsync || blocks,
    });
    /** What to call instead of a function that is not there. */
    const absent = (problem?: string): HostFunction => {
      if (problem !== undefined) missing(owner || name, `${where} has no ${problem}`);
      return made(() => {
        throw new Trap(`${label} is not implemented by the host`);
      });
    };
    if (role === 'function') {
      if (typeof member(host, key) !== 'function') return absent(`function \`${key}\``);
      return made((...args) => (host as Methods)[key]!(...args));
    }
    const holder = member(host, holderKey) as Class | undefined;
    // That the class is missing has been said of its type.
    if (typeof holder !== 'function') return absent();
    switch (role) {
      case 'constructor':
        return made((...args) => new holder(...args));
      case 'static':
        if (typeof member(holder, key) !== 'function') return absent(`method \`${holderKey}.${key}\``);
        return made((...args) => (holder as unknown as Methods)[key]!(...args));
      case 'method':
        if (typeof member(asObject(holder.prototype) ?? {}, key) !== 'function')
          return absent(`method \`${holderKey}.prototype.${key}\``);
        return made((self, ...args) => (self as Methods)[key]!(...args));
    }
  };

  const values = take(externs, '', given);
  return { values, problems, mayBlock: someBlocks, isAsync: someAsync };
}

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
