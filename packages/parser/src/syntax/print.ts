/**
 * Syntax tree to text, in the style of the published WASI packages: two spaces, one field a line, gates on lines of
 * their own, at most one empty line in a row. Every comment stays between the words between which it stood.
 *
 * The tree says which words come and how they are laid out; the source gives the comments and the empty lines.
 */
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from '../source.ts';
import type {
  AttributeNode,
  ExternNode,
  FunctionTypeNode,
  IdNode,
  IncludeNode,
  InterfaceItemNode,
  PackageDeclarationNode,
  PackageNameNode,
  ParamNode,
  RenameNode,
  ResourceFunctionNode,
  ResourceNode,
  TopLevelItemNode,
  TypeDefinitionNode,
  TypeNode,
  UseNameNode,
  UseNode,
  UsePathNode,
  WitFileNode,
  WorldItemNode,
} from './ast.ts';
import { parse } from './parse.ts';
import { tokenize, type Comment, type Token } from './tokens.ts';

/** Parameters and names of a `use` go onto lines of their own when a line would be longer than this. */
export const maxLineLength: number = 100;

/**
 * Formats a WIT file. Never throws: a text with errors comes back as it is, with its diagnostics. What it prints means
 * the same, and formatting it again changes nothing.
 *
 * ```ts
 * format({ name: 'a.wit', text: 'package a:b;interface c{d:func();}' }).text;
 * // package a:b;
 * // interface c {
 * //   d: func();
 * // }
 * ```
 */
export function format(source: Source): {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { ast, diagnostics } = parse(source);
  return { text: hasErrors(diagnostics) ? source.text : print(ast), diagnostics };
}

/** Prints the tree of a file that has no errors, with the comments of its source. */
export function print(file: WitFileNode): string {
  const { tokens, comments } = tokenize(file.source);
  const commentStarts = [...comments.values()].flat().map(({ start }) => start);
  const writer: Writer = { text: file.source.text, words: [], comments, commentStarts, indent: 0 };
  writeFile(writer, file);
  return weave(file.source.text, writer.words, tokens, comments);
}

/** One token to print. */
interface Word {
  readonly text: string;
  readonly before: Gap;
  /** Of the line that it begins, or is part of. */
  readonly indent: number;
}

/** What stands before a word. Before an `item` an empty line may be kept; a `close` ends what is indented. */
type Gap = 'none' | 'space' | 'line' | 'item' | 'first' | 'close';

/** Where the words go. */
interface Writer {
  readonly text: string;
  readonly words: Word[];
  readonly comments: ReadonlyMap<number, readonly Comment[]>;
  readonly commentStarts: readonly number[];
  indent: number;
}

function put(writer: Writer, before: Gap, ...texts: readonly string[]): void {
  let gap = before;
  for (const text of texts) {
    writer.words.push({ text, before: gap, indent: writer.indent });
    gap = 'none';
  }
}

// Items

function writeFile(writer: Writer, file: WitFileNode): void {
  if (file.package !== undefined) writePackageDeclaration(writer, file.package);
  for (const item of file.items) writeTopLevelItem(writer, item, 'item');
}

function writePackageDeclaration(writer: Writer, { name }: PackageDeclarationNode): void {
  put(writer, 'first', 'package');
  writePackageName(writer, name);
  put(writer, 'none', ';');
}

function writeTopLevelItem(writer: Writer, item: TopLevelItemNode, gap: Gap): void {
  const first = writeAttributes(writer, item.attributes, gap);
  switch (item.kind) {
    case 'top-level-use':
      put(writer, first, 'use');
      writePath(writer, item.path);
      writeAs(writer, item.as);
      put(writer, 'none', ';');
      return;
    case 'interface':
      put(writer, first, 'interface');
      writeId(writer, 'space', item.name);
      writeBlock(writer, item.span.end, item.items, writeInterfaceItem);
      return;
    case 'world':
      put(writer, first, 'world');
      writeId(writer, 'space', item.name);
      writeBlock(writer, item.span.end, item.items, writeWorldItem);
      return;
    case 'nested-package':
      put(writer, first, 'package');
      writePackageName(writer, item.name);
      writeBlock(writer, item.span.end, item.items, writeTopLevelItem);
      return;
  }
}

