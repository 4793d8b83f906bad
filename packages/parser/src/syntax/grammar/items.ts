/** The items of a file, package or body. A mistake costs the item that it is in, and the next one is read. */
import { closest } from '../../diagnostics/closest.ts';
import { isKeyword, type Token, type TokenKind } from '../tokens.ts';
import { skipItem, type Cursor } from './cursor.ts';
import { gate, type Prefix } from './gate.ts';

/** A kind of place where items stand. Each item is a gate and a definition, which its first token decides on. */
export interface Container<Item> {
  /** What may stand there, for people. */
  readonly members: string;
  readonly definitions: ReadonlyMap<TokenKind, Definition<Item>>;
}

/** Reads a definition; what stands before it has been read. */
export type Definition<Item> = (cursor: Cursor, prefix: Prefix) => Item;

/** Reads `{`, items and `}`. Returns whether something was skipped. */
export function readBody<Item>(
  cursor: Cursor,
  container: Container<Item>,
  add: (item: Item) => void,
): boolean {
  const open = cursor.expect('{');
  const incomplete = readItems(cursor, container, add);
  cursor.expectClosing(open, `${container.members},`);
  return incomplete;
}

/** Reads items up to what closes the container, or to the end. Returns whether something was skipped. */
export function readItems<Item>(
  cursor: Cursor,
  container: Container<Item>,
  add: (item: Item) => void,
): boolean {
  let incomplete = false;
  for (;;) {
    if (cursor.is('@') || container.definitions.has(cursor.next.kind)) {
      const item = readGuarded(cursor, container);
      if (item === undefined) incomplete = true;
      else add(item);
    } else if (skippedStray(cursor, container)) {
      incomplete = true;
    } else {
      return incomplete;
    }
  }
}

/** Reads one item; after a mistake in it, which has been reported, skips the rest of it. */
function readGuarded<Item>(cursor: Cursor, container: Container<Item>): Item | undefined {
  const { at, typeDepth, packageDepth } = cursor;
  try {
    return readItem(cursor, container);
  } catch (thrown) {
    if (thrown !== skipItem) throw thrown;
    cursor.typeDepth = typeDepth;
    cursor.packageDepth = packageDepth;
    skipToNextItem(cursor, at);
    return undefined;
  }
}

function readItem<Item>(cursor: Cursor, container: Container<Item>): Item {
  const prefix = gate(cursor);
  const definition = container.definitions.get(cursor.next.kind);
  if (definition !== undefined) return definition(cursor, prefix);
  cursor.reportNext(container.members, { hint: meant(cursor.next, container) });
  throw skipItem;
}

/** Takes the colon behind the name of an item; where there is none, the name may be meant for a keyword. */
export function expectColon<Item>(cursor: Cursor, container: Container<Item>): void {
  if (cursor.takeIf(':')) return;
  cursor.reportNext('`:`', { hint: meant(cursor.last, container) });
  throw skipItem;
}

/** The keyword of an item that a word looks like. */
function meant<Item>({ kind, image }: Token, { definitions }: Container<Item>): string | undefined {
  if (kind !== 'Word') return undefined;
  const near = closest(image, [...definitions.keys()].filter(isKeyword));
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

/** Between items: when what comes is neither an item nor the end, reports and skips it and says `true`. */
function skippedStray<Item>(cursor: Cursor, container: Container<Item>): boolean {
  const { members, definitions } = container;
  // Nothing closes a file but its end.
  const isFile = definitions.has('package') && cursor.packageDepth === 0;
  if (cursor.is('End') || (cursor.is('}') && !isFile)) return false;
  if (!isFile && cursor.startsTopLevelItem()) return false;
  cursor.reportNext(members, { hint: meant(cursor.next, container) });
  if (cursor.is('}') || cursor.is(';')) cursor.take();
  else skipToNextItem(cursor, cursor.at);
  return true;
}

/** Skips to behind the item that began at `from`: its `;`, its `}`, or before whatever closes its container. */
function skipToNextItem(cursor: Cursor, from: number): void {
  let depth = 0;
  for (let at = from; at < cursor.at; at++) {
    const token = cursor.tokenAt(at);
    depth += braceStep(token);
    lose(cursor, token);
  }
  for (let isFirst = cursor.at === from; ; isFirst = false) {
    if (cursor.is('End') || (!isFirst && cursor.startsTopLevelItem())) return;
    const step = braceStep(cursor.next);
    if (depth + step < 0) return;
    depth += step;
    const token = cursor.take();
    lose(cursor, token);
    if (depth === 0 && (step < 0 || token.kind === ';')) return;
  }
}

function braceStep({ kind }: Token): number {
  if (kind === '{') return 1;
  return kind === '}' ? -1 : 0;
}

function lose({ lostNames }: Cursor, { kind, image }: Token): void {
  if (kind === 'Word') lostNames.add(image);
  else if (kind === 'ExplicitId') lostNames.add(image.slice(1));
}
