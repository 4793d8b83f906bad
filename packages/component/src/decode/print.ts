/** Packages of the model as WIT text; `format` of the parser breaks its long lines. */
import type {
  Interface,
  Package,
  PackageName,
  Stability,
  Type,
  TypeDefinition,
  TypeShape,
  WitFunction,
  World,
  WorldItem,
} from '@wittle/parser';
import { idText, packageText, pathText } from './names.ts';
import { fail } from './not-in-wit.ts';

/** A text does not become longer than this: shared parts of types are written out. */
export const maxTextLength: number = 64 * 1024 * 1024;

/**
 * Prints a package as the text of a WIT file, and others nested in it. Throws `NotInWit` where the text would be longer
 * than {@link maxTextLength}.
 */
export function printPackage(main: Package, nested: readonly Package[] = []): string {
  const page: Page = { package: main.name, lines: [], indent: '', left: { characters: maxTextLength } };
  putDocs(page, main.docs);
  put(page, `package ${packageText(main.name)};`);
  printItems(page, main);
  for (const each of nested) {
    put(page, '');
    putDocs(page, each.docs);
    const inside: Page = { ...page, package: each.name };
    block(inside, `package ${packageText(each.name)}`, () => printItems(inside, each));
  }
  return `${page.lines.join('\n')}\n`;
}

interface Page {
  readonly package: PackageName;
  readonly lines: string[];
  indent: string;
  readonly left: { characters: number };
}

function printItems(page: Page, { interfaces, worlds }: Package): void {
  for (const [name, each] of interfaces) {
    separate(page);
    putHead(page, each);
    block(page, `interface ${idText(name)}`, () => printInterface(page, each));
  }
  for (const [name, each] of worlds) {
    separate(page);
    putHead(page, each);
    block(page, `world ${idText(name)}`, () => printWorld(page, each));
  }
}

// In the order in which the reference implementation encodes worlds, so that nothing changes its place.
function printWorld(page: Page, world: World): void {
  const rest: WorldItem[] = [];
  const types: TypeDefinition[] = [];
  const functions: WitFunction[] = [];
  for (const item of world.imports) {
    if (item.kind === 'world-interface') printItem(page, 'import', item);
    else if (item.kind === 'world-type') types.push(item.type);
    else {
      functions.push(item.function);
      if (item.function.role.kind === 'freestanding') rest.push(item);
    }
  }
  printTypes(page, world, types, functions);
  for (const item of rest) printItem(page, 'import', item);
  if (world.exports.length > 0) separate(page);
  for (const item of world.exports) printItem(page, 'export', item);
}

function printItem(page: Page, direction: 'import' | 'export', item: WorldItem): void {
  if (item.kind === 'world-type') return;
  if (item.kind === 'world-function') {
    putHead(page, item.function);
    put(page, `${direction} ${functionText(page, item.function)}`);
    return;
  }
  const { name, interface: of, stability, externalId } = item;
  const isInline = of.name === undefined;
  putHead(page, { docs: item.docs === '' && isInline ? of.docs : item.docs, stability, externalId });
  const label = name === undefined ? '' : `${idText(name)}: `;
  if (isInline) block(page, `${direction} ${label}interface`, () => printInterface(page, of));
  else put(page, `${direction} ${label}${interfaceText(page, of)};`);
}

function printInterface(page: Page, of: Interface): void {
  const functions = [...of.functions.values()];
  printTypes(page, of, [...of.types.values()], functions);
  for (const each of functions) {
    if (each.role.kind !== 'freestanding') continue;
    separate(page);
    printFunction(page, each);
  }
}

function printTypes(
  page: Page,
  owner: Interface | World,
  types: readonly TypeDefinition[],
  functions: readonly WitFunction[],
): void {
  const methods = Map.groupBy(functions, ({ role }) =>
    role.kind === 'freestanding' ? undefined : role.resource,
  );
  const used = types.filter((type) => usedFrom(owner, type) !== undefined);
  printUses(page, owner, used);
  for (const type of types) {
    if (usedFrom(owner, type) !== undefined) continue;
    separate(page);
    printType(page, type, methods.get(type) ?? []);
  }
}

