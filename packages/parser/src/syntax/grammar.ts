/**
 * The grammar of WIT, one rule per production, in the order of WIT.md. Where a production needs more than one token
 * to decide, its rule is left-factored and says so.
 *
 * A mistake costs the item that it is in: the rest of the item is skipped and the parser goes on with the next one.
 */
import {
  EmbeddedActionsParser,
  isRecognitionException,
  type IToken,
  type OrMethodOpts,
  type TokenType,
} from 'chevrotain';
import type { DiagnosticArguments, DiagnosticCode } from '../diagnostics/codes.ts';
import { diagnostic, type Diagnostic, type RelatedPlace } from '../diagnostics/diagnostic.ts';
import { closest } from '../diagnostics/closest.ts';
import { versionProblem } from '../model/version.ts';
import type { Source, Span } from '../source.ts';
import type {
  AttributeNode,
  CaseNode,
  DocsNode,
  EnumNode,
  ExternNode,
  ExternTargetNode,
  FieldNode,
  FlagsNode,
  FunctionNode,
  FunctionTypeNode,
  FutureTypeNode,
  HandleTypeNode,
  IdNode,
  IncludeNode,
  InterfaceItemNode,
  InterfaceNode,
  LabelNode,
  ListTypeNode,
  MapTypeNode,
  NestedPackageNode,
  OptionTypeNode,
  PackageDeclarationNode,
  PackageNameNode,
  ParamNode,
  PrimitiveName,
  RecordNode,
  RenameNode,
  ResourceFunctionNode,
  ResourceNode,
  ResultTypeNode,
  StreamTypeNode,
  TopLevelItemNode,
  TopLevelUseNode,
  TupleTypeNode,
  TypeAliasNode,
  TypeDefinitionNode,
  TypeNode,
  UseNameNode,
  UseNode,
  UsePathNode,
  VariantNode,
  VersionNode,
  WitFileNode,
  WorldItemNode,
  WorldNode,
} from './ast.ts';
import { docsText } from './docs.ts';
import { describeToken, expectation } from './error-messages.ts';
import { decodeString } from './string-literal.ts';
import * as t from './tokens.ts';

/** Types and packages may be nested this deep, as in the reference implementation. */
export const maxNesting: number = 100;

/** Parses the tokens of a source. Every text gives a tree; what could not be read is missing from it. */
export function parseTokens(source: Source, tokenized: t.TokenizedSource, report: Reporter): WitFileNode {
  theParser ??= new WitParser(true);
  return theParser.parse(source, tokenized, report);
}

/** Builds the grammar with the checks that Chevrotain has for grammars; throws when one fails. For tests. */
export function checkGrammar(): void {
  new WitParser(false).toString();
}

type Reporter = (diagnostic: Diagnostic) => void;

let theParser: WitParser | undefined;

/** What stands before an item: its docs, its attributes and where it begins. */
interface Prefix {
  readonly start: number;
  readonly docs: DocsNode | undefined;
  readonly attributes: readonly AttributeNode[];
}

const noPrefix: Prefix = { start: 0, docs: undefined, attributes: [] };

/** Thrown when a mistake has been reported and only the next item can help. */
const skipItem = Symbol('skip this item');
/** Thrown when there are too many mistakes, or too deep a nesting, to go on. */
const giveUp = Symbol('too many errors');

const itemsOf = {
  file: '`package`, `interface`, `world` or `use`',
  interface: '`use`, a type definition or a function',
  world: '`import`, `export`, `include`, `use` or a type definition',
  resource: '`constructor` or a function',
};

class WitParser extends EmbeddedActionsParser {
  private source: Source = { name: '', text: '' };
  private comments: ReadonlyMap<number, readonly t.Comment[]> = new Map();
  private reporter: Reporter = () => {};
  private errorCount = 0;
  private lastErrorOffset = -1;
  private typeDepth = 0;
  private lostNames = new Set<string>();
  private packageDepth = 0;
  // The alternatives of the two rules that are used most, made once: a fifth of the time went into making them.
  private typeAlternatives: OrMethodOpts<TypeNode> | undefined;
  private idAlternatives: OrMethodOpts<IToken> | undefined;

  constructor(skipValidations: boolean) {
    super(t.allTokens, {
      recoveryEnabled: false,
      maxLookahead: 1,
      errorMessageProvider: expectation,
      skipValidations,
    });
    this.performSelfAnalysis();
  }

  parse(source: Source, { tokens, comments }: t.TokenizedSource, reporter: Reporter): WitFileNode {
    this.source = source;
    this.comments = comments;
    this.reporter = reporter;
    this.errorCount = 0;
    this.lastErrorOffset = -1;
    this.typeDepth = 0;
    this.lostNames = new Set();
    this.packageDepth = 0;
    this.input = tokens;
    try {
      return this.witFile();
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
    } finally {
      this.input = [];
    }
  }

  // Top-level items

  /** `wit-file ::= (package-decl ';')? (package-items | nested-package-definition)*` */
  private witFile = this.RULE('witFile', (): WitFileNode => {
    const items: TopLevelItemNode[] = [];
    let declaration: PackageDeclarationNode | undefined;
    let incomplete = false;
    do {
      this.MANY(() => {
        const isFirst = items.length === 0 && declaration === undefined;
        const item = this.guarded(() => this.SUBRULE(this.topLevelItem));
        if (item === undefined) incomplete = true;
        else if (item.kind !== 'package-declaration') items.push(item);
        else if (isFirst) declaration = item;
        else {
          const semicolon = { source: this.source, start: item.span.end - 1, end: item.span.end };
          this.reportAt('unexpected-token', { expected: '`{`', found: '`;`' }, semicolon, {
            hint: 'only the first item of a file may be a `package` header; other packages are `package a:b { … }`',
          });
          incomplete = true;
        }
      });
    } while (this.skippedStray('file', () => (incomplete = true)));
    const span = { source: this.source, start: 0, end: this.source.text.length };
    const { source, lostNames } = this;
    return { kind: 'wit-file', span, source, package: declaration, items, incomplete, lostNames };
  });