function writeInterfaceItem(writer: Writer, item: InterfaceItemNode, gap: Gap): void {
  if (item.kind === 'use') writeUse(writer, item, gap);
  else if (item.kind !== 'function') writeTypeDefinition(writer, item, gap);
  else {
    const first = writeAttributes(writer, item.attributes, gap);
    writeId(writer, first, item.name);
    put(writer, 'none', ':');
    writeFunctionType(writer, item.type);
  }
}

function writeWorldItem(writer: Writer, item: WorldItemNode, gap: Gap): void {
  if (item.kind === 'use') writeUse(writer, item, gap);
  else if (item.kind === 'include') writeInclude(writer, item, gap);
  else if (item.kind === 'extern') writeExtern(writer, item, gap);
  else writeTypeDefinition(writer, item, gap);
}

function writeExtern(writer: Writer, item: ExternNode, gap: Gap): void {
  const { target, direction } = item;
  put(writer, writeAttributes(writer, item.attributes, gap), direction);
  if (target.label !== undefined) {
    writeId(writer, 'space', target.label);
    put(writer, 'none', ':');
  }
  switch (target.kind) {
    case 'extern-path':
      writePath(writer, target.path);
      put(writer, 'none', ';');
      return;
    case 'extern-function':
      writeFunctionType(writer, target.type);
      return;
    case 'extern-interface':
      put(writer, 'space', 'interface');
      writeBlock(writer, item.span.end, target.items, writeInterfaceItem);
      return;
  }
}

function writeInclude(writer: Writer, item: IncludeNode, gap: Gap): void {
  put(writer, writeAttributes(writer, item.attributes, gap), 'include');
  writePath(writer, item.path);
  if (writer.text[item.span.end - 1] === ';') {
    put(writer, 'none', ';');
    return;
  }
  put(writer, 'space', 'with');
  writeNames(writer, item, 'space', '');
}

function writeUse(writer: Writer, item: UseNode, gap: Gap): void {
  put(writer, writeAttributes(writer, item.attributes, gap), 'use');
  writePath(writer, item.path);
  put(writer, 'none', '.');
  writeNames(writer, item, 'none', ';');
}

/** The names of a `use` or `include`, in braces, and what ends it. */
function writeNames(
  writer: Writer,
  { path, span, names }: UseNode | IncludeNode,
  gap: 'space' | 'none',
  end: string,
): void {
  const padding = names.length === 0 ? 'none' : gap;
  writeFitting(writer, isSpread(writer, path.span.end, names[0]?.span.start, span.end), (spread) => {
    put(writer, gap, '{');
    writeList<UseNameNode | RenameNode>(writer, names, writeName, { spread, padding, trailingComma: true });
    put(writer, spread ? 'close' : padding, '}');
    if (end !== '') put(writer, 'none', end);
  });
}

function writeName(writer: Writer, { name, as }: UseNameNode | RenameNode, gap: Gap): void {
  writeId(writer, gap, name);
  writeAs(writer, as);
}

function writeTypeDefinition(writer: Writer, node: TypeDefinitionNode, gap: Gap): void {
  const first = writeAttributes(writer, node.attributes, gap);
  put(writer, first, node.kind === 'type-alias' ? 'type' : node.kind);
  writeId(writer, 'space', node.name);
  switch (node.kind) {
    case 'type-alias':
      put(writer, 'space', '=');
      writeType(writer, 'space', node.type);
      put(writer, 'none', ';');
      return;
    case 'record':
      writeBlock(writer, node.span.end, node.fields, (to, field, before) => {
        writeId(to, before, field.name);
        put(to, 'none', ':');
        writeType(to, 'space', field.type);
        put(to, 'none', ',');
      });
      return;
    case 'variant':
      writeBlock(writer, node.span.end, node.cases, (to, each, before) => {
        writeId(to, before, each.name);
        if (each.type !== undefined) {
          put(to, 'none', '(');
          writeType(to, 'none', each.type);
          put(to, 'none', ')');
        }
        put(to, 'none', ',');
      });
      return;
    case 'enum':
    case 'flags':
      writeBlock(
        writer,
        node.span.end,
        node.kind === 'enum' ? node.cases : node.flags,
        (to, { name }, before) => {
          writeId(to, before, name);
          put(to, 'none', ',');
        },
      );
      return;
    case 'resource':
      writeResource(writer, node);
      return;
  }
}

