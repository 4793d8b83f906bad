/** `arbitraries.ts`: random values of types, for fast-check. All of them are valid; edges of ranges are among them. */
import {
  resolveAlias,
  type Type,
  type TypeDefinition,
  type TypeShape,
  type WitFunction,
} from '@wittle/parser';
import {
  code,
  dts,
  endOf,
  join,
  named,
  quote,
  run,
  ts,
  type Code,
  type Located,
  type Name,
  type Part,
} from '../../emit/code.ts';
import { typeOf } from '../../typescript/context.ts';
import { classKey } from '../../typescript/declarations.ts';
import { deprecation, docs, type Documented } from '../../typescript/docs.ts';
import { bareKey, camelCase, pascalCase, unusedName } from '../../typescript/names.ts';
import { isOption, keysOf, numberArray } from '../../typescript/types.ts';
import { caseTags, variantKeys } from '../../typescript/variants.ts';
import { ownParams, resultOf } from '../../world/functions.ts';
import {
  behindAlias,
  declared,
  functionBaseName,
  functionLabel,
  resourceOf,
  sideWords,
  type Plan,
  type Resource,
  type Side,
} from '../../world/plan.ts';
import { fromGlue } from '../stubs/glue.ts';

const FILE = 'arbitraries';

/** An arbitrary in its file: a constant or, when values hold handles to resources, a function of arbitraries of those. */
interface Declared {
  readonly name: Name;
  readonly resources: ReadonlySet<Resource>;
}

/** Code of an arbitrary, and the resources that it needs arbitraries of. */
interface Made {
  readonly code: Code;
  readonly resources: ReadonlySet<Resource>;
}

/**
 * The sections of the file: an arbitrary for every declared type, for the arguments of every exported function, and for
 * what every imported function returns. `undefined` when the world has nothing of the kind.
 */
export function arbitraries(plan: Plan, glue: string): readonly Code[] | undefined {
  const file = new Arbitraries(plan, glue);
  for (const side of [...plan.imports, ...plan.exports]) {
    for (const type of side.types) if (hasValues(plan, side, type)) file.declare(side, type);
    for (const of of side.functions) file.declareFunction(side, of);
  }
  if (file.sections.length === 0) return undefined;
  const options = run`/** Objects have a prototype, as those that are lifted have. */
    const ${PLAIN} = { noNullPrototype: true };\n`;
  const isUsed = file.sections.some((section) => mentionsName(section, PLAIN));
  return [...file.resources(), ...(isUsed ? [options] : []), ...file.sections];
}

/** Resources have no values but their objects, and what is only used here is declared where it comes from. */
function hasValues(plan: Plan, side: Side, type: TypeDefinition): boolean {
  const behind = resolveAlias(type);
  const isResource = behind.kind === 'type-definition' && behind.shape.kind === 'resource';
  return !isResource && declared(plan, side, type).type === type;
}

function mentionsName(piece: Part, name: Name): boolean {
  if (typeof piece === 'string') return false;
  return piece === name || (piece.kind === 'code' && piece.parts.some((part) => mentionsName(part, name)));
}

class Arbitraries {
  /** Each declaration behind those that it uses. */
  readonly sections: Code[] = [];
  readonly #plan: Plan;
  readonly #glue: string;
  readonly #known = new Map<Side, Map<TypeDefinition, Declared>>();
  readonly #taken = new Set<string>(['Resources', 'fc', 'plain']);
  readonly #used = new Set<Resource>();
  readonly #resourceKeys: ReadonlyMap<Resource, string>;

  constructor(plan: Plan, glue: string) {
    this.#plan = plan;
    this.#glue = glue;
    this.#resourceKeys = resourceKeys(plan);
  }