/** What a `use` names; `undefined` for a type of its own. */
function usedFrom(owner: Interface | World, { shape }: TypeDefinition): TypeDefinition | undefined {
  if (shape.kind !== 'alias' || shape.target.kind !== 'type-definition') return undefined;
  const { target } = shape;
  return target.owner?.kind === 'interface' && target.owner !== owner ? target : undefined;
}

// Types that are used from one interface, one after the other, are one statement.
function printUses(page: Page, owner: Interface | World, types: readonly TypeDefinition[]): void {
  let group: { readonly key: string; readonly names: string[] } | undefined;
  const end = (): void => {
    if (group !== undefined) put(page, `${group.key}.{${group.names.join(', ')}};`);
    group = undefined;
  };
  let head = '';
  for (const type of types) {
    const target = usedFrom(owner, type)!;
    const key = `use ${interfaceText(page, target.owner as Interface)}`;
    const ownHead = JSON.stringify([type.stability, type.externalId]);
    if (group?.key !== key || head !== ownHead) {
      end();
      putHead(page, type);
      head = ownHead;
      group = { key, names: [] };
    }
    const from = idText(target.name!);
    group.names.push(target.name === type.name ? from : `${from} as ${idText(type.name!)}`);
  }
  end();
}

function printType(page: Page, type: TypeDefinition, methods: readonly WitFunction[]): void {
  putHead(page, type);
  const { shape } = type;
  const id = idText(type.name!);
  switch (shape.kind) {
    case 'resource':
      if (methods.length === 0) return put(page, `resource ${id};`);
      return block(page, `resource ${id}`, () => {
        for (const each of methods) printFunction(page, each);
      });
    case 'record':
      return printMembers(page, `record ${id}`, shape.fields, ': ', '');
    case 'variant':
      return printMembers(page, `variant ${id}`, shape.cases, '(', ')');
    case 'enum':
      return printMembers(page, `enum ${id}`, shape.cases, '', '');
    case 'flags':
      return printMembers(page, `flags ${id}`, shape.flags, '', '');
    case 'own':
      // Without the word it would be another name for the resource.
      return put(page, `type ${id} = own<${typeText(page, shape.resource)}>;`);
    default:
      return put(page, `type ${id} = ${shapeText(page, shape)};`);
  }
}

function printMembers(
  page: Page,
  head: string,
  members: readonly { readonly name: string; readonly type?: Type | undefined; readonly docs: string }[],
  before: string,
  after: string,
): void {
  block(page, head, () => {
    for (const { name, type, docs } of members) {
      putDocs(page, docs);
      put(page, `${idText(name)}${type === undefined ? '' : `${before}${typeText(page, type)}${after}`},`);
    }
  });
}

function printFunction(page: Page, of: WitFunction): void {
  putHead(page, of);
  put(page, functionText(page, of));
}

/** From the name on, with the semicolon: `f: static func();`. */
function functionText(page: Page, { name, role, async: isAsync, params, result }: WitFunction): string {
  const written = role.kind === 'method' ? params.slice(1) : params;
  const list = written.map((each) => `${idText(each.name)}: ${typeText(page, each.type)}`).join(', ');
  const given = result === undefined ? '' : ` -> ${typeText(page, result)}`;
  if (role.kind === 'constructor') {
    // One that cannot fail gives its resource, which goes without saying.
    const isPlain = given === ` -> ${idText(role.resource.name!)}`;
    return `constructor(${list})${isPlain ? '' : given};`;
  }
  const id = idText(role.kind === 'freestanding' ? name : name.slice(name.indexOf('.') + 1));
  const words = `${role.kind === 'static' ? 'static ' : ''}${isAsync ? 'async ' : ''}`;
  return `${id}: ${words}func(${list})${given};`;
}

