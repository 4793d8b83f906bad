/** The directives of a `.wast` script as data. */
import {
  lineAt,
  readExpressions,
  textOf,
  type Atom,
  type Expression,
  type List,
  type Text,
} from './s-expression.ts';

/** One directive and the line it begins at. */
export interface Directive {
  readonly line: number;
  readonly command: Command;
}

export type Command =
  | { readonly kind: 'define'; readonly wasm: Wasm }
  /** A definition that is instantiated at once, and is then the current instance. */
  | { readonly kind: 'define and instantiate'; readonly wasm: Wasm }
  | {
      readonly kind: 'instantiate';
      readonly sort: Sort;
      readonly id: string | undefined;
      readonly definition: string | undefined;
    }
  | { readonly kind: 'register'; readonly name: string; readonly id: string | undefined }
  | { readonly kind: 'act'; readonly action: Action }
  | { readonly kind: 'assert_return'; readonly action: Action; readonly expected: readonly List[] }
  | { readonly kind: Failure; readonly subject: Action | Wasm; readonly message: string }
  | { readonly kind: Rejection; readonly wasm: Wasm; readonly message: string }
  /** Nothing that this runner can do; a failure. */
  | { readonly kind: 'unsupported'; readonly reason: string };

export type Sort = 'component' | 'module';
export type Failure = 'assert_trap' | 'assert_exhaustion' | 'assert_exception' | 'assert_suspension';
export type Rejection = 'assert_invalid' | 'assert_malformed' | 'assert_unlinkable';

export type Action = Invoke | Get;

/** Calls an export of an instance; of the current one when there is no `id`. */
export interface Invoke {
  readonly kind: 'invoke';
  readonly id: string | undefined;
  readonly name: string;
  readonly args: readonly List[];
}
/** Reads a global of an instance. */
export interface Get {
  readonly kind: 'get';
  readonly id: string | undefined;
  readonly name: string;
}

/** A component or core module that a script contains. */
export interface Wasm {
  readonly kind: 'wasm';
  readonly sort: Sort;
  readonly id: string | undefined;
  /** Quoted text is there to be rejected, or to be read like text. */
  readonly form: 'text' | 'quote' | 'binary';
  /** Bytes of a binary, else text; of a quote bytes too when they are not UTF-8. */
  readonly content: Uint8Array | string;
}

/** The name under which a directive is counted, as it is written in scripts. */
export function directiveName(command: Command): string {
  switch (command.kind) {
    case 'define':
      return `${command.wasm.sort} definition`;
    case 'define and instantiate':
      return command.wasm.sort;
    case 'instantiate':
      return `${command.sort} instance`;
    case 'act':
      return command.action.kind;
    case 'assert_trap':
      return command.subject.kind === 'wasm' ? 'assert_trap (instantiation)' : 'assert_trap';
    default:
      return command.kind;
  }
}

/** Reads a script; throws `SyntaxProblem` when its text is not made of expressions. */
export function readScript(source: string): readonly Directive[] {
  return readExpressions(source).map((expression) => ({
    line: lineAt(source, expression.start),
    command: commandOf(expression, source),
  }));
}

