/** JSON with the place of everything in it. Comments and trailing commas are allowed, as in other configurations. */
import { evaluate, parse, type AnyNode, type MemberNode, type ValueNode } from '@humanwhocodes/momoa';
import type { Diagnostic, Source, Span } from '@wittle/parser';
import { finding } from '../diagnose.ts';

/** From the outside in: names of properties, and positions in arrays. */
export type Path = readonly (string | number)[];

/** A JSON text, read. */
export interface JsonDocument {
  readonly value: unknown;
  /** The place of a value, or the nearest one around it; of a property's name when it is asked for. */
  readonly span: (path: Path, part?: 'name' | 'value') => Span;
  /** Properties that are there twice. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a JSON text, or says where it stops being one. Never throws. */
export function readJson(source: Source): JsonDocument | { readonly problem: Diagnostic } {
  const text = source.text.replace(/^\ufeff/, ' ');
  try {
    const root = parse(text, { mode: 'jsonc', allowTrailingCommas: true, ranges: true }).body;
    const diagnostics: Diagnostic[] = [];
    findTwins(root, (member) => {
      const span = spanOf(source, member.name);
      diagnostics.push(
        finding('invalid-config', `property \`${nameOf(member)}\` is there twice`, span, undefined),
      );
    });
    return {
      value: evaluate(root),
      span: (path, part = 'value') => placeOf(source, root, path, part),
      diagnostics,
    };
  } catch (error) {
    return { problem: syntaxProblem(source, text, error) };
  }
}

function syntaxProblem(source: Source, text: string, error: unknown): Diagnostic {
  const { message, offset } = error as { readonly message: string; readonly offset?: number };
  if (text.trim() === '') return finding('invalid-json', `${source.name} is empty`, undefined, undefined);
  // Without a place: nested so deep that there is no stack left.
  const at = offset ?? 0;
  const why = message.replace(/\s*\(\d+:\d+\)/, '').replace(/\.$/, '');
  const shown = why.charAt(0).toLowerCase() + why.slice(1);
  return finding('invalid-json', `this is no JSON: ${shown}`, { source, start: at, end: at + 1 }, undefined);
}

function findTwins(node: ValueNode, report: (member: MemberNode) => void): void {
  if (node.type === 'Array') for (const { value } of node.elements) findTwins(value, report);
  if (node.type !== 'Object') return;
  const seen = new Set<string>();
  for (const member of node.members) {
    if (seen.has(nameOf(member))) report(member);
    seen.add(nameOf(member));
    findTwins(member.value, report);
  }
}

function placeOf(source: Source, root: ValueNode, path: Path, part: 'name' | 'value'): Span {
  let node = root;
  let name: MemberNode['name'] | undefined;
  for (const [depth, key] of path.entries()) {
    if (node.type === 'Object') {
      const member = node.members.findLast((each) => nameOf(each) === key);
      if (member === undefined) break;
      node = member.value;
      name = member.name;
    } else if (node.type === 'Array') {
      const element = node.elements[Number(key)];
      if (element === undefined) break;
      node = element.value;
      name = undefined;
    } else break;
    if (part === 'name' && depth === path.length - 1 && name !== undefined) return spanOf(source, name);
  }
  // Of what goes over several lines, its name says more than its brace.
  const isLong = node.type === 'Object' || node.type === 'Array';
  if (isLong && name !== undefined) return spanOf(source, name);
  const span = spanOf(source, node);
  return isLong ? { ...span, end: span.start + 1 } : span;
}

function nameOf({ name }: MemberNode): string {
  return name.type === 'String' ? name.value : name.name;
}

function spanOf(source: Source, node: AnyNode): Span {
  return { source, start: node.loc.start.offset, end: node.loc.end.offset };
}