function writeResource(writer: Writer, node: ResourceNode): void {
  if (writer.text[node.span.end - 1] === ';') put(writer, 'none', ';');
  else writeBlock(writer, node.span.end, node.functions, writeResourceFunction);
}

function writeResourceFunction(writer: Writer, node: ResourceFunctionNode, gap: Gap): void {
  const first = writeAttributes(writer, node.attributes, gap);
  if (node.role === 'constructor') {
    put(writer, first, 'constructor');
    writeSignature(writer, node.type);
    return;
  }
  writeId(writer, first, node.name);
  put(writer, 'none', ':');
  if (node.role === 'static') put(writer, 'space', 'static');
  writeFunctionType(writer, node.type);
}

/** `{ … }` with each member on a line of its own. `end` is where the closing brace ends. */
function writeBlock<Node>(
  writer: Writer,
  end: number,
  members: readonly Node[],
  write: (writer: Writer, member: Node, gap: Gap) => void,
): void {
  put(writer, 'space', '{');
  writer.indent++;
  members.forEach((member, index) => write(writer, member, index === 0 ? 'first' : 'item'));
  writer.indent--;
  const isEmpty = members.length === 0 && !writer.comments.has(end - 1);
  put(writer, isEmpty ? 'none' : 'close', '}');
}

/** Writes gates, each on its line, and says what stands before what comes after them. */
function writeAttributes(writer: Writer, attributes: readonly AttributeNode[], gap: Gap): Gap {
  let before = gap;
  for (const attribute of attributes) {
    put(writer, before, '@', attribute.kind, '(');
    switch (attribute.kind) {
      case 'since':
      case 'deprecated':
        put(writer, 'none', 'version');
        put(writer, 'space', '=');
        put(writer, 'space', attribute.version.version);
        break;
      case 'unstable':
        put(writer, 'none', 'feature');
        put(writer, 'space', '=');
        writeId(writer, 'space', attribute.feature);
        break;
      case 'external-id':
        put(writer, 'none', `"${attribute.id}"`);
        break;
    }
    put(writer, 'none', ')');
    before = 'line';
  }
  return before;
}

// Functions and types

/** ` async func(…) -> …;` */
function writeFunctionType(writer: Writer, type: FunctionTypeNode): void {
  if (type.async) put(writer, 'space', 'async');
  put(writer, 'space', 'func');
  writeSignature(writer, type);
}

/** `(…) -> …;`, the parameters spread over lines if they were, or if one line would be too long. */
function writeSignature(writer: Writer, { params, result, span }: FunctionTypeNode): void {
  const end = result?.span.start ?? span.end;
  // The published packages are of two minds about a comma here, so it stays as it was written.
  const trailingComma = hasComma(writer, params.at(-1)?.span.end ?? end);
  writeFitting(writer, isSpread(writer, span.start, params[0]?.span.start, end), (spread) => {
    put(writer, 'none', '(');
    writeList(writer, params, writeParam, { spread, padding: 'none', trailingComma });
    put(writer, spread ? 'close' : 'none', ')');
    if (result !== undefined) {
      put(writer, 'space', '->');
      writeType(writer, 'space', result);
    }
    put(writer, 'none', ';');
  });
}

function writeParam(writer: Writer, { name, type }: ParamNode, gap: Gap): void {
  writeId(writer, gap, name);
  put(writer, 'none', ':');
  writeType(writer, 'space', type);
}

