/** Compiled components. */
import { canSuspend, componentBinary, type ComponentBinary } from '@wittle/runtime';
import { componentLinkage, type ComponentSource } from '@wittle/runtime/types';
import type { CoreModuleItem } from './binary/definition.ts';
import { MalformedBinary, type BinaryProblem } from './binary/reader.ts';
import { readComponent } from './binary/sections.ts';
import { checkLimits, LimitError, limited, type ProgramLimits } from './limits.ts';
import { census, passesCode } from './link/census.ts';
import { standsFor } from './link/component-value.ts';
import { linkageOf } from './link/linkage.ts';
import { once } from './link/once.ts';
import { planComponent } from './link/plan.ts';
import type { ComponentValue } from './link/frame.ts';
import type { ComponentType, Externs, ExternType, ValidComponent } from './validate/component-type.ts';
import { validComponent } from './validate/validate.ts';
import type { Bytes, WasmModule, WebResponse, WebUrl } from '@wittle/runtime';

/** What {@link compile} takes: a component's bytes, or where they are. */
export type ComponentBytes = Bytes | WebResponse | WebUrl | PromiseLike<Bytes | WebResponse | WebUrl>;

export interface CompileOptions {
  /** The component's core modules in the order of {@link Component.modules}, compiled before. */
  readonly modules?: readonly WasmModule[];
  /**
   * Keep the binary, so that the component can also be run in another thread: `blocking: 'worker'`. Default: only where
   * that is the one way to wait, for lack of JSPI.
   */
  readonly portable?: boolean;
  /**
   * Bounds of what an instance can allocate: of all its core modules together, those of components inside it included.
   * Not with `modules`. Default: the engine's.
   */
  readonly limits?: ProgramLimits;
}

/** An import or export of a component. */
export interface ComponentItem {
  readonly name: string;
  readonly kind: ExternType['kind'];
}

/** Bytes are no component, or not a valid one. */
export class ComponentBinaryError extends Error {
  /** Offsets count bytes from the beginning. */
  readonly problems: readonly BinaryProblem[];
  constructor(problems: readonly BinaryProblem[]) {
    super(
      problems.map(({ message, offset }) => `${message} (at offset 0x${offset.toString(16)})`).join('\n'),
    );
    this.problems = problems;
  }
  override get name(): string {
    return 'ComponentBinaryError';
  }
}

/**
 * A component that was read, validated and compiled: `instantiate` makes any number of instances of it, and so does
 * generated code. It can be given to another component that imports it.
 */
export interface Component extends ComponentSource {
  readonly type: ComponentType;
  /** What it imports, in order. */
  readonly imports: readonly ComponentItem[];
  /** What it exports, in order. */
  readonly exports: readonly ComponentItem[];
  /**
   * Its core modules and those of components inside it, in the order of the binary; workers can be given them. A
   * component that an instance exports has none.
   */
  readonly modules: readonly WasmModule[];
}

/**
 * Reads, validates and compiles a component. Throws {@link ComponentBinaryError}, {@link LimitError} for a component that
 * starts with more than the limits allow, and an error for what cannot be fetched.
 */
export async function compile(source: ComponentBytes, options: CompileOptions = {}): Promise<Component> {
  const bytes = await bytesOf(await source);
  const valid = readValid(bytes);
  const given = options.modules;
  const modules = await Promise.all(
    modulesToCompile(valid, options).map(async ({ item, bytes }, index) => {
      return given?.[index] ?? WebAssembly.compile(bytes).catch((error: unknown) => refused(item, error));
    }),
  );
  return made(valid, modules, kept(bytes, options));
}

/** As {@link compile}, at once. Browsers refuse large core modules this way. */
export function compileSync(bytes: Bytes, options: CompileOptions = {}): Component {
  const viewed = view(bytes);
  const valid = readValid(viewed);
  const modules = modulesToCompile(valid, options).map(({ item, bytes }, index) => {
    try {
      return options.modules?.[index] ?? new WebAssembly.Module(bytes);
    } catch (error) {
      return refused(item, error);
    }
  });
  return made(valid, modules, kept(viewed, options));
}

/** A component that came out of an instance. @internal */
export function wrap(component: ComponentValue): Component {
  return asObject(component.plan.type, [], () => component);
}

function kept(bytes: Uint8Array, { portable = !canSuspend() }: CompileOptions): Uint8Array | undefined {
  return portable ? bytes : undefined;
}