  /** The type of what has to be given for values that hold handles. */
  resources(): readonly Code[] {
    if (this.#used.size === 0) return [];
    const members = this.#plan.resources
      .filter((each) => this.#used.has(each))
      .map((each) => {
        const type = fromGlue(
          this.#plan,
          this.#glue,
          typeOf({ plan: this.#plan, side: each.side }, each.type),
        );
        const key = named(each.type, this.#resourceKeys.get(each));
        return code`${docs('', deprecation(each.type))}readonly ${key}: fc.Arbitrary<${type}>;${endOf(each.type)}\n`;
      });
    const about = 'Arbitraries of objects of resources: only the program can make those.';
    return [
      ts`${docs(about)}export interface ${named(this.#plan.world, own('Resources', true))} {\n${members}}\n`,
    ];
  }

  /** The arbitrary of a declared type. */
  declare(side: Side, type: TypeDefinition): Declared {
    const known = this.#known.get(side) ?? new Map<TypeDefinition, Declared>();
    this.#known.set(side, known);
    const found = known.get(type);
    if (found !== undefined) return found;
    const shape = this.#shape(side, type.shape);
    const about = `Values of \`${type.name}\`${side.label === '' ? '' : ` of \`${side.label}\``}.`;
    const name = this.#name(side, pascalCase(type.name!));
    const made = this.#emit(type, name, about, this.#type(side, type), shape);
    known.set(type, made);
    return made;
  }

  /** What a guest's function can be called with, and what a host's can return. */
  declareFunction(side: Side, of: WitFunction): void {
    const { role } = of;
    const owner = role.kind === 'freestanding' ? '' : pascalCase(role.resource.name!);
    const own = role.kind === 'constructor' ? 'New' : pascalCase(functionBaseName(of));
    const label = functionLabel(side, of);
    if (side.direction === 'export') {
      const params = ownParams(of).map(({ type }) => type);
      if (params.length === 0) return;
      const made = combined(
        params.map((type) => this.#of(side, type)),
        (parts) => code`fc.tuple(${join(parts, ', ')})`,
      );
      const types = params.map((type) => this.#type(side, type));
      this.#emit(
        of,
        this.#name(side, `${owner}${own}Arguments`),
        `Arguments of \`${label}\`.`,
        code`[${join(types, ', ')}]`,
        made,
      );
      return;
    }
    const { value } = resultOf(of, side.shapes);
    if (value === undefined || role.kind === 'constructor') return;
    this.#emit(
      of,
      this.#name(side, `${owner}${own}Result`),
      `What \`${label}\` may return.`,
      this.#type(side, value),
      this.#of(side, value),
    );
  }

  #emit(
    of: Located & Documented,
    name: Name,
    about: string,
    type: Code,
    { code: made, resources }: Made,
  ): Declared {
    if (resources.size === 0) {
      this.sections.push(
        code`${docs(about, deprecation(of))}export ${dts`declare`} const ${named(of, name)}${ts`: fc.Arbitrary<${type}>`}${run` = ${made}`};${endOf(of)}\n`,
      );
    } else {
      // Not `Pick`, which may be the name of a type.
      const members = [...resources].map((each) => {
        const key = this.#resourceKeys.get(each)!;
        return code`readonly ${key}: ${own('Resources', true)}[${quote(key)}];`;
      });
      this.sections
        .push(code`${docs(about, deprecation(of))}export ${dts`declare`} function ${named(of, name)}(
        resources${ts`: { ${join(members, ' ')} }`},
      )${ts`: fc.Arbitrary<${type}>`}${dts`;`}${run` { return ${made}; }`}${endOf(of)}\n`);
    }
    return { name, resources };
  }

