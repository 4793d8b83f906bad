/** The types of a guest's code: what it is given of an imported interface, and what it must have for an exported one. */
import { endOf, named, quote, ts, type Code, type Name } from '../../emit/code.ts';
import { deprecation, docs } from '../../typescript/docs.ts';
import type { TypeContext } from '../../typescript/context.ts';
import {
  classMember,
  declaredBy,
  freestandingOf,
  functionMember,
  resourceDeclaration,
  resourcesOf,
  typeDeclarations,
  wraps,
} from '../../typescript/declarations.ts';
import { pascalCase } from '../../typescript/names.ts';
import { sideWords, type Side } from '../../world/plan.ts';

/** The type of a side's functions and classes, in its file under `folder`. */
export function membersName(side: Side, folder: string): Name {
  const name = side.direction === 'import' ? 'Host' : 'Exports';
  return {
    kind: 'name',
    name,
    from: `${folder}${side.file}`,
    fromPackage: false,
    isType: true,
    alias: `${pascalCase(sideWords(side))}${name}`,
  };
}

/** Whether there is anything on a side besides types. */
export function hasMembers(side: Side): boolean {
  return side.functions.length > 0 || side.types.some((type) => type.shape.kind === 'resource');
}

/** The sections of a side's file. */
export function guestTypes(cx: TypeContext): Code[] {
  const { plan, side } = cx;
  const isImport = side.direction === 'import';
  const { imports, exports } = wraps(plan);
  const exported = exports(side);
  // What an implementation waits for, it may also have at once.
  const wrap: ReturnType<typeof imports> = isImport
    ? imports(side)
    : (of) => (exported(of) === 'promise' ? 'maybe-promise' : exported(of));
  const dispose = isImport
    ? {
        docs: 'Drops the handle; what it owned ends with it. Doing so again does nothing.',
        optional: false,
      }
    : {
        docs: 'Called when the last owner outside of the guest drops the value.',
        optional: true,
      };
  const resources = resourcesOf(side);
  const declarations = [
    ...typeDeclarations(cx),
    ...resources.map((resource) => resourceDeclaration(cx, resource, wrap, dispose)),
  ];
  if (!hasMembers(side)) return declarations;
  const classes = resources.map((resource) => classMember(cx, resource, wrap));
  const functions = freestandingOf(side).map((of) => functionMember(cx, of, wrap(of)));
  const what = side.interface === undefined ? 'the world itself' : quote(side.label).replaceAll("'", '`');
  const about = isImport ? `What the guest is given of ${what}.` : `What the guest has for ${what}.`;
  return [
    ...declarations,
    ts`${docs(`${about}\n${side.docs}`, deprecation(side))}export interface ${named(declaredBy(cx), membersName(side, ''))} {\n${classes}${functions}}${endOf(declaredBy(cx))}\n`,
  ];
}
