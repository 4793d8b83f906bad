/** Files and packages. WIT.md: "Top-level items", "Package declaration", "Item: `toplevel-use`". */
import type { Report } from '../../diagnostics/diagnostic.ts';
import type { Source } from '../../source.ts';
import type {
  NestedPackageNode,
  PackageDeclarationNode,
  PackageNameNode,
  TopLevelItemNode,
  TopLevelUseNode,
  WitFileNode,
} from '../ast.ts';
import type { Token, TokenizedSource, TokenKind } from '../tokens.ts';
import { Cursor, giveUp, type More } from './cursor.ts';
import type { Prefix } from './gate.ts';
import { interfaceItem } from './interface.ts';
import { readBody, readItems, type Container, type Definition } from './items.ts';
import { id, packageName, usePath } from './name.ts';
import { maxNesting } from './type.ts';
import { worldItem } from './world.ts';

/** Parses the tokens of a source. Every text gives a tree; what could not be read is missing from it. */
export function parseTokens(source: Source, tokenized: TokenizedSource, report: Report): WitFileNode {
  try {
    return witFile(new Cursor(source, tokenized, report));
  } catch (thrown) {
    if (thrown !== giveUp) throw thrown;
    const span = { source, start: 0, end: source.text.length };
    return {
      kind: 'wit-file',
      span,
      source,
      package: undefined,
      items: [],
      incomplete: true,
      lostNames: 'all',
    };
  }
}

/** `wit-file ::= (package-decl ';')? (package-items | nested-package-definition)*` */
function witFile(cursor: Cursor): WitFileNode {
  const { source, lostNames } = cursor;
  const items: TopLevelItemNode[] = [];
  let declaration: PackageDeclarationNode | undefined;
  let isMisplaced = false;
  const wasSkipped = readItems(cursor, topLevelItems, (item) => {
    if (item.kind !== 'package-declaration') items.push(item);
    else if (items.length === 0 && declaration === undefined) declaration = item;
    else {
      isMisplaced = true;
      reportHeader(cursor, item, {
        hint: 'only the first item of a file may be a `package` header; other packages are `package a:b { … }`',
      });
    }
  });
  const span = { source, start: 0, end: source.text.length };
  const incomplete = wasSkipped || isMisplaced;
  return { kind: 'wit-file', span, source, package: declaration, items, incomplete, lostNames };
}

/** `package-items ::= toplevel-use-item | interface-item | world-item`, or a package, each with its gate. */
const topLevelItems: Container<TopLevelItemNode | PackageDeclarationNode> = {
  members: '`package`, `interface`, `world` or `use`',
  definitions: new Map<TokenKind, Definition<TopLevelItemNode | PackageDeclarationNode>>([
    ['use', toplevelUseItem],
    ['interface', interfaceItem],
    ['world', worldItem],
    ['package', packageItem],
  ]),
};

/** `nested-package-definition ::= package-decl '{' package-items* '}'`, or the `package-decl ';'` of a file. */
function packageItem(cursor: Cursor, prefix: Prefix): PackageDeclarationNode | NestedPackageNode {
  const keyword = cursor.expect('package');
  if (prefix.attributes.length > 0) {
    cursor.report('misplaced-attribute', { where: 'a package' }, cursor.spanOf(keyword));
  }
  const name = packageName(cursor);
  if (cursor.is('{')) return nestedPackage(cursor, prefix, keyword, name);
  if (!cursor.takeIf(';')) cursor.unexpected('`;` or `{`');
  return { kind: 'package-declaration', span: cursor.spanFrom(prefix.start), docs: prefix.docs, name };
}

/** `'{' package-items* '}'` */
function nestedPackage(
  cursor: Cursor,
  { start, docs, attributes }: Prefix,
  keyword: Token,
  name: PackageNameNode,
): NestedPackageNode {
  if (cursor.packageDepth >= maxNesting) {
    cursor.report('package-too-deep', { limit: maxNesting }, cursor.spanOf(keyword));
    throw giveUp;
  }
  cursor.packageDepth++;
  const items: TopLevelItemNode[] = [];
  let isMisplaced = false;
  const wasSkipped = readBody(cursor, topLevelItems, (item) => {
    if (item.kind !== 'package-declaration') items.push(item);
    else {
      isMisplaced = true;
      reportHeader(cursor, item);
    }
  });
  cursor.packageDepth--;
  const incomplete = wasSkipped || isMisplaced;
  return {
    kind: 'nested-package',
    span: cursor.spanFrom(start),
    docs,
    attributes,
    name,
    items,
    incomplete,
  };
}

function reportHeader(cursor: Cursor, { span }: PackageDeclarationNode, more?: More): void {
  const semicolon = { source: cursor.source, start: span.end - 1, end: span.end };
  cursor.report('unexpected-token', { expected: '`{`', found: '`;`' }, semicolon, more);
}

/** `toplevel-use-item ::= 'use' use-path ('as' id)? ';'` */
function toplevelUseItem(cursor: Cursor, { start, attributes }: Prefix): TopLevelUseNode {
  cursor.expect('use');
  const path = usePath(cursor);
  const as = cursor.takeIf('as') ? id(cursor) : undefined;
  cursor.expectSemicolon();
  return { kind: 'top-level-use', span: cursor.spanFrom(start), attributes, path, as };
}
