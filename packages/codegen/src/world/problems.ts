/** What is wrong with a world for a target, as findings that point at the WIT. */
import type { Diagnostic } from '@wittle/parser';
import { optionName } from './blocking.ts';
import { namesOf } from '../typescript/shapes.ts';
import { depthCheck, MAX_DEPTH } from './depth.ts';
import { holds, type PartKind } from './part-kinds.ts';
import type { Plan, Side } from './plan.ts';

/** A finding; `element` is the element of the model that it is about. */
export function problem(
  code: string,
  message: string,
  element?: { readonly span: Diagnostic['span'] },
  hint?: string,
): Diagnostic {
  return { code, severity: 'error', message, span: element?.span, related: [], hint };
}

/** Functions that an option names must exist among those of the sides. */
export function unknownFunctions(
  plan: Plan,
  option: string,
  given: readonly string[],
  sides: readonly Side[],
): readonly Diagnostic[] {
  const known = sides.flatMap((side) => side.functions.map((of) => optionName(side, of)));
  const hint = known.length === 0 ? undefined : `it has ${listed(known)}`;
  return given
    .filter((name) => name !== '*' && !known.includes(name))
    .map((name) =>
      problem(
        'unknown-function',
        `option ${option} names \`${name}\`, which world ${plan.label} does not have`,
        plan.world,
        hint,
      ),
    );
}

/** Imports that keep the default shapes must exist; namespaces need not. */
export function unknownImports({ imports, label, shapes, world }: Plan): readonly Diagnostic[] {
  const labels = imports.filter((side) => side.interface !== undefined).map((side) => side.label);
  const known = labels.flatMap(namesOf);
  return shapes.defaultShapes
    .filter((name) => !name.endsWith(':*') && !known.includes(name))
    .map((name) =>
      problem(
        'unknown-interface',
        `option defaultShapes names \`${name}\`, which world ${label} does not import`,
        world,
        labels.length === 0 ? undefined : `it imports ${listed(labels)}`,
      ),
    );
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`;
}

/** The first type that is nested deeper than emitting goes. */
export function tooDeep(plan: Plan): readonly Diagnostic[] {
  const isTooDeep = depthCheck();
  for (const side of [...plan.imports, ...plan.exports]) {
    const type = side.types.find(isTooDeep);
    const of = side.functions.find((each) =>
      [...each.params.map((param) => param.type), each.result].some(
        (part) => part !== undefined && isTooDeep(part),
      ),
    );
    const element = type ?? of;
    if (element === undefined) continue;
    const message = `\`${element.name}\` is made of types that are nested more than ${MAX_DEPTH} deep`;
    return [problem('type-too-deep', message, element)];
  }
  return [];
}

/** What synchronous core glue cannot express: the component model's own async. */
export function unsupportedAsync(plan: Plan, target: string): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  for (const side of [...plan.imports, ...plan.exports]) {
    for (const of of side.functions) {
      const what = of.async
        ? 'async func'
        : [...of.params.map((param) => param.type), of.result].flatMap((type) =>
            ASYNC_KINDS.filter((kind) => holds(type, kind)),
          )[0];
      if (what === undefined) continue;
      problems.push(
        problem(
          'unsupported-async',
          `\`${optionName(side, of)}\` ${of.async ? 'is an' : 'uses'} \`${what}\`, which target ${target} cannot generate yet`,
          of,
          'it generates the synchronous part of the Canonical ABI, as used by WASI 0.2',
        ),
      );
    }
  }
  return problems;
}

const ASYNC_KINDS: readonly PartKind[] = ['stream', 'future', 'error-context'];