function commandOf(expression: Expression, source: string): Command {
  if (expression.kind !== 'list') return unsupported('not a list');
  const [head, ...rest] = expression.items;
  const name = head?.kind === 'atom' ? head.text : '';
  switch (name) {
    case 'component':
    case 'module': {
      if (isAtom(rest[0], 'instance')) {
        const [id, definition] = rest.slice(1).map(atomText);
        return { kind: 'instantiate', sort: name, id, definition };
      }
      const isDefinition = isAtom(rest[0], 'definition');
      const wasm = wasmOf(expression, source);
      return { kind: isDefinition ? 'define' : 'define and instantiate', wasm };
    }
    case 'register': {
      const [as, id] = rest;
      return as?.kind === 'string'
        ? { kind: 'register', name: textOf(as), id: atomText(id) }
        : unsupported('`register` without a name');
    }
    case 'invoke':
    case 'get':
      return withAction(expression, (action) => ({ kind: 'act', action }));
    case 'assert_return':
      return withAction(rest[0], (action) => {
        const expected = rest.slice(1).filter(isList);
        return expected.length === rest.length - 1
          ? { kind: 'assert_return', action, expected }
          : unsupported('a result that is no list');
      });
    case 'assert_trap':
    case 'assert_exhaustion':
    case 'assert_exception':
    case 'assert_suspension': {
      const message = messageOf(rest[1]);
      const [subject] = rest;
      if (isWasm(subject)) return { kind: name, subject: wasmOf(subject, source), message };
      return withAction(subject, (action) => ({ kind: name, subject: action, message }));
    }
    case 'assert_invalid':
    case 'assert_malformed':
    case 'assert_unlinkable': {
      const [subject] = rest;
      if (!isWasm(subject)) return unsupported(`\`${name}\` of something else than a component or module`);
      return { kind: name, wasm: wasmOf(subject, source), message: messageOf(rest[1]) };
    }
    default:
      return unsupported(`the directive \`${name}\``);
  }
}

function unsupported(reason: string): Command {
  return { kind: 'unsupported', reason };
}

function withAction(expression: Expression | undefined, make: (action: Action) => Command): Command {
  if (!isList(expression)) return unsupported('an action that is no list');
  const [head, ...rest] = expression.items;
  const id = atomText(rest[0]);
  const [name, ...args] = id === undefined ? rest : rest.slice(1);
  if (name?.kind !== 'string') return unsupported('an action without a name');
  if (isAtom(head, 'get')) return make({ kind: 'get', id, name: textOf(name) });
  if (isAtom(head, 'invoke') && args.every(isList)) {
    return make({ kind: 'invoke', id, name: textOf(name), args });
  }
  return unsupported(`the action \`${atomText(head) ?? ''}\``);
}

/** `(component definition? $id? binary|quote? …)`. */
function wasmOf(list: List, source: string): Wasm {
  const [head, ...rest] = list.items;
  const sort: Sort = isAtom(head, 'component') ? 'component' : 'module';
  const definition = isAtom(rest[0], 'definition') ? rest.shift() : undefined;
  const id = atomText(rest[0])?.startsWith('$') === true ? atomText(rest.shift()) : undefined;
  const form = atomText(rest[0]);
  if (form === 'binary' || form === 'quote') {
    const bytes = concatenated(rest.filter((each) => each.kind === 'string'));
    if (form === 'binary') return { kind: 'wasm', sort, id, form, content: bytes };
    const text = utf8(bytes);
    // The text of a module is its fields, with or without `(module …)`.
    const content = text !== undefined && sort === 'component' ? `(component ${text}\n)` : text;
    return { kind: 'wasm', sort, id, form, content: content ?? bytes };
  }
  const [start, end] =
    definition === undefined ? [list.start, list.start] : [definition.start, definition.end];
  const content = source.slice(list.start, start) + source.slice(end, list.end);
  return { kind: 'wasm', sort, id, form: 'text', content };
}

function concatenated(strings: readonly Text[]): Uint8Array {
  const bytes = new Uint8Array(strings.reduce((length, each) => length + each.bytes.length, 0));
  let at = 0;
  for (const each of strings) {
    bytes.set(each.bytes, at);
    at += each.bytes.length;
  }
  return bytes;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function messageOf(expression: Expression | undefined): string {
  return expression?.kind === 'string' ? textOf(expression) : '';
}

function isWasm(expression: Expression | undefined): expression is List {
  return (
    isList(expression) && (isAtom(expression.items[0], 'component') || isAtom(expression.items[0], 'module'))
  );
}

function isList(expression: Expression | undefined): expression is List {
  return expression?.kind === 'list';
}

function isAtom(expression: Expression | undefined, text: string): expression is Atom {
  return expression?.kind === 'atom' && expression.text === text;
}

function atomText(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'atom' ? expression.text : undefined;
}