function typeText(page: Page, type: Type): string {
  const text = nameText(type) ?? shapeText(page, (type as TypeDefinition).shape);
  page.left.characters -= text.length;
  return page.left.characters < 0 ? fail('its WIT text would be too long', 0) : text;
}

function nameText(type: Type): string | undefined {
  if (type.kind !== 'type-definition') return type.kind;
  return type.name === undefined ? undefined : idText(type.name);
}

function shapeText(page: Page, shape: TypeShape): string {
  const text = (type: Type): string => typeText(page, type);
  const generic = (inner: Type | undefined): string =>
    inner === undefined ? shape.kind : `${shape.kind}<${text(inner)}>`;
  switch (shape.kind) {
    case 'tuple':
      return `tuple<${shape.types.map(text).join(', ')}>`;
    case 'option':
      return generic(shape.type);
    case 'list':
    case 'stream':
    case 'future':
      return generic(shape.element);
    case 'result':
      if (shape.err === undefined) return generic(shape.ok);
      return `result<${shape.ok === undefined ? '_' : text(shape.ok)}, ${text(shape.err)}>`;
    case 'fixed-length-list':
      return `list<${text(shape.element)}, ${shape.length}>`;
    case 'map':
      return `map<${text(shape.key)}, ${text(shape.value)}>`;
    case 'own':
      return text(shape.resource);
    case 'borrow':
      return generic(shape.resource);
    case 'alias':
      return text(shape.target);
    case 'resource':
    case 'record':
    case 'variant':
    case 'enum':
    case 'flags':
      return fail(`a ${shape.kind} has no name`, 0);
  }
}

function interfaceText({ package: here }: Page, { package: of, name }: Interface): string {
  return pathText(here, { package: of.name, name: name! });
}

interface Head {
  readonly docs: string;
  readonly stability: Stability | undefined;
  readonly externalId?: string | undefined;
}

function putHead(page: Page, { docs, stability, externalId }: Head): void {
  putDocs(page, docs);
  if (stability?.kind === 'stable') put(page, `@since(version = ${stability.since})`);
  if (stability?.kind === 'unstable') put(page, `@unstable(feature = ${stability.feature})`);
  if (stability?.deprecated !== undefined) put(page, `@deprecated(version = ${stability.deprecated})`);
  if (externalId !== undefined) put(page, `@external-id("${escaped(externalId)}")`);
}

function escaped(text: string): string {
  return text.replace(/["\\]|\p{Cc}/gu, (each) => {
    if (each === '"' || each === '\\') return `\\${each}`;
    return `\\u{${each.codePointAt(0)!.toString(16)}}`;
  });
}

// Lines that all begin with a space would lose it, unless they are one comment.
function putDocs(page: Page, docs: string): void {
  if (docs === '') return;
  const lines = docs.split('\n');
  const isIndented = lines.every((line) => line === '' || line.startsWith(' '));
  if (isIndented && !docs.includes('*/') && !docs.includes('/*')) {
    page.lines.push(...`${page.indent}/**${docs}*/`.split('\n'));
    return;
  }
  for (const line of lines) put(page, line === '' ? '///' : `/// ${line}`);
}

function block(page: Page, head: string, print: () => void): void {
  put(page, `${head} {`);
  const { indent } = page;
  const start = page.lines.length;
  page.indent += '  ';
  print();
  page.indent = indent;
  if (page.lines.length > start) put(page, '}');
  else page.lines[start - 1] += '}';
}

/** A blank line, unless this is the first in its block. */
function separate({ lines }: Page): void {
  if (!lines.at(-1)!.endsWith('{')) lines.push('');
}

function put({ lines, indent }: Page, text: string): void {
  lines.push(text === '' ? '' : indent + text);
}