  #name(side: Side, word: string): Name {
    return own(unusedName(`${sidePrefix(side)}${word}`, this.#taken), false);
  }

  #type(side: Side, type: Type): Code {
    return fromGlue(this.#plan, this.#glue, typeOf({ plan: this.#plan, side }, type));
  }

  /** The arbitrary of a type in use. */
  #of(from: Side, given: Type): Made {
    const { side, type } = behindAlias(this.#plan, from, given);
    if (type.kind !== 'type-definition') return { code: primitive(type), resources: NONE };
    const { kind } = type.shape;
    if (type.name === undefined || kind === 'own' || kind === 'borrow') return this.#shape(side, type.shape);
    const { name, resources } = this.declare(side, type);
    return { code: resources.size === 0 ? code`${name}` : code`${name}(resources)`, resources };
  }

  #shape(side: Side, shape: TypeShape): Made {
    const of = (type: Type): Made => this.#of(side, type);
    switch (shape.kind) {
      case 'record': {
        const keys = [...keysOf(shape.fields).values()];
        return combined(
          shape.fields.map((field) => of(field.type)),
          (parts) => object(parts.map((part, index) => code`${property(keys[index]!)}: ${part}`)),
        );
      }
      case 'flags':
        return plain(
          object([...keysOf(shape.flags).values()].map((key) => code`${property(key)}: fc.boolean()`)),
        );
      case 'enum':
        return plain(
          code`fc.constantFrom(${join(
            shape.cases.map((each) => code`${quote(each.name)}${ts` as const`}`),
            ', ',
          )})`,
        );
      case 'variant':
        return this.#cases(
          side,
          shape,
          shape.cases.map((each) => each.type),
        );
      case 'result':
        return this.#cases(side, shape, [shape.ok, shape.err]);
      case 'option':
        return isOption(shape.type)
          ? this.#cases(side, shape, [undefined, shape.type])
          : combined([of(shape.type)], ([value]) => code`fc.option(${value}, { nil: undefined })`);
      case 'tuple':
        return combined(shape.types.map(of), (parts) => code`fc.tuple(${join(parts, ', ')})`);
      case 'list':
        return this.#list(side, shape.element, code``);
      case 'fixed-length-list':
        return this.#list(
          side,
          shape.element,
          code`{ minLength: ${shape.length}, maxLength: ${shape.length} }`,
        );
      case 'map':
        return combined(
          [of(shape.key), of(shape.value)],
          (parts) => code`fc.array(fc.tuple(${join(parts, ', ')})).map((entries) => new Map(entries))`,
        );
      case 'own':
      case 'borrow': {
        const resource = resourceOf(this.#plan, side, shape.resource);
        this.#used.add(resource);
        return { code: code`resources.${this.#resourceKeys.get(resource)}`, resources: new Set([resource]) };
      }
      case 'alias':
        return of(shape.target);
      case 'resource':
      case 'stream':
      case 'future':
        throw new Error(`no value has the type \`${shape.kind}\``);
    }
  }

  #list(side: Side, element: Type, bounds: Code): Made {
    const comma = bounds.parts.some((part) => part !== '') ? code`, ${bounds}` : undefined;
    const numbers = numberArray(element);
    if (numbers === undefined) {
      return combined([this.#of(side, element)], ([each]) => code`fc.array(${each}${comma})`);
    }
    return plain(
      code`fc.${numbers.charAt(0).toLowerCase()}${numbers.slice(1)}(${comma === undefined ? undefined : bounds})`,
    );
  }

  /** The cases of what is stored as a variant. */
  #cases(side: Side, shape: TypeShape, types: readonly (Type | undefined)[]): Made {
    const tags = caseTags(shape, side.shapes);
    const { tag, payload } = variantKeys(side.shapes);
    const made = types.map((type, index): Made => {
      const fixed = code`${tag}: fc.constant(${quote(tags[index]!)}${ts` as const`})`;
      if (type === undefined) return plain(object([fixed]));
      return combined([this.#of(side, type)], ([value]) => object([fixed, code`${payload}: ${value}`]));
    });
    return made.length === 1 ? made[0]! : combined(made, (parts) => code`fc.oneof(${join(parts, ', ')})`);
  }
}

/** Options of records: objects such as lifting gives. */
const PLAIN = own('plain', false);

const NONE: ReadonlySet<Resource> = new Set();

function plain(made: Code): Made {
  return { code: made, resources: NONE };
}

function combined(parts: readonly Made[], make: (parts: readonly Code[]) => Code): Made {
  const resources = new Set(parts.flatMap((part) => [...part.resources]));
  return { code: make(parts.map((part) => part.code)), resources };
}

function object(members: readonly Code[]): Code {
  return code`fc.record({ ${join(members, ', ')} }, ${PLAIN})`;
}

/** A property in an object literal. */
function property(key: string): string {
  return bareKey(key) === key ? key : quote(bareKey(key));
}

function own(name: string, isType: boolean): Name {
  return { kind: 'name', name, from: FILE, fromPackage: false, isType };
}

/** What resources are called among those that have to be given: `demoShopDbConnection`. */
function resourceKeys(plan: Plan): ReadonlyMap<Resource, string> {
  const taken = new Set<string>();
  return new Map(
    plan.resources.map((resource) => {
      const { side, type } = resource;
      return [resource, unusedName(`${sidePrefix(side)}${classKey(side, type)}`, taken)];
    }),
  );
}

/** How names of what a side has begin in the file of all sides: `demoShopDb`, `exportedDemoShopCart`. */
function sidePrefix(side: Side): string {
  return camelCase(`${side.direction === 'export' ? 'exported-' : ''}${sideWords(side)}`);
}

function primitive(type: Exclude<Type, TypeDefinition>): Code {
  switch (type.kind) {
    case 'bool':
      return code`fc.boolean()`;
    case 'u8':
      return integer(0, 0xff);
    case 's8':
      return integer(-0x80, 0x7f);
    case 'u16':
      return integer(0, 0xffff);
    case 's16':
      return integer(-0x8000, 0x7fff);
    case 'u32':
      return integer(0, 0xffff_ffff);
    case 's32':
      return integer(-0x8000_0000, 0x7fff_ffff);
    case 'u64':
      return code`fc.bigInt({ min: 0n, max: ${String(2n ** 64n - 1n)}n })`;
    case 's64':
      return code`fc.bigInt({ min: ${String(-(2n ** 63n))}n, max: ${String(2n ** 63n - 1n)}n })`;
    case 'f32':
      return code`fc.float()`;
    case 'f64':
      return code`fc.double()`;
    case 'char':
      return code`fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })`;
    case 'string':
      return code`fc.string({ unit: 'binary' })`;
    case 'error-context':
      throw new Error('no value has the type `error-context`');
  }
}

function integer(min: number, max: number): Code {
  return code`fc.integer({ min: ${min}, max: ${max} })`;
}
