/** The files of exported interfaces: what a guest implements, in the shapes that ComponentizeJS calls it with. */
import { endOf, named, ts, type Code } from '../../emit/code.ts';
import {
  classMember,
  declaredBy,
  freestandingOf,
  functionMember,
  resourceDeclaration,
  resourcesOf,
  typeDeclarations,
  type Wrap,
} from '../../typescript/declarations.ts';
import type { TypeContext } from '../../typescript/context.ts';
import { deprecation, docs } from '../../typescript/docs.ts';
import type { WitFunction } from '@wittle/parser';
import type { Plan, Side } from '../../world/plan.ts';
import { exportNames, offersSomething } from '../host/exports.ts';
import { fromModules } from './ambient.ts';
import { className, guestSide } from './names.ts';

/** The sections of the file: the interface's types, then `Exports`, which its implementation satisfies. */
export function implementationFile(plan: Plan, exported: Side): readonly Code[] {
  const cx: TypeContext = { plan, side: guestSide(exported) };
  const { side } = cx;
  const resources = resourcesOf(side).map((resource) =>
    resourceDeclaration(cx, resource, wrap, {
      docs: 'Called when the last handle is dropped.',
      optional: true,
    }),
  );
  const own = offersSomething(side) ? [implementation(cx)] : [];
  return [...typeDeclarations(cx), ...resources, ...own].map((section) => fromModules(plan, section));
}

function implementation(cx: TypeContext): Code {
  const { side } = cx;
  const classes = resourcesOf(side).map((each) => classMember(cx, each, wrap, className(side, each.type)));
  const functions = freestandingOf(side).map((of) => functionMember(cx, of, wrap(of)));
  const what =
    side.interface === undefined
      ? 'What the guest exports for the world itself, each as an export of its own'
      : `The implementation of \`${side.label}\``;
  return ts`${docs(`${what}.\n${side.docs}`, deprecation(side))}export interface ${named(declaredBy(cx), exportNames(side).offered)} {\n${classes}${functions}}${endOf(declaredBy(cx))}\n`;
}

/** Any exported function may be `async`: the guest's own event loop runs until it is done. */
function wrap(of: WitFunction): Wrap {
  return of.role.kind === 'constructor' ? 'plain' : 'maybe-promise';
}