  /** `package-items ::= toplevel-use-item | interface-item | world-item`, or a package, each with its gate. */
  private topLevelItem = this.RULE('topLevelItem', (): TopLevelItemNode | PackageDeclarationNode => {
    const prefix = this.SUBRULE(this.gate);
    return this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.toplevelUseItem, { ARGS: [prefix] }) },
        { ALT: () => this.SUBRULE(this.interfaceItem, { ARGS: [prefix] }) },
        { ALT: () => this.SUBRULE(this.worldItem, { ARGS: [prefix] }) },
        { ALT: () => this.SUBRULE(this.packageItem, { ARGS: [prefix] }) },
      ],
      ERR_MSG: itemsOf.file,
    });
  });

  /** `nested-package-definition ::= package-decl '{' package-items* '}'`, or the `package-decl ';'` of a file. */
  private packageItem = this.RULE(
    'packageItem',
    (prefix: Prefix = noPrefix): PackageDeclarationNode | NestedPackageNode => {
      const keyword = this.CONSUME(t.Package);
      if (prefix.attributes.length > 0) {
        this.reportAt('misplaced-attribute', { where: 'a package' }, this.spanOf(keyword));
      }
      const name = this.SUBRULE(this.packageName);
      return this.OR([
        {
          ALT: (): PackageDeclarationNode => {
            this.CONSUME(t.Semicolon);
            return {
              kind: 'package-declaration',
              span: this.spanFrom(prefix.start),
              docs: prefix.docs,
              name,
            };
          },
        },
        {
          ALT: (): NestedPackageNode => {
            const open = this.CONSUME(t.LeftBrace);
            if (this.packageDepth >= maxNesting) {
              this.reportAt('package-too-deep', { limit: maxNesting }, this.spanOf(keyword));
              throw giveUp;
            }
            this.packageDepth++;
            const items: TopLevelItemNode[] = [];
            let incomplete = false;
            do {
              this.MANY(() => {
                const item = this.guarded(() => this.SUBRULE(this.topLevelItem));
                if (item === undefined) incomplete = true;
                else if (item.kind !== 'package-declaration') items.push(item);
                else {
                  const semicolon = { source: this.source, start: item.span.end - 1, end: item.span.end };
                  this.reportAt('unexpected-token', { expected: '`{`', found: '`;`' }, semicolon);
                  incomplete = true;
                }
              });
            } while (this.skippedStray('file', () => (incomplete = true)));
            this.CONSUME_CLOSING(open, () => this.CONSUME(t.RightBrace), `${itemsOf.file},`);
            this.packageDepth--;
            const { docs, attributes } = prefix;
            const span = this.spanFrom(prefix.start);
            return { kind: 'nested-package', span, docs, attributes, name, items, incomplete };
          },
        },
      ]);
    },
  );

  // Feature gates

  /** `gate ::= gate-item*`, with `external-id?` as one of them, and the docs before. */
  private gate = this.RULE('gate', (): Prefix => {
    const first = this.LA(1);
    const attributes: AttributeNode[] = [];
    this.MANY(() => {
      const attribute = this.SUBRULE(this.gateItem);
      if (attribute !== undefined) attributes.push(attribute);
    });
    const docs = this.docsBefore(first);
    return { start: first.startOffset, docs, attributes };
  });

  /** `gate-item ::= unstable-gate | since-gate | deprecated-gate`, or an `external-id`. */
  private gateItem = this.RULE('gateItem', (): AttributeNode | undefined => {
    const at = this.CONSUME(t.At);
    const start = at.startOffset;
    return this.OR({
      DEF: [
        {
          // since-gate ::= '@since' '(' version-field ')'
          ALT: (): AttributeNode | undefined => {
            this.CONSUME(t.Since);
            const version = this.SUBRULE(this.versionField);
            return version && { kind: 'since', span: this.spanFrom(start), version };
          },
        },
        {
          // unstable-gate ::= '@unstable' '(' feature-field ')'
          ALT: (): AttributeNode | undefined => {
            this.CONSUME(t.Unstable);
            const feature = this.SUBRULE(this.featureField);
            return feature && { kind: 'unstable', span: this.spanFrom(start), feature };
          },
        },
        {
          // deprecated-gate ::= '@deprecated' '(' version-field ')'
          ALT: (): AttributeNode | undefined => {
            this.CONSUME(t.Deprecated);
            const version = this.SUBRULE1(this.versionField);
            return version && { kind: 'deprecated', span: this.spanFrom(start), version };
          },
        },
        {
          // external-id ::= '@external-id' '(' string-literal ')'
          ALT: (): AttributeNode | undefined => {
            this.CONSUME(t.ExternalId);
            this.CONSUME(t.LeftParen);
            const id = this.stringText(this.CONSUME(t.StringLiteral));
            this.CONSUME(t.RightParen);
            return { kind: 'external-id', span: this.spanFrom(start), id };
          },
        },
        {
          ALT: (): AttributeNode | undefined => {
            const { name, span } = this.SUBRULE(this.id);
            this.ACTION(() => {
              const known = ['since', 'unstable', 'deprecated', 'external-id'];
              const near = closest(name, known);
              const hint = near
                ? `did you mean \`@${near}\`?`
                : `attributes are ${known.map((each) => `\`@${each}\``).join(', ')}`;
              this.reportAt('unknown-attribute', { name }, span, { hint });
              this.skipParentheses();
            });
            return undefined;
          },
        },
      ],
      ERR_MSG: 'the name of an attribute',
    });
  });

  /** `version-field ::= 'version' '=' <valid semver>`, with its parentheses. */
  private versionField = this.RULE('versionField', (): VersionNode | undefined => {
    this.CONSUME(t.LeftParen);
    const id = this.SUBRULE(this.id);
    if (!this.fieldIs(id, 'version')) return undefined;
    this.CONSUME(t.Equals);
    const version = this.SUBRULE(this.version);
    this.CONSUME(t.RightParen);
    return version;
  });

  /** `feature-field ::= 'feature' '=' id`, with its parentheses. */
  private featureField = this.RULE('featureField', (): IdNode | undefined => {
    this.CONSUME(t.LeftParen);
    const id = this.SUBRULE(this.id);
    if (!this.fieldIs(id, 'feature')) return undefined;
    this.CONSUME(t.Equals);
    const feature = this.SUBRULE1(this.id);
    this.CONSUME(t.RightParen);
    return feature;
  });

  // Package declaration

  /** `package-decl ::= 'package' ( id ':' )+ id ( '/' id )* ('@' valid-semver)?` without its keyword. */
  private packageName = this.RULE('packageName', (): PackageNameNode => {
    const ids = [this.SUBRULE(this.id)];
    this.AT_LEAST_ONE({
      DEF: () => {
        if (ids.length > 1) this.nestedName(ids);
        this.CONSUME(t.Colon);
        ids.push(this.SUBRULE1(this.id));
      },
      ERR_MSG: '`:`',
    });
    this.MANY(() => {
      this.nestedName(ids);
      this.CONSUME(t.Slash);
      ids.push(this.SUBRULE2(this.id));
    });
    const version = this.OPTION(() => this.SUBRULE(this.atVersion));
    return this.packageNameOf(ids, version);
  });

  /** `'@' valid-semver` */
  private atVersion = this.RULE('atVersion', (): VersionNode => {
    this.CONSUME(t.At);
    return this.SUBRULE(this.version);
  });

  /** `valid-semver` */
  private version = this.RULE('version', (): VersionNode => {
    const token = this.CONSUME(t.Version);
    const version = token.image;
    const span = this.spanOf(token);
    this.ACTION(() => {
      const why = versionProblem(version);
      if (why !== undefined) this.reportAt('invalid-version', { version, why }, span);
    });
    return { kind: 'version', span, version };
  });

  // Item: toplevel-use

  /** `toplevel-use-item ::= 'use' use-path ('as' id)? ';'` */
  private toplevelUseItem = this.RULE('toplevelUseItem', (prefix: Prefix = noPrefix): TopLevelUseNode => {
    this.CONSUME(t.Use);
    const path = this.SUBRULE(this.usePath);
    const as = this.OPTION(() => {
      this.CONSUME(t.As);
      return this.SUBRULE(this.id);
    });
    this.SEMICOLON(() => this.CONSUME(t.Semicolon));
    const { start, attributes } = prefix;
    return { kind: 'top-level-use', span: this.spanFrom(start), attributes, path, as };
  });

  /** `use-path ::= id | ( id ':' )+ id ( '/' id )+ ('@' valid-semver)?` */
  private usePath = this.RULE('usePath', (): UsePathNode => {
    const first = this.SUBRULE(this.id);
    return (
      this.OPTION(() => {
        this.CONSUME(t.Colon);
        const second = this.SUBRULE1(this.id);
        return this.SUBRULE(this.usePathRest, { ARGS: [[first, second]] });
      }) ?? { kind: 'use-path', span: first.span, package: undefined, name: first }
    );
  });

  /** The rest of a `use-path` after `id ':' id`. */
  private usePathRest = this.RULE('usePathRest', (start: readonly IdNode[] = []): UsePathNode => {
    const ids = [...start];
    this.MANY(() => {
      this.nestedName(ids);
      this.CONSUME(t.Colon);
      ids.push(this.SUBRULE(this.id));
    });
    this.AT_LEAST_ONE({
      DEF: () => {
        if (ids.length > start.length) this.nestedName(ids);
        this.CONSUME(t.Slash);
        ids.push(this.SUBRULE1(this.id));
      },
      ERR_MSG: '`/`',
    });
    const version = this.OPTION(() => this.SUBRULE(this.atVersion));
    return this.ACTION((): UsePathNode => {
      const name = ids.pop()!;
      const of = this.packageNameOf(ids, version);
      const span = { source: this.source, start: ids[0]!.span.start, end: (version ?? name).span.end };
      return { kind: 'use-path', span, package: of, name };
    });
  });

  // Item: world

  /** `world-item ::= gate 'world' id '{' world-items* '}'` */
  private worldItem = this.RULE('worldItem', (prefix: Prefix = noPrefix): WorldNode => {
    this.CONSUME(t.World);
    const name = this.SUBRULE(this.id);
    const open = this.CONSUME(t.LeftBrace);
    const items: WorldItemNode[] = [];
    let incomplete = false;
    do {
      this.MANY(() => {
        const item = this.guarded(() => this.SUBRULE(this.worldItems));
        if (item === undefined) incomplete = true;
        else items.push(item);
      });
    } while (this.skippedStray('world', () => (incomplete = true)));
    this.CONSUME_CLOSING(open, () => this.CONSUME(t.RightBrace), `${itemsOf.world},`);
    const { docs, attributes } = prefix;
    const span = this.spanFrom(prefix.start);
    return { kind: 'world', span, docs, attributes, name, items, incomplete };
  });

  /** `world-items ::= gate world-definition` */
  private worldItems = this.RULE('worldItems', (): WorldItemNode => {
    const prefix = this.SUBRULE(this.gate);
    // world-definition ::= export-item | import-item | use-item | typedef-item | include-item
    return this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.exportItem, { ARGS: [prefix] }) },
        { ALT: () => this.SUBRULE(this.importItem, { ARGS: [prefix] }) },
        { ALT: () => this.SUBRULE(this.useItem, { ARGS: [prefix] }) },
        { ALT: () => this.SUBRULE(this.typedefItem, { ARGS: [prefix] }) },
        { ALT: () => this.SUBRULE(this.includeItem, { ARGS: [prefix] }) },
      ],
      ERR_MSG: itemsOf.world,
    });
  });

  /** `export-item ::= 'export' id ':' extern-type | 'export' use-path ';'` */
  private exportItem = this.RULE('exportItem', (prefix: Prefix = noPrefix): ExternNode => {
    this.CONSUME(t.Export);
    const target = this.SUBRULE(this.externTarget);
    const { docs, attributes } = prefix;
    const span = this.spanFrom(prefix.start);
    return { kind: 'extern', span, docs, attributes, direction: 'export', target };
  });

  /** `import-item ::= 'import' id ':' extern-type | 'import' use-path ';'` */
  private importItem = this.RULE('importItem', (prefix: Prefix = noPrefix): ExternNode => {
    this.CONSUME(t.Import);
    const target = this.SUBRULE(this.externTarget);
    const { docs, attributes } = prefix;
    const span = this.spanFrom(prefix.start);
    return { kind: 'extern', span, docs, attributes, direction: 'import', target };
  });

  /**
   * `id ':' extern-type | use-path ';'`, left-factored: after `a:b` a `/` says that it began a use-path, everything
   * else that `a` is a label.
   *
   * `extern-type ::= func-type ';' | 'interface' '{' interface-items* '}' | use-path ';'`
   */
  private externTarget = this.RULE('externTarget', (): ExternTargetNode => {
    const first = this.SUBRULE(this.id);
    const labelled = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.OR({
        DEF: [
          {
            ALT: (): ExternTargetNode => {
              const type = this.SUBRULE(this.funcType);
              this.SEMICOLON(() => this.CONSUME(t.Semicolon));
              return { kind: 'extern-function', label: first, type };
            },
          },
          {
            ALT: (): ExternTargetNode => {
              this.CONSUME(t.Interface);
              const body = this.SUBRULE(this.interfaceBody);
              return { kind: 'extern-interface', label: first, ...body };
            },
          },
          {
            ALT: (): ExternTargetNode => {
              const second = this.SUBRULE1(this.id);
              const target = this.OR1([
                {
                  ALT: (): ExternTargetNode => {
                    const path = this.SUBRULE(this.usePathRest, { ARGS: [[first, second]] });
                    return { kind: 'extern-path', label: undefined, path };
                  },
                  GATE: () => this.LA(1).tokenType === t.Slash,
                },
                {
                  ALT: (): ExternTargetNode => {
                    this.CONSUME1(t.Colon);
                    const third = this.SUBRULE2(this.id);
                    const path = this.SUBRULE1(this.usePathRest, { ARGS: [[second, third]] });
                    return { kind: 'extern-path', label: first, path };
                  },
                  IGNORE_AMBIGUITIES: true,
                },
                {
                  ALT: (): ExternTargetNode => {
                    const path: UsePathNode = {
                      kind: 'use-path',
                      span: second.span,
                      package: undefined,
                      name: second,
                    };
                    return { kind: 'extern-path', label: first, path };
                  },
                },
              ]);
              this.SEMICOLON(() => this.CONSUME1(t.Semicolon));
              return target;
            },
          },
        ],
        ERR_MSG: '`func`, `interface` or the name of an interface',
      });
    });
    if (labelled !== undefined && !this.RECORDING_PHASE) return labelled;
    this.SEMICOLON(() => this.CONSUME2(t.Semicolon));
    const path: UsePathNode = { kind: 'use-path', span: first.span, package: undefined, name: first };
    return { kind: 'extern-path', label: undefined, path };
  });

  // Item: include

  /** `include-item ::= 'include' use-path ';' | 'include' use-path 'with' '{' include-names-list '}'` */
  private includeItem = this.RULE('includeItem', (prefix: Prefix = noPrefix): IncludeNode => {
    this.CONSUME(t.Include);
    const path = this.SUBRULE(this.usePath);
    const names: RenameNode[] = [];
    this.OR([
      { ALT: () => this.SEMICOLON(() => this.CONSUME(t.Semicolon)) },
      {
        ALT: () => {
          this.CONSUME(t.With);
          this.CONSUME(t.LeftBrace);
          // include-names-list ::= include-names-item | include-names-list ',' include-names-item
          this.MANY(() => {
            names.push(this.SUBRULE(this.includeNamesItem));
            this.LIST_SEPARATOR(
              this.OPTION(() => this.CONSUME(t.Comma)),
              t.RightBrace,
            );
          });
          this.CONSUME(t.RightBrace);
        },
      },
    ]);
    const { start, attributes } = prefix;
    return { kind: 'include', span: this.spanFrom(start), attributes, path, names };
  });

  /** `include-names-item ::= id 'as' id` */
  private includeNamesItem = this.RULE('includeNamesItem', (): RenameNode => {
    const name = this.SUBRULE(this.id);
    this.CONSUME(t.As);
    const as = this.SUBRULE1(this.id);
    return { kind: 'rename', span: this.spanSince(name), name, as };
  });

  // Item: interface

  /** `interface-item ::= gate 'interface' id '{' interface-items* '}'` */
  private interfaceItem = this.RULE('interfaceItem', (prefix: Prefix = noPrefix): InterfaceNode => {
    this.CONSUME(t.Interface);
    const name = this.SUBRULE(this.id);
    const body = this.SUBRULE(this.interfaceBody);
    const { docs, attributes } = prefix;
    return { kind: 'interface', span: this.spanFrom(prefix.start), docs, attributes, name, ...body };
  });

  /** `'{' interface-items* '}'` */
  private interfaceBody = this.RULE('interfaceBody', (): InterfaceBody => {
    const open = this.CONSUME(t.LeftBrace);
    const items: InterfaceItemNode[] = [];
    let incomplete = false;
    do {
      this.MANY(() => {
        const item = this.guarded(() => this.SUBRULE(this.interfaceItems));
        if (item === undefined) incomplete = true;
        else items.push(item);
      });
    } while (this.skippedStray('interface', () => (incomplete = true)));
    this.CONSUME_CLOSING(open, () => this.CONSUME(t.RightBrace), `${itemsOf.interface},`);
    return { items, incomplete };
  });

  /** `interface-items ::= gate interface-definition` */
  private interfaceItems = this.RULE('interfaceItems', (): InterfaceItemNode => {
    const prefix = this.SUBRULE(this.gate);
    // interface-definition ::= use-item | external-id? typedef-item | external-id? func-item
    return this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.useItem, { ARGS: [prefix] }) },
        { ALT: () => this.SUBRULE(this.typedefItem, { ARGS: [prefix] }) },
        { ALT: () => this.SUBRULE(this.funcItem, { ARGS: [prefix] }) },
      ],
      ERR_MSG: itemsOf.interface,
    });
  });

  /** `typedef-item ::= resource-item | variant-items | record-item | flags-items | enum-items | type-item` */
  private typedefItem = this.RULE('typedefItem', (prefix: Prefix = noPrefix): TypeDefinitionNode => {
    return this.OR([
      { ALT: () => this.SUBRULE(this.resourceItem, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.variantItems, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.recordItem, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.flagsItems, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.enumItems, { ARGS: [prefix] }) },
      { ALT: () => this.SUBRULE(this.typeItem, { ARGS: [prefix] }) },
    ]);
  });

  /** `func-item ::= id ':' func-type ';'` */
  private funcItem = this.RULE('funcItem', (prefix: Prefix = noPrefix): FunctionNode => {
    const name = this.SUBRULE(this.id);
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.funcType);
    this.SEMICOLON(() => this.CONSUME(t.Semicolon));
    const { docs, attributes } = prefix;
    return { kind: 'function', span: this.spanFrom(prefix.start), docs, attributes, name, type };
  });

  /** `func-type ::= 'async'? 'func' param-list result-list` */
  private funcType = this.RULE('funcType', (): FunctionTypeNode => {
    const isAsync = this.OPTION(() => this.CONSUME(t.Async)) !== undefined;
    const func = this.CONSUME(t.Func);
    const params = this.SUBRULE(this.paramList);
    const result = this.SUBRULE(this.resultList);
    const span = this.spanFrom(func.startOffset);
    return { kind: 'function-type', span, async: isAsync, params, result };
  });

  /** `param-list ::= '(' named-type-list ')'`, `named-type-list ::= ϵ | named-type ( ',' named-type )*` */
  private paramList = this.RULE('paramList', (): readonly ParamNode[] => {
    const params: ParamNode[] = [];
    this.CONSUME(t.LeftParen);
    this.MANY(() => {
      params.push(this.SUBRULE(this.namedType));
      this.LIST_SEPARATOR(
        this.OPTION(() => this.CONSUME(t.Comma)),
        t.RightParen,
      );
    });
    this.CONSUME(t.RightParen);
    return params;
  });

  /** `result-list ::= ϵ | '->' ty` */
  private resultList = this.RULE('resultList', (): TypeNode | undefined => {
    return this.OPTION(() => {
      this.CONSUME(t.Arrow);
      return this.SUBRULE(this.ty);
    });
  });

  /** `named-type ::= id ':' ty` */
  private namedType = this.RULE('namedType', (): ParamNode => {
    const name = this.SUBRULE(this.id);
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.ty);
    return { kind: 'param', span: this.spanSince(name), name, type };
  });

  // Item: use

  /** `use-item ::= 'use' use-path '.' '{' use-names-list '}' ';'` */
  private useItem = this.RULE('useItem', (prefix: Prefix = noPrefix): UseNode => {
    this.CONSUME(t.Use);
    const path = this.SUBRULE(this.usePath);
    this.CONSUME(t.Period);
    this.CONSUME(t.LeftBrace);
    const names: UseNameNode[] = [];
    // use-names-list ::= use-names-item | use-names-item ',' use-names-list?
    this.MANY(() => {
      names.push(this.SUBRULE(this.useNamesItem));
      this.LIST_SEPARATOR(
        this.OPTION(() => this.CONSUME(t.Comma)),
        t.RightBrace,
      );
    });
    this.CONSUME(t.RightBrace);
    this.SEMICOLON(() => this.CONSUME(t.Semicolon));
    const { start, attributes } = prefix;
    return { kind: 'use', span: this.spanFrom(start), attributes, path, names };
  });

  /** `use-names-item ::= id | id 'as' id` */
  private useNamesItem = this.RULE('useNamesItem', (): UseNameNode => {
    const name = this.SUBRULE(this.id);
    const as = this.OPTION(() => {
      this.CONSUME(t.As);
      return this.SUBRULE1(this.id);
    });
    return { kind: 'use-name', span: this.spanSince(name), name, as };
  });

  // Items: type

  /** `type-item ::= 'type' id '=' ty ';'` */
  private typeItem = this.RULE('typeItem', (prefix: Prefix = noPrefix): TypeAliasNode => {
    this.CONSUME(t.Type);
    const name = this.SUBRULE(this.id);
    this.CONSUME(t.Equals);
    const type = this.SUBRULE(this.ty);
    this.SEMICOLON(() => this.CONSUME(t.Semicolon));
    const { docs, attributes } = prefix;
    return { kind: 'type-alias', span: this.spanFrom(prefix.start), docs, attributes, name, type };
  });

  /** `record-item ::= 'record' id '{' record-fields '}'` */
  private recordItem = this.RULE('recordItem', (prefix: Prefix = noPrefix): RecordNode => {
    this.CONSUME(t.Record);
    const name = this.SUBRULE(this.id);
    const fields: FieldNode[] = [];
    const open = this.CONSUME(t.LeftBrace);
    // record-fields ::= record-field | record-field ',' record-fields?
    this.MANY(() => {
      fields.push(this.SUBRULE(this.recordField));
      this.LIST_SEPARATOR(
        this.OPTION(() => this.CONSUME(t.Comma)),
        t.RightBrace,
      );
    });
    this.CONSUME_CLOSING(open, () => this.CONSUME(t.RightBrace), '`,`');
    const { docs, attributes } = prefix;
    return { kind: 'record', span: this.spanFrom(prefix.start), docs, attributes, name, fields };
  });

  /** `record-field ::= id ':' ty` */
  private recordField = this.RULE('recordField', (): FieldNode => {
    const docs = this.docsBefore(this.LA(1));
    const name = this.SUBRULE(this.id);
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.ty);
    return { kind: 'field', span: this.spanSince(name), docs, name, type };
  });

  /** `flags-items ::= 'flags' id '{' flags-fields '}'`, `flags-fields ::= id | id ',' flags-fields?` */
  private flagsItems = this.RULE('flagsItems', (prefix: Prefix = noPrefix): FlagsNode => {
    this.CONSUME(t.Flags);
    const name = this.SUBRULE(this.id);
    const flags: LabelNode[] = [];
    const open = this.CONSUME(t.LeftBrace);
    this.MANY(() => {
      flags.push(this.SUBRULE(this.label));
      this.LIST_SEPARATOR(
        this.OPTION(() => this.CONSUME(t.Comma)),
        t.RightBrace,
      );
    });
    this.CONSUME_CLOSING(open, () => this.CONSUME(t.RightBrace), '`,`');
    const { docs, attributes } = prefix;
    return { kind: 'flags', span: this.spanFrom(prefix.start), docs, attributes, name, flags };
  });

  /** `variant-items ::= 'variant' id '{' variant-cases '}'` */
  private variantItems = this.RULE('variantItems', (prefix: Prefix = noPrefix): VariantNode => {
    this.CONSUME(t.Variant);
    const name = this.SUBRULE(this.id);
    const cases: CaseNode[] = [];
    const open = this.CONSUME(t.LeftBrace);
    // variant-cases ::= variant-case | variant-case ',' variant-cases?
    this.MANY(() => {
      cases.push(this.SUBRULE(this.variantCase));
      this.LIST_SEPARATOR(
        this.OPTION(() => this.CONSUME(t.Comma)),
        t.RightBrace,
      );
    });
    this.CONSUME_CLOSING(open, () => this.CONSUME(t.RightBrace), '`,`');
    const { docs, attributes } = prefix;
    return { kind: 'variant', span: this.spanFrom(prefix.start), docs, attributes, name, cases };
  });

  /** `variant-case ::= id | id '(' ty ')'` */
  private variantCase = this.RULE('variantCase', (): CaseNode => {
    const docs = this.docsBefore(this.LA(1));
    const name = this.SUBRULE(this.id);
    const type = this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      const payload = this.SUBRULE(this.ty);
      this.CONSUME(t.RightParen);
      return payload;
    });
    return { kind: 'case', span: this.spanSince(name), docs, name, type };
  });

  /** `enum-items ::= 'enum' id '{' enum-cases '}'`, `enum-cases ::= id | id ',' enum-cases?` */
  private enumItems = this.RULE('enumItems', (prefix: Prefix = noPrefix): EnumNode => {
    this.CONSUME(t.Enum);
    const name = this.SUBRULE(this.id);
    const cases: LabelNode[] = [];
    const open = this.CONSUME(t.LeftBrace);
    this.MANY(() => {
      cases.push(this.SUBRULE(this.label));
      this.LIST_SEPARATOR(
        this.OPTION(() => this.CONSUME(t.Comma)),
        t.RightBrace,
      );
    });
    this.CONSUME_CLOSING(open, () => this.CONSUME(t.RightBrace), '`,`');
    const { docs, attributes } = prefix;
    return { kind: 'enum', span: this.spanFrom(prefix.start), docs, attributes, name, cases };
  });

  /** The `id` of a flag or an enum case, with its docs. */
  private label = this.RULE('label', (): LabelNode => {
    const docs = this.docsBefore(this.LA(1));
    const name = this.SUBRULE(this.id);
    return { kind: 'label', span: name.span, docs, name };
  });

  /** `resource-item ::= 'resource' id ';' | 'resource' id '{' ( gate external-id? resource-method )* '}'` */
  private resourceItem = this.RULE('resourceItem', (prefix: Prefix = noPrefix): ResourceNode => {
    this.CONSUME(t.Resource);
    const name = this.SUBRULE(this.id);
    const functions: ResourceFunctionNode[] = [];
    let incomplete = false;
    this.OR([
      {
        ALT: () => {
          const open = this.CONSUME(t.LeftBrace);
          do {
            this.MANY(() => {
              const item = this.guarded(() => this.SUBRULE(this.resourceMethod));
              if (item === undefined) incomplete = true;
              else functions.push(item);
            });
          } while (this.skippedStray('resource', () => (incomplete = true)));
          this.CONSUME_CLOSING(open, () => this.CONSUME(t.RightBrace), `${itemsOf.resource},`);
        },
      },
      { ALT: () => this.SEMICOLON(() => this.CONSUME(t.Semicolon)) },
    ]);
    const { docs, attributes } = prefix;
    const span = this.spanFrom(prefix.start);
    return { kind: 'resource', span, docs, attributes, name, functions, incomplete };
  });

  /**
   * `resource-method ::= func-item | id ':' 'static' func-type ';' | 'constructor' param-list ';'`, with its gate;
   * a fallible constructor also has a `result-list`.
   */
  private resourceMethod = this.RULE('resourceMethod', (): ResourceFunctionNode => {
    const { start, docs, attributes } = this.SUBRULE(this.gate);
    return this.OR({
      DEF: [
        {
          ALT: (): ResourceFunctionNode => {
            const keyword = this.CONSUME(t.Constructor);
            const params = this.SUBRULE(this.paramList);
            const result = this.SUBRULE(this.resultList);
            const type: FunctionTypeNode = {
              kind: 'function-type',
              span: this.spanFrom(keyword.startOffset),
              async: false,
              params,
              result,
            };
            this.SEMICOLON(() => this.CONSUME(t.Semicolon));
            const name: IdNode = { kind: 'id', span: this.spanOf(keyword), name: keyword.image };
            const span = this.spanFrom(start);
            return { kind: 'resource-function', span, docs, attributes, role: 'constructor', name, type };
          },
        },
        {
          ALT: (): ResourceFunctionNode => {
            const name = this.SUBRULE(this.id);
            this.CONSUME(t.Colon);
            const role = this.OPTION(() => this.CONSUME(t.Static)) === undefined ? 'method' : 'static';
            const type = this.SUBRULE(this.funcType);
            this.SEMICOLON(() => this.CONSUME1(t.Semicolon));
            const span = this.spanFrom(start);
            return { kind: 'resource-function', span, docs, attributes, role, name, type };
          },
        },
      ],
      ERR_MSG: itemsOf.resource,
    });
  });

  // Types

  /** `ty ::= 'u8' | … | tuple | list | option | result | map | handle | future | stream | id` */
  private ty = this.RULE('ty', (): TypeNode => {
    if (this.typeDepth >= maxNesting) this.fail('type-too-deep', { limit: maxNesting }, this.LA(1));
    this.typeDepth++;
    this.typeAlternatives ??= {
      DEF: [
        { ALT: () => this.primitive(this.CONSUME(t.U8)) },
        { ALT: () => this.primitive(this.CONSUME(t.U16)) },
        { ALT: () => this.primitive(this.CONSUME(t.U32)) },
        { ALT: () => this.primitive(this.CONSUME(t.U64)) },
        { ALT: () => this.primitive(this.CONSUME(t.S8)) },
        { ALT: () => this.primitive(this.CONSUME(t.S16)) },
        { ALT: () => this.primitive(this.CONSUME(t.S32)) },
        { ALT: () => this.primitive(this.CONSUME(t.S64)) },
        { ALT: () => this.primitive(this.CONSUME(t.F32)) },
        { ALT: () => this.primitive(this.CONSUME(t.F64)) },
        { ALT: () => this.primitive(this.CONSUME(t.Char)) },
        { ALT: () => this.primitive(this.CONSUME(t.Bool)) },
        { ALT: () => this.primitive(this.CONSUME(t.String_)) },
        { ALT: () => this.primitive(this.CONSUME(t.ErrorContext)) },
        { ALT: () => this.SUBRULE(this.tupleType) },
        { ALT: () => this.SUBRULE(this.listType) },
        { ALT: () => this.SUBRULE(this.optionType) },
        { ALT: () => this.SUBRULE(this.resultType) },
        { ALT: () => this.SUBRULE(this.mapType) },
        { ALT: () => this.SUBRULE(this.handleType) },
        { ALT: () => this.SUBRULE(this.futureType) },
        { ALT: () => this.SUBRULE(this.streamType) },
        {
          ALT: (): TypeNode => {
            const id = this.SUBRULE(this.id);
            return { kind: 'named-type', span: id.span, id };
          },
        },
      ],
      ERR_MSG: 'a type',
    };
    const node = this.OR(this.typeAlternatives);
    this.typeDepth--;
    return node;
  });

  /** `tuple ::= 'tuple' '<' tuple-list '>'`, `tuple-list ::= ty | ty ',' tuple-list?` */
  private tupleType = this.RULE('tupleType', (): TupleTypeNode => {
    const keyword = this.CONSUME(t.Tuple);
    const types: TypeNode[] = [];
    this.CONSUME(t.LessThan);
    this.MANY(() => {
      types.push(this.SUBRULE(this.ty));
      this.LIST_SEPARATOR(
        this.OPTION(() => this.CONSUME(t.Comma)),
        t.GreaterThan,
      );
    });
    this.CONSUME(t.GreaterThan);
    return { kind: 'tuple-type', span: this.spanFrom(keyword.startOffset), types };
  });

  /** `list ::= 'list' '<' ty '>' | 'list' '<' ty ',' uint '>'` */
  private listType = this.RULE('listType', (): ListTypeNode => {
    const keyword = this.CONSUME(t.List);
    this.CONSUME(t.LessThan);
    const element = this.SUBRULE(this.ty);
    const length = this.OPTION(() => {
      this.CONSUME(t.Comma);
      return this.listLength(this.CONSUME(t.Integer));
    });
    this.CONSUME(t.GreaterThan);
    return { kind: 'list-type', span: this.spanFrom(keyword.startOffset), element, length };
  });

  /** `option ::= 'option' '<' ty '>'` */
  private optionType = this.RULE('optionType', (): OptionTypeNode => {
    const keyword = this.CONSUME(t.Option);
    this.CONSUME(t.LessThan);
    const type = this.SUBRULE(this.ty);
    this.CONSUME(t.GreaterThan);
    return { kind: 'option-type', span: this.spanFrom(keyword.startOffset), type };
  });

  /** `result ::= 'result' '<' ty ',' ty '>' | 'result' '<' '_' ',' ty '>' | 'result' '<' ty '>' | 'result'` */
  private resultType = this.RULE('resultType', (): ResultTypeNode => {
    const keyword = this.CONSUME(t.Result);
    let ok: TypeNode | undefined;
    let err: TypeNode | undefined;
    this.OPTION(() => {
      this.CONSUME(t.LessThan);
      this.OR({
        DEF: [
          {
            ALT: () => {
              this.CONSUME(t.Underscore);
              this.CONSUME(t.Comma);
              err = this.SUBRULE(this.ty);
            },
          },
          {
            ALT: () => {
              ok = this.SUBRULE1(this.ty);
              this.OPTION1(() => {
                this.CONSUME1(t.Comma);
                err = this.SUBRULE2(this.ty);
              });
            },
          },
        ],
        ERR_MSG: 'a type or `_`',
      });
      this.CONSUME(t.GreaterThan);
    });
    return { kind: 'result-type', span: this.spanFrom(keyword.startOffset), ok, err };
  });

  /** `map ::= 'map' '<' kt ',' ty '>'`; whether the key is a `kt` is checked with the types. */
  private mapType = this.RULE('mapType', (): MapTypeNode => {
    const keyword = this.CONSUME(t.Map_);
    this.CONSUME(t.LessThan);
    const key = this.SUBRULE(this.ty);
    this.CONSUME(t.Comma);
    const value = this.SUBRULE1(this.ty);
    this.CONSUME(t.GreaterThan);
    return { kind: 'map-type', span: this.spanFrom(keyword.startOffset), key, value };
  });

  /** `handle ::= id | 'borrow' '<' id '>'`; the `id` alone is a `ty` already, and `own<id>` is the same. */
  private handleType = this.RULE('handleType', (): HandleTypeNode => {
    const keyword = this.OR([{ ALT: () => this.CONSUME(t.Own) }, { ALT: () => this.CONSUME(t.Borrow) }]);
    this.CONSUME(t.LessThan);
    const resource = this.SUBRULE(this.id);
    this.CONSUME(t.GreaterThan);
    const mode = keyword.tokenType === t.Own ? 'own' : 'borrow';
    return { kind: 'handle-type', span: this.spanFrom(keyword.startOffset), mode, resource };
  });

  /** `future ::= 'future' '<' ty '>' | 'future'` */
  private futureType = this.RULE('futureType', (): FutureTypeNode => {
    const keyword = this.CONSUME(t.Future);
    const element = this.OPTION(() => {
      this.CONSUME(t.LessThan);
      const type = this.SUBRULE(this.ty);
      this.CONSUME(t.GreaterThan);
      return type;
    });
    return { kind: 'future-type', span: this.spanFrom(keyword.startOffset), element };
  });

  /** `stream ::= 'stream' '<' ty '>' | 'stream'` */
  private streamType = this.RULE('streamType', (): StreamTypeNode => {
    const keyword = this.CONSUME(t.Stream);
    const element = this.OPTION(() => {
      this.CONSUME(t.LessThan);
      const type = this.SUBRULE(this.ty);
      this.CONSUME(t.GreaterThan);
      return type;
    });
    return { kind: 'stream-type', span: this.spanFrom(keyword.startOffset), element };
  });

  /** `id`: a label in kebab case, or one behind `%`. */
  private id = this.RULE('id', (): IdNode => {
    this.idAlternatives ??= {
      DEF: [{ ALT: () => this.CONSUME(t.Word) }, { ALT: () => this.CONSUME(t.ExplicitId) }],
      ERR_MSG: 'an identifier',
    };
    const token = this.OR(this.idAlternatives);
    const name = token.tokenType === t.ExplicitId ? token.image.slice(1) : token.image;
    if (!this.RECORDING_PHASE && !isKebabCase(name)) this.invalidIdentifier(token, name);
    return { kind: 'id', span: this.spanOf(token), name };
  });

  // Recovery

  /** Runs the rule of one item; a mistake in it is reported, the rest of the item skipped. */
  private guarded<Node>(parse: () => Node): Node | undefined {
    const from = this.exportPosition();
    const { typeDepth, packageDepth } = this;
    try {
      return parse();
    } catch (thrown) {
      this.typeDepth = typeDepth;
      this.packageDepth = packageDepth;
      this.caught(thrown);
      this.skipToNextItem(from);
      return undefined;
    }
  }

  /** Between items: when what comes is neither an item nor the end, reports and skips it and says `true`. */
  private skippedStray(where: keyof typeof itemsOf, skipped: () => void): boolean {
    if (this.RECORDING_PHASE) return false;
    const token = this.LA(1);
    const isFile = where === 'file' && this.packageDepth === 0;
    if (isEnd(token) || (token.tokenType === t.RightBrace && !isFile)) return false;
    if (!isFile && this.startsTopLevelItem(token)) return false;
    this.reportToken(itemsOf[where], token);
    skipped();
    if (token.tokenType === t.RightBrace || token.tokenType === t.Semicolon) this.SKIP_TOKEN();
    else this.skipToNextItem(this.exportPosition());
    return true;
  }

  /** The closing brace of a body; when it is missing, the body ends before the next top-level item. */
  private CONSUME_CLOSING(open: IToken, consume: () => IToken, members: string): void {
    const next = this.LA(1);
    if (this.RECORDING_PHASE || !(isEnd(next) || this.startsTopLevelItem(next))) consume();
    else {
      const related = [{ message: 'this brace is never closed', span: this.spanOf(open) }];
      this.reportToken(`${members} or \`}\``, next, { related });
    }
  }

  /** A semicolon; when it is missing at the end of a line, only that is reported. */
  private SEMICOLON(consume: () => IToken): void {
    const next = this.LA(1);
    if (this.RECORDING_PHASE || next.tokenType === t.Semicolon) {
      consume();
      return;
    }
    const previous = this.LA(0);
    const end = previous.startOffset + previous.image.length;
    const isLineEnd = isEnd(next) || this.source.text.slice(end, next.startOffset).includes('\n');
    const related = isLineEnd
      ? [{ message: 'the `;` belongs here', span: { source: this.source, start: end, end } }]
      : [];
    this.reportToken('`;`', next, { related });
    if (!isLineEnd) throw skipItem;
  }

  /** Between the members of a list: a comma, or the end. */
  private LIST_SEPARATOR(comma: IToken | undefined, end: TokenType): void {
    if (this.RECORDING_PHASE || comma !== undefined || this.LA(1).tokenType === end) return;
    this.reportToken(`\`,\` or \`${end.PATTERN as string}\``, this.LA(1));
  }

  private caught(thrown: unknown): void {
    if (thrown === skipItem) return;
    if (!(thrown instanceof Error) || !isRecognitionException(thrown)) throw thrown;
    this.errors = [];
    const { message, token } = thrown as Error & { token: IToken };
    this.reportToken(message, token, { hint: hintFor(message, token) });
  }

  /** Skips to behind the item that began at `from`: its `;`, its `}`, or before whatever closes its container. */
  private skipToNextItem(from: number): void {
    let depth = 0;
    const tokens = this.input;
    const reached = this.exportPosition();
    for (let at = from + 1; at <= reached; at++) {
      depth += braceStep(tokens[at]);
      this.lose(tokens[at]!);
    }
    for (let isFirst = reached === from; ; isFirst = false) {
      const token = this.LA(1);
      if (isEnd(token)) return;
      if (!isFirst && this.startsTopLevelItem(token)) return;
      const step = braceStep(token);
      if (depth + step < 0) return;
      depth += step;
      this.lose(token);
      this.SKIP_TOKEN();
      if (depth === 0 && (step < 0 || token.tokenType === t.Semicolon)) return;
    }
  }

  private lose({ tokenType, image }: IToken): void {
    if (tokenType === t.Word) this.lostNames.add(image);
    if (tokenType === t.ExplicitId) this.lostNames.add(image.slice(1));
  }

  /** `interface`, `world` or `package` in the first column is no part of the item before it. */
  private startsTopLevelItem(token: IToken): boolean {
    const { tokenType, startOffset } = token;
    if (tokenType !== t.Interface && tokenType !== t.World && tokenType !== t.Package) return false;
    return startOffset === 0 || this.source.text[startOffset - 1] === '\n';
  }

  private skipParentheses(): void {
    if (this.LA(1).tokenType !== t.LeftParen) return;
    while (!isEnd(this.LA(1)) && !endsParentheses(this.LA(1))) this.SKIP_TOKEN();
    if (this.LA(1).tokenType === t.RightParen) this.SKIP_TOKEN();
  }

  // The index of the last token that was consumed. Not in the typed surface of the base class.
  private exportPosition(): number {
    return (this as unknown as { exportLexerState(): number }).exportLexerState();
  }

  // Reports

  private fail<Code extends DiagnosticCode>(
    code: Code,
    args: DiagnosticArguments[Code],
    token: IToken,
  ): void {
    if (this.RECORDING_PHASE) return;
    this.reportAt(code, args, this.spanOf(token));
    throw skipItem;
  }

  private reportToken(
    expected: string,
    token: IToken,
    more: { readonly related?: readonly RelatedPlace[]; readonly hint?: string | undefined } = {},
  ): void {
    const args = { expected, found: describeToken(isEnd(token) ? undefined : token) };
    const hint = more.hint ?? (token.tokenType === t.LessThan ? this.argumentsHint() : undefined);
    this.reportAt('unexpected-token', args, this.spanOf(token), { ...more, hint });
  }

  // `futur<u8>`: the name before the `<` takes no arguments, but may be meant for one that does.
  private argumentsHint(): string | undefined {
    const { image, tokenType } = this.LA(0);
    const generic = ['list', 'option', 'result', 'tuple', 'map', 'future', 'stream', 'own', 'borrow'];
    const near = tokenType === t.Word ? closest(image, generic) : undefined;
    return near && `did you mean \`${near}<…>\`?`;
  }

  private reportAt<Code extends DiagnosticCode>(
    code: Code,
    args: DiagnosticArguments[Code],
    span: Span,
    more: { readonly related?: readonly RelatedPlace[]; readonly hint?: string | undefined } = {},
  ): void {
    // A second complaint about the same token says nothing new.
    if (this.RECORDING_PHASE || span.start === this.lastErrorOffset) return;
    this.lastErrorOffset = span.start;
    this.reporter(diagnostic(code, args, span, more));
    this.errorCount++;
    if (this.errorCount < t.maxErrorsPerSource) return;
    this.reporter(diagnostic('too-many-errors', { limit: t.maxErrorsPerSource }, span));
    throw giveUp;
  }

  private invalidIdentifier(token: IToken, name: string): void {
    if (t.hasForbiddenCharacter(name)) return;
    const suggestion = kebabCaseOf(name.slice(0, 100));
    const hint = isKebabCase(suggestion) ? `in kebab case it is \`${suggestion}\`` : undefined;
    this.reportAt('invalid-identifier', { name, why: identifierProblem(name) }, this.spanOf(token), { hint });
  }

  private fieldIs(id: IdNode, expected: string): boolean {
    if (this.RECORDING_PHASE || id.name === expected) return true;
    const args = { expected: `\`${expected}\``, found: `\`${id.name}\`` };
    this.reportAt('unexpected-token', args, id.span);
    while (!isEnd(this.LA(1)) && !endsParentheses(this.LA(1))) this.SKIP_TOKEN();
    if (this.LA(1).tokenType === t.RightParen) this.SKIP_TOKEN();
    return false;
  }

  // Nodes

  private packageNameOf(ids: readonly IdNode[], version: VersionNode | undefined): PackageNameNode {
    const [namespace, name] = ids as [IdNode, IdNode];
    if (this.RECORDING_PHASE) return { kind: 'package-name', span: namespace.span, namespace, name, version };
    const span = { source: this.source, start: namespace.span.start, end: name.span.end };
    return { kind: 'package-name', span, namespace, name, version };
  }

  // The grammar has them, but nothing may use them yet. The next token is the separator that is too much.
  private nestedName(ids: readonly IdNode[]): void {
    if (this.RECORDING_PHASE) return;
    const name = /[^\s;{]*/y;
    name.lastIndex = ids[0]!.span.start;
    this.fail('nested-name', { name: name.exec(this.source.text)![0] }, this.LA(1));
  }

  private primitive(token: IToken): TypeNode {
    return { kind: 'primitive-type', span: this.spanOf(token), name: token.image as PrimitiveName };
  }

  private listLength(token: IToken): number {
    const length = Number(token.image);
    if (!this.RECORDING_PHASE && !(length >= 1 && length <= 0xffffffff)) {
      this.reportAt('invalid-list-length', { length: token.image }, this.spanOf(token), {
        hint: `a length is a number from 1 to ${0xffffffff}`,
      });
    }
    return length;
  }

  private stringText(token: IToken): string {
    if (this.RECORDING_PHASE) return '';
    const decoded = decodeString(token.image);
    if ('text' in decoded) return decoded.text;
    const start = token.startOffset + decoded.at;
    const span = { source: this.source, start, end: start + decoded.length };
    this.reportAt('invalid-string', { why: decoded.problem }, span);
    return '';
  }

  private docsBefore(token: IToken): DocsNode | undefined {
    const comments = this.comments.get(token.startOffset);
    if (comments === undefined) return undefined;
    const start = comments[0]!.startOffset;
    const last = comments.at(-1)!;
    const span = { source: this.source, start, end: last.startOffset + last.image.length };
    return { kind: 'docs', span, text: docsText(comments.map(({ image }) => image)) };
  }

  private spanOf(token: IToken): Span {
    if (!this.RECORDING_PHASE && !isEnd(token)) return t.tokenSpan(this.source, token);
    const end = this.source.text.length;
    return { source: this.source, start: end, end };
  }

  /** From a node to the end of the token before. */
  private spanSince(node: IdNode): Span {
    return this.spanFrom(this.RECORDING_PHASE ? 0 : node.span.start);
  }

  /** From an offset to the end of the token before. */
  private spanFrom(start: number): Span {
    if (this.RECORDING_PHASE) return { source: this.source, start: 0, end: 0 };
    const last = this.LA(0);
    return { source: this.source, start, end: last.startOffset + last.image.length };
  }
}

interface InterfaceBody {
  readonly items: readonly InterfaceItemNode[];
  readonly incomplete: boolean;
}

// label, as the Explainer has it: fragments of one case, only the first of which begins with a letter for sure.
function isKebabCase(name: string): boolean {
  return lowerKebabCase.test(name) || (/^[A-Za-z]/.test(name) && name.split('-').every(isOneCase));
}

const lowerKebabCase = /^[a-z][0-9a-z]*(?:-[0-9a-z]+)*$/;

function isOneCase(part: string): boolean {
  return /^[0-9a-z]+$/.test(part) || /^[0-9A-Z]+$/.test(part);
}

function identifierProblem(name: string): string {
  if (name === '') return 'there is no name behind the `%`';
  const foreign = /[^0-9A-Za-z-]/u.exec(name)?.[0];
  if (foreign !== undefined) return `\`${foreign}\` is not a letter of a to z, a digit or a hyphen`;
  if (/^[0-9]/.test(name)) return 'it begins with a digit';
  if (/^-|--|-$/.test(name)) return 'hyphens stand between words only';
  return 'each word is either all lower case or all upper case';
}

function kebabCaseOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[_-]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}

// The end-of-file token of Chevrotain has no image.
function isEnd(token: IToken): boolean {
  return token.image === '';
}

function hintFor(expected: string, { image, tokenType }: IToken): string | undefined {
  if (t.isKeyword(image) && expected === 'an identifier') {
    return `\`${image}\` is a keyword; as a name it is written \`%${image}\``;
  }
  if (tokenType !== t.Word) return undefined;
  const words = [...expected.matchAll(/`([a-z-]+)`/g)].map((match) => match[1]!);
  const near = closest(image, words);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

function braceStep(token: IToken | undefined): number {
  if (token?.tokenType === t.LeftBrace) return 1;
  return token?.tokenType === t.RightBrace ? -1 : 0;
}

function endsParentheses({ tokenType }: IToken): boolean {
  return [t.RightParen, t.Semicolon, t.LeftBrace, t.RightBrace].includes(tokenType);
}