function writeType(writer: Writer, gap: Gap, type: TypeNode): void {
  switch (type.kind) {
    case 'primitive-type':
      put(writer, gap, type.name);
      return;
    case 'named-type':
      writeId(writer, gap, type.id);
      return;
    case 'handle-type':
      put(writer, gap, type.mode, '<');
      writeId(writer, 'none', type.resource);
      put(writer, 'none', '>');
      return;
    case 'tuple-type':
      put(writer, gap, 'tuple');
      writeArguments(writer, type.types);
      return;
    case 'list-type':
      put(writer, gap, 'list');
      writeArguments(writer, type.length === undefined ? [type.element] : [type.element, `${type.length}`]);
      return;
    case 'option-type':
      put(writer, gap, 'option');
      writeArguments(writer, [type.type]);
      return;
    case 'result-type':
      put(writer, gap, 'result');
      if (type.err !== undefined) writeArguments(writer, [type.ok ?? '_', type.err]);
      else if (type.ok !== undefined) writeArguments(writer, [type.ok]);
      return;
    case 'map-type':
      put(writer, gap, 'map');
      writeArguments(writer, [type.key, type.value]);
      return;
    case 'future-type':
    case 'stream-type':
      put(writer, gap, type.kind === 'future-type' ? 'future' : 'stream');
      if (type.element !== undefined) writeArguments(writer, [type.element]);
      return;
  }
}

/** `<…, …>` of types and of other words. */
function writeArguments(writer: Writer, types: readonly (TypeNode | string)[]): void {
  put(writer, 'none', '<');
  const write = (to: Writer, type: TypeNode | string, gap: Gap): void =>
    typeof type === 'string' ? put(to, gap, type) : writeType(to, gap, type);
  writeList(writer, types, write, { spread: false, padding: 'none', trailingComma: false });
  put(writer, 'none', '>');
}

// Parts

/** `a, b, c`, or each on a line of its own. */
function writeList<Node>(
  writer: Writer,
  members: readonly Node[],
  write: (writer: Writer, member: Node, gap: Gap) => void,
  {
    spread,
    padding,
    trailingComma,
  }: { readonly spread: boolean; readonly padding: 'none' | 'space'; readonly trailingComma: boolean },
): void {
  if (spread) writer.indent++;
  members.forEach((member, index) => {
    if (index > 0) put(writer, 'none', ',');
    write(writer, member, index === 0 ? (spread ? 'first' : padding) : spread ? 'item' : 'space');
  });
  if (spread && trailingComma) put(writer, 'none', ',');
  if (spread) writer.indent--;
}

/** Writes something on one line, or spread over several if it must be or if the line is too long. */
function writeFitting(writer: Writer, mustSpread: boolean, write: (spread: boolean) => void): void {
  const { length } = writer.words;
  write(mustSpread);
  if (mustSpread || lineLength(writer) <= maxLineLength) return;
  writer.words.length = length;
  write(true);
}

function writePackageName(writer: Writer, { namespace, name, version }: PackageNameNode): void {
  writeId(writer, 'space', namespace);
  put(writer, 'none', ':');
  writeId(writer, 'none', name);
  if (version !== undefined) put(writer, 'none', '@', version.version);
}

function writePath(writer: Writer, path: UsePathNode): void {
  if (path.package === undefined) {
    writeId(writer, 'space', path.name);
    return;
  }
  const { version } = path.package;
  writePackageName(writer, { ...path.package, version: undefined });
  put(writer, 'none', '/');
  writeId(writer, 'none', path.name);
  if (version !== undefined) put(writer, 'none', '@', version.version);
}

function writeAs(writer: Writer, as: IdNode | undefined): void {
  if (as === undefined) return;
  put(writer, 'space', 'as');
  writeId(writer, 'space', as);
}

/** A name as the source has it: some need their `%`, and the others may keep it. */
function writeId({ text, words, indent }: Writer, before: Gap, { span }: IdNode): void {
  words.push({ text: text.slice(span.start, span.end), before, indent });
}

/** A list is spread over lines when its first member is on a line after `start`, or when it has comments. */
function isSpread(writer: Writer, start: number, first: number | undefined, end: number): boolean {
  if (first === undefined) return false;
  return writer.text.slice(start, first).includes('\n') || hasComment(writer, start, end);
}

function hasComma({ text }: Writer, start: number): boolean {
  const comma = /[ \t\r\n]*,/y;
  comma.lastIndex = start;
  return comma.test(text);
}

function hasComment({ commentStarts }: Writer, start: number, end: number): boolean {
  let low = 0;
  let high = commentStarts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (commentStarts[middle]! < start) low = middle + 1;
    else high = middle;
  }
  return low < commentStarts.length && commentStarts[low]! < end;
}

