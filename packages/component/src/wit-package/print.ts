/** A decoded package as WIT text. */
import type { PackageName } from '@wittle/parser';
import type { Contents, FunctionItem, TypeItem, World, WorldExtern } from './contents.ts';
import { attributesOf, gates, noDocs, partAt, textAt, type DocsPart } from './package-docs.ts';

/** Prints a package with the docs and gates that belong to it. */
export function printPackage(
  name: PackageName,
  interfaces: readonly Contents[],
  worlds: readonly World[],
  docs: DocsPart = noDocs,
): string {
  const page: Page = { package: name, lines: [], indent: '' };
  putDocs(page, textAt(docs, 'docs'));
  put(page, `package ${idText(name.namespace)}:${idText(name.name)}${versionText(name)};`);
  for (const each of interfaces) printInterface(page, each, partAt(docs, 'interfaces', each.name));
  for (const world of worlds) printWorld(page, world, partAt(docs, 'worlds', world.contents.name));
  return `${page.lines.join('\n')}\n`;
}

/** A name as WIT text: keywords need a `%`. */
export function idText(name: string): string {
  return keywords.has(name) ? `%${name}` : name;
}

interface Page {
  readonly package: PackageName;
  readonly lines: string[];
  indent: string;
}

function printInterface(page: Page, contents: Contents, docs: DocsPart): void {
  put(page, '');
  putHead(page, docs, undefined);
  block(page, `interface ${idText(contents.name)}`, () => printContents(page, contents, docs));
}

function printWorld(page: Page, { contents, externs }: World, docs: DocsPart): void {
  put(page, '');
  putHead(page, docs, undefined);
  block(page, `world ${idText(contents.name)}`, () => {
    printContents(page, contents, docs);
    const imported = new Set(externs.filter(({ direction }) => direction === 'import').map(keyOf));
    for (const each of externs) printExtern(page, each, docs, imported);
  });
}

function printContents(page: Page, contents: Contents, docs: DocsPart): void {
  const methods = Map.groupBy(contents.functions.values(), ({ resource }) => resource);
  for (const type of contents.types.values()) {
    printType(page, type, partAt(docs, 'types', type.name), methods.get(type.name) ?? [], docs);
  }
  for (const each of methods.get(undefined) ?? []) printFunction(page, each, docs);
}

function printType(
  page: Page,
  { name, externalId, body }: TypeItem,
  docs: DocsPart,
  methods: readonly FunctionItem[],
  containerDocs: DocsPart,
): void {
  putHead(page, docs, externalId);
  const id = idText(name);
  switch (body.kind) {
    case 'use': {
      const as = body.type === name ? '' : ` as ${id}`;
      put(page, `use ${pathText(page, body.from)}.{${idText(body.type)}${as}};`);
      return;
    }
    case 'alias':
      put(page, `type ${id} = ${body.type};`);
      return;
    case 'resource':
      if (methods.length === 0) put(page, `resource ${id};`);
      else {
        block(page, `resource ${id}`, () => {
          for (const each of methods) printFunction(page, each, containerDocs);
        });
      }
      return;
    case 'record':
    case 'variant':
    case 'enum':
    case 'flags':
      block(page, `${body.kind} ${id}`, () => {
        const items = partAt(docs, 'items');
        for (const { name: member, rest } of body.members) {
          putDocs(page, textAt(items, member));
          put(page, `${idText(member)}${rest},`);
        }
      });
      return;
  }
}

function printFunction(page: Page, { name, text, externalId }: FunctionItem, docs: DocsPart): void {
  putHead(page, docsOfFunction(partAt(docs, 'funcs'), name), externalId);
  put(page, text);
}

// In the first version of the section a function's docs stand alone.
function docsOfFunction(functions: DocsPart, name: string): DocsPart {
  const docs = textAt(functions, name);
  return docs === undefined ? partAt(functions, name) : { docs };
}

// What is exported only may stand among the imports: once no name could be both.
function printExtern(page: Page, item: WorldExtern, docs: DocsPart, imported: ReadonlySet<string>): void {
  const { direction } = item;
  const isExport = direction === 'export';
  const key = keyOf(item);
  const among = (exports: string, imports: string): DocsPart => {
    const own = partAt(docs, exports);
    return isExport && (Object.hasOwn(own, key) || imported.has(key)) ? own : partAt(docs, imports);
  };
  switch (item.kind) {
    case 'function':
      putHead(page, docsOfFunction(among('func_exports', 'funcs'), key), item.externalId);
      put(page, `${direction} ${item.item.text}`);
      return;
    case 'inline': {
      const part = partAt(among('interface_exports', 'interfaces'), key);
      putHead(page, part, item.externalId);
      block(page, `${direction} ${idText(item.label)}: interface`, () =>
        printContents(page, item.target, part),
      );
      return;
    }
    case 'path': {
      const label = item.label === undefined ? '' : `${idText(item.label)}: `;
      putDocs(page, textAt(partAt(docs, `interface_${direction}_docs`), key));
      for (const gate of gates(partAt(docs, `interface_${direction}_stability`, key))) put(page, gate);
      putExternalId(page, item.externalId);
      put(page, `${direction} ${label}${pathText(page, item.target)};`);
      return;
    }
  }
}

/** The name of an import or export: `f`, or `a:b/c@1.0.0`. */
function keyOf(item: WorldExtern): string {
  switch (item.kind) {
    case 'function':
      return item.item.name;
    case 'inline':
      return item.label;
    case 'path': {
      const { package: of, name } = item.target;
      return item.label ?? `${of.namespace}:${of.name}/${name}${versionText(of)}`;
    }
  }
}

function pathText({ package: here }: Page, { package: of, name }: Contents): string {
  const isHere = of.namespace === here.namespace && of.name === here.name && of.version === here.version;
  if (isHere) return idText(name);
  return `${idText(of.namespace)}:${idText(of.name)}/${idText(name)}${versionText(of)}`;
}

function versionText({ version }: PackageName): string {
  return version === undefined ? '' : `@${version}`;
}

function putHead(page: Page, docs: DocsPart, externalId: string | undefined): void {
  putDocs(page, textAt(docs, 'docs'));
  for (const attribute of attributesOf(docs)) put(page, attribute);
  putExternalId(page, externalId);
}

function putExternalId(page: Page, id: string | undefined): void {
  if (id === undefined) return;
  const escaped = id.replace(/["\\]|\p{Cc}/gu, (each) => {
    if (each === '"' || each === '\\') return `\\${each}`;
    return `\\u{${each.codePointAt(0)!.toString(16)}}`;
  });
  put(page, `@external-id("${escaped}")`);
}

// Lines that all begin with a space would lose it, unless they are one comment.
function putDocs(page: Page, docs: string | undefined): void {
  if (docs === undefined) return;
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
  page.indent += '  ';
  print();
  page.indent = indent;
  put(page, '}');
}

function put({ lines, indent }: Page, text: string): void {
  lines.push(text === '' ? '' : indent + text);
}

const keywords: ReadonlySet<string> = new Set([
  ...['as', 'async', 'bool', 'borrow', 'char', 'constructor', 'enum', 'error-context', 'export', 'f32'],
  ...['f64', 'flags', 'from', 'func', 'future', 'import', 'include', 'interface', 'list', 'map', 'option'],
  ...['own', 'package', 'record', 'resource', 'result', 's16', 's32', 's64', 's8', 'static', 'stream'],
  ...['string', 'tuple', 'type', 'u16', 'u32', 'u64', 'u8', 'use', 'variant', 'with', 'world'],
]);
