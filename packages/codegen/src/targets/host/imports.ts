/** The file of an imported interface: its types, what the host must implement, and the core functions over it. */
import { code, endOf, named, quote, run, ts, type Code, type Name } from '../../emit/code.ts';
import { deprecation, docs } from '../../typescript/docs.ts';
import { camelCase, pascalCase } from '../../typescript/names.ts';
import { abi, instanceType } from './abi.ts';
import { withConstants } from './constants.ts';
import {
  classKey,
  classMember,
  declaredBy,
  freestandingOf,
  functionMember,
  resourceDeclaration,
  resourcesOf,
  typeDeclarations,
  wraps,
} from '../../typescript/declarations.ts';
import { hostCall, poisoning } from './host-call.ts';
import { resourceOf, sideWords, type Side } from '../../world/plan.ts';
import type { Context } from './values/context.ts';

/** What `index.ts` needs of an imported interface. */
export interface ImportNames {
  /** The type of its implementation. */
  readonly host: Name;
  /** Makes its core functions. */
  readonly core: Name;
}

export function importNames(side: Side): ImportNames {
  const of = (name: string, isType: boolean, alias: string): Name => ({
    kind: 'name',
    name,
    from: side.file,
    fromPackage: false,
    isType,
    alias,
  });
  const words = sideWords(side);
  return {
    host: of('Host', true, `${pascalCase(words)}Host`),
    core: of('coreImports', false, `${camelCase(words)}Imports`),
  };
}

/** Whether there is anything to implement. */
export function needsHost(side: Side): boolean {
  return side.functions.length > 0 || side.types.some((type) => type.shape.kind === 'resource');
}

/** The sections of the file: declarations, then `coreImports`. */
export function importFile(cx: Context): Code[] {
  const { side } = cx;
  const declarations = [...typeDeclarations(cx), ...resourceDeclarations(cx)];
  if (!needsHost(side)) return declarations;
  return [...declarations, hostDeclaration(cx), coreImports(cx)];
}

function resourceDeclarations(cx: Context): Code[] {
  const wrap = wraps(cx.plan).imports(cx.side);
  const about = 'Called when the guest drops its last handle to a value that it owns.';
  const dispose = { docs: about, optional: true };
  return resourcesOf(cx.side).map((resource) => resourceDeclaration(cx, resource, wrap, dispose));
}

function hostDeclaration(cx: Context): Code {
  const { side } = cx;
  const { host } = importNames(side);
  const wrap = wraps(cx.plan).imports(side);
  const classes = resourcesOf(side).map((resource) => classMember(cx, resource, wrap));
  const functions = freestandingOf(side).map((of) => functionMember(cx, of, wrap(of)));
  const what =
    side.interface === undefined
      ? 'What the world itself imports'
      : `The implementation of \`${side.label}\``;
  return ts`${docs(`${what}, given by the host.\n${side.docs}`, deprecation(side))}export interface ${named(declaredBy(cx), host)} {\n${classes}${functions}}${endOf(declaredBy(cx))}\n`;
}

function coreImports(cx: Context): Code {
  const { side } = cx;
  const { host, core } = importNames(side);
  const functions = side.functions.map((of) => hostCall(cx, of));
  const drops = resourcesOf(side).map(({ type }) => {
    const { index } = resourceOf(cx.plan, side, type);
    return code`{ name: ${quote(`[resource-drop]${type.name}`)}, host: [${quote(classKey(side, type))}], call: ($handle${ts`: number`})${ts`: void`} => ${poisoning(code`
      ${abi.mayLeave}(cx); ${abi.dropHandle}(cx, $handle, ${index} /* ${type.name} */);
    `)} },\n`;
  });
  const list = inParts([...functions.map((each) => each.entry), ...drops]);
  return run`/** The core functions of this interface over its implementation, for one instance. @internal */
    export function ${core}($instance${ts`: ${instanceType}`}, $given${ts`: ${host}`})${ts`: ${abi.CoreInterface}`} {
      // Constants are known to the optimizer, parameters and imports are not.
      const cx = $instance;
      const $host = $given;
      ${withConstants(code`
        ${functions.map((each) => each.before)}
        ${list.before}
        return { module: ${quote(side.coreModule)}, host: $host, functions: [${list.entries}] };`)}
    }\n`;
}

/** An array of any length: TypeScript compares the elements of a literal pair by pair, and gives up with many. */
function inParts(entries: readonly Code[]): {
  readonly before: readonly Code[];
  readonly entries: readonly Code[];
} {
  if (entries.length <= MAX_LITERAL) return { before: [], entries };
  const parts = Array.from({ length: Math.ceil(entries.length / MAX_LITERAL) }, (_, at) =>
    entries.slice(at * MAX_LITERAL, (at + 1) * MAX_LITERAL),
  );
  return {
    before: parts.map(
      (part, at) => code`const $part${at}${ts`: ${abi.CoreInterface}['functions']`} = [${part}];\n`,
    ),
    entries: parts.map((_, at) => code`...$part${at},\n`),
  };
}

const MAX_LITERAL = 500;