function made(
  valid: ValidComponent,
  modules: readonly WebAssembly.Module[],
  bytes: Uint8Array | undefined,
): Component {
  const byItem = new Map(coreModules(valid).map((item, index) => [item, modules[index]!]));
  return asObject(
    valid.type,
    modules,
    once(() => ({ plan: planComponent(valid, byItem), outer: undefined })),
    bytes && { compiler: import.meta.url, bytes, modules },
  );
}

function asObject(
  type: ComponentType,
  modules: readonly WebAssembly.Module[],
  value: () => ComponentValue,
  binary?: ComponentBinary,
): Component {
  const linkage = once(() => linkageOf(value(), wrap));
  const component: Component = {
    type,
    imports: itemsOf(type.imports),
    exports: itemsOf(type.exports),
    modules,
    get [componentLinkage]() {
      return linkage();
    },
    [componentBinary]: binary,
  };
  standsFor(component, value);
  return component;
}

function readValid(bytes: Uint8Array): ValidComponent {
  try {
    return validComponent(readComponent(bytes));
  } catch (error) {
    if (!(error instanceof MalformedBinary)) throw error;
    const { message, offset } = error;
    throw new ComponentBinaryError([{ message, offset }]);
  }
}

function refused(item: CoreModuleItem, error: unknown): never {
  if (!(error instanceof WebAssembly.CompileError)) throw error;
  throw new ComponentBinaryError([{ message: `core module: ${error.message}`, offset: item.offset }]);
}

interface ModuleToCompile {
  readonly item: CoreModuleItem;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** With lower maxima for their memories and tables, if there are limits. */
function modulesToCompile(valid: ValidComponent, { limits, modules }: CompileOptions): ModuleToCompile[] {
  const items = coreModules(valid);
  if (limits === undefined) return items.map((item) => ({ item, bytes: item.bytes }));
  checkLimits(limits);
  if (limits.memory === undefined && limits.tableElements === undefined)
    return items.map((item) => ({ item, bytes: item.bytes }));
  if (modules !== undefined)
    throw new TypeError('limits need the core modules in binary form: leave out `modules`');
  requireOwnCode(valid);
  const counts = census(valid, items);
  const bytes = limited(
    items.map((item) => ({ bytes: item.bytes, offset: item.offset, instances: counts.get(item) ?? 0 })),
    limits,
  );
  return items.map((item, index) => ({ item, bytes: bytes[index]! }));
}

/** What comes from elsewhere has other limits, and what goes elsewhere is instantiated without this component. */
function requireOwnCode({ type, definition }: ValidComponent): void {
  for (const [kind, verb] of [
    ['import', 'imports'],
    ['export', 'exports'],
  ] as const) {
    const name = passesCode(type[`${kind}s`]);
    if (name === undefined) continue;
    const item = definition.items.find((each) => each.kind === kind && each.name.name === name);
    const message = `the component ${verb} core modules or components (\`${name}\`), which limits do not reach`;
    throw new LimitError([{ message, offset: item!.offset }]);
  }
}

function coreModules({ definition, facts }: ValidComponent): CoreModuleItem[] {
  return definition.items.flatMap((item, index) => {
    const known = facts[index]!;
    if (known.kind === 'component') return coreModules(known.component);
    return item.kind === 'core module' ? [item] : [];
  });
}

async function bytesOf(source: BufferSource | Response | URL): Promise<Uint8Array> {
  let given: unknown = source;
  if (given instanceof URL) given = given.protocol === 'file:' ? await readFile(given) : await fetch(given);
  if (typeof Response === 'function' && given instanceof Response) {
    if (!given.ok) throw new Error(`fetching ${given.url} failed: ${given.status} ${given.statusText}`);
    given = await given.arrayBuffer();
  }
  return view(given);
}

/** Node's `fetch` does not read files; browsers never get here, and bundlers see no module to look for. */
function readFile(url: URL): Promise<Uint8Array> {
  const { process } = globalThis as unknown as {
    process: { getBuiltinModule: (name: string) => { readFile: typeof readFile } };
  };
  return process.getBuiltinModule('node:fs/promises').readFile(url);
}

function view(given: unknown): Uint8Array {
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (given instanceof ArrayBuffer) return new Uint8Array(given);
  throw new TypeError('a component is compiled from bytes, a URL or a Response');
}

function itemsOf(externs: Externs): ComponentItem[] {
  return [...externs].map(([name, { type }]) => ({ name, kind: type.kind }));
}
