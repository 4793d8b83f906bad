/** What ComponentizeJS makes no component of, although it has types: warnings, for a guest may run in process too. */
import type { Diagnostic, WitFunction } from '@wittle/parser';
import { resourcesOf } from '../../typescript/declarations.ts';
import { camelCase, pascalCase } from '../../typescript/names.ts';
import { optionName } from '../../world/blocking.ts';
import { holds } from '../../world/part-kinds.ts';
import { functionBaseName, type Plan, type Side } from '../../world/plan.ts';
import { problem } from '../../world/problems.ts';
import { implementedSides } from './names.ts';

type Named = Parameters<typeof problem>[2] & { readonly name?: string | undefined };

/** A warning for everything in the world that ComponentizeJS 0.22 stops at, or takes for something else. */
export function guestLimits(plan: Plan): readonly Diagnostic[] {
  const sides = [...plan.imports, ...plan.exports];
  return [
    ...sides.flatMap(meetingNames),
    ...sides.flatMap((side) => side.functions.flatMap((of) => wrongMember(side, of))),
    ...sides.flatMap((side) => side.functions.flatMap((of) => missingKinds(side, of))),
    ...exportsAlike(plan),
    ...unusableClasses(plan),
  ];
}

function warning(message: string, element: Named, hint?: string): Diagnostic {
  return { ...problem('guest-limit', message, element, hint), severity: 'warning' };
}

/** Names that differ only before a digit are the same one in camel case. */
function meetingNames(side: Side): readonly Diagnostic[] {
  const functions = new Map<string, Named[]>();
  for (const of of side.functions) {
    const { role } = of;
    if (role.kind === 'constructor') continue;
    const scope = role.kind === 'freestanding' ? '' : `${role.kind} ${role.resource.name}`;
    functions.set(scope, [...(functions.get(scope) ?? []), of]);
  }
  const labels = side.types.flatMap(({ shape }): readonly (readonly Named[])[] =>
    shape.kind === 'record' ? [shape.fields] : shape.kind === 'flags' ? [shape.flags] : [],
  );
  const resources = resourcesOf(side).map(({ type }) => type);
  return [...functions.values(), ...labels, resources].flatMap((scope) => {
    const seen = new Map<string, string>();
    return scope.flatMap((element) => {
      const name = 'role' in element ? functionBaseName(element as WitFunction) : element.name!;
      const camel = camelCase(name);
      const first = seen.get(camel);
      if (first === undefined) seen.set(camel, name);
      return first === undefined
        ? []
        : [warning(`\`${first}\` and \`${name}\` are both \`${camel}\` to ComponentizeJS`, element)];
    });
  });
}

/** Members that mean something to JavaScript. */
function wrongMember(side: Side, of: WitFunction): readonly Diagnostic[] {
  const name = functionBaseName(of);
  const { kind } = of.role;
  if (kind === 'method' && name === 'then') {
    return [
      warning(`objects with a method \`then\` are taken for promises by ComponentizeJS, and waited for`, of),
    ];
  }
  const isClash =
    (kind === 'method' && name === 'constructor') || (kind === 'static' && name === 'prototype');
  return isClash
    ? [warning(`ComponentizeJS cannot make a class that has \`${optionName(side, of)}\``, of)]
    : [];
}

function missingKinds(side: Side, of: WitFunction): readonly Diagnostic[] {
  const types = [...of.params.map((param) => param.type), of.result];
  return (['map', 'fixed-length-list'] as const)
    .filter((kind) => types.some((type) => holds(type, kind)))
    .map((kind) =>
      warning(`\`${optionName(side, of)}\` uses a ${kind}, which ComponentizeJS does not know`, of),
    );
}

/** ComponentizeJS tells exported interfaces apart by their name and version, and exported resources by their name. */
function exportsAlike(plan: Plan): readonly Diagnostic[] {
  const interfaces = new Map<string, Side>();
  const resources = new Map<string, Side>();
  return implementedSides(plan).flatMap((side) => {
    if (side.interface === undefined) return [];
    const found: Diagnostic[] = [];
    const id = side.renamed
      ? camelCase(side.coreModule)
      : side.coreModule.slice(side.coreModule.indexOf('/'));
    const other = interfaces.get(id);
    interfaces.set(id, side);
    if (other !== undefined) {
      const alike = side.renamed ? `both are \`${id}\`` : 'their names and versions are equal';
      const message = `ComponentizeJS takes the exports \`${other.coreModule}\` and \`${side.coreModule}\` for one: ${alike}`;
      found.push(warning(message, side.interface));
    }
    for (const { type } of resourcesOf(side)) {
      const name = pascalCase(type.name!);
      const first = resources.get(name);
      resources.set(name, side);
      if (first === undefined) continue;
      const message = `ComponentizeJS makes no component with two exported resources \`${type.name}\`: there is one in \`${first.coreModule}\` too`;
      found.push(warning(message, type, 'export one of the interfaces by a component of its own'));
    }
    return found;
  });
}

/** The class of an exported resource is looked for by its functions, and found under its name among globals. */
function unusableClasses(plan: Plan): readonly Diagnostic[] {
  return implementedSides(plan).flatMap((side) =>
    resourcesOf(side).flatMap(({ type, constructorFunction, methods, statics }) => {
      if (GLOBALS.has(pascalCase(type.name!))) {
        const message = `ComponentizeJS takes the class of exported resource \`${type.name}\` for the global \`${pascalCase(type.name!)}\``;
        return [warning(message, type)];
      }
      if (constructorFunction !== undefined || methods.length + statics.length > 0) return [];
      const message = `ComponentizeJS finds no class for exported resource \`${type.name}\`, which has no functions`;
      return [warning(message, type, 'give it a constructor or a method')];
    }),
  );
}

/** Globals that ComponentizeJS's own code uses around a guest. */
const GLOBALS: ReadonlySet<string> = new Set(
  (
    'Array BigInt DataView Error FinalizationRegistry Map Number Object Promise Reflect Set String Symbol ' +
    'TextDecoder TextEncoder TypeError Uint8Array WeakMap'
  ).split(' '),
);