function lineLength({ words }: Writer): number {
  let length = 0;
  for (let at = words.length - 1; at >= 0; at--) {
    const { text, before, indent } = words[at]!;
    length += text.length;
    if (before === 'space') length++;
    else if (before !== 'none') return length + indentation(indent).length;
  }
  return length;
}

// Words and comments

/** Puts the comments between the words, each between those of its source. */
function weave(
  source: string,
  words: readonly Word[],
  tokens: readonly Token[],
  comments: ReadonlyMap<number, readonly Comment[]>,
): string {
  const page: Page = { source, parts: [], end: 0, atOpening: true, lineMustEnd: false };
  let waiting: readonly Comment[] = [];
  let next = 0;
  for (const word of words) {
    let token = tokens[next];
    if (word.text === ',' && token?.image !== ',') {
      page.parts.push(',');
      continue;
    }
    if (token?.image === ',' && word.text !== ',') {
      waiting = comments.get(token.start) ?? [];
      token = tokens[++next];
    }
    if (token === undefined) break;
    next++;
    printWord(page, word, token, [...waiting, ...(comments.get(token.start) ?? [])]);
    waiting = [];
  }
  printComments(page, comments.get(source.length) ?? [], '', '');
  return page.parts.length === 0 ? '' : `${page.parts.join('')}\n`;
}

/** What has been printed. */
interface Page {
  readonly source: string;
  readonly parts: string[];
  /** Up to here the source has been printed. */
  end: number;
  /** Nothing, or only an opening bracket, stands before: no empty line and no space may follow. */
  atOpening: boolean;
  lineMustEnd: boolean;
}

function printWord(page: Page, word: Word, token: Token, before: readonly Comment[]): void {
  const { text, before: gap } = word;
  const isNewLine = gap !== 'none' && gap !== 'space';
  const indent = indentation(word.indent);
  const isInner = !isNewLine || gap === 'close';
  const ownLine = printComments(page, before, isInner ? indentation(word.indent + 1) : indent, text);
  const lines = linesBetween(page, token.start);
  const isFirst = page.parts.length === 0;
  if (isNewLine && !(ownLine && lines === 0 && !page.lineMustEnd)) {
    const keepsEmpty = (gap === 'item' || gap === 'first') && lines > 1 && !page.atOpening;
    if (!isFirst) page.parts.push(keepsEmpty ? '\n\n' : '\n', indent);
  } else if (page.lineMustEnd || (ownLine && lines > 0)) {
    page.parts.push('\n', indentation(word.indent + 1));
  } else if (before.length === 0 ? gap === 'space' : !/^[,;)>}.]/.test(text)) {
    page.parts.push(' ');
  }
  page.parts.push(token.image);
  page.end = token.end;
  page.atOpening = /^[{(<]$/.test(token.image);
  page.lineMustEnd = false;
}

/** Says whether the last one stands on a line of its own. */
function printComments(page: Page, comments: readonly Comment[], indent: string, next: string): boolean {
  let ownLine = false;
  for (const { image, start, end } of comments) {
    const lines = linesBetween(page, start);
    const isFirst = page.parts.length === 0;
    if (isFirst) ownLine = true;
    else if (lines === 0 && !page.lineMustEnd) {
      const isTight = page.atOpening && next !== '' && !image.startsWith('//') && page.parts.at(-1) !== '{';
      if (!isTight) page.parts.push(' ');
    } else {
      page.parts.push(lines > 1 && !page.atOpening ? '\n\n' : '\n', indent);
      ownLine = true;
    }
    const isLine = image.startsWith('//');
    page.parts.push(isLine ? image.trimEnd() : image.replaceAll('\r\n', '\n'));
    page.end = end;
    page.atOpening = false;
    page.lineMustEnd = isLine;
  }
  return ownLine;
}

function linesBetween({ source, end }: Page, start: number): number {
  let lines = 0;
  for (let at = end; at < start; at++) if (source[at] === '\n') lines++;
  return lines;
}

function indentation(levels: number): string {
  return '  '.repeat(levels);
}
