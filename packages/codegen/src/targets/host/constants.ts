/** What other modules declare, as constants of a closure: the optimizer knows those, and takes an import for a variable. */
import { code, join, mapNames, type Code, type Name } from '../../emit/code.ts';
import { unusedName } from '../../typescript/names.ts';
import { abi } from './abi.ts';

/** Where speed is no matter, or where TypeScript has to see that they do not come back. */
const LEFT: ReadonlySet<Name> = new Set([
  abi.bad,
  abi.ComponentError,
  abi.disposeGuest,
  abi.guest,
  abi.ownGuest,
  abi.payloadOf,
  abi.poison,
  abi.suspend,
  abi.trap,
  abi.within,
]);

/** The same statements with `$$name` for every function `name` that they call, after declarations of those. */
export function withConstants(body: Code): Code {
  const known = new Map<string, { readonly name: Name; readonly local: string }>();
  const taken = new Set<string>();
  const replaced = mapNames(body, (name) => {
    if (name.isType || LEFT.has(name)) return name;
    const key = `${name.from}\0${name.name}`;
    const found = known.get(key);
    if (found !== undefined) return found.local;
    const local = unusedName(`$$${name.name}`, taken);
    known.set(key, { name, local });
    return local;
  });
  const constants = [...known.values()].map(({ name, local }) => code`const ${local} = ${name};\n`);
  return code`${join(constants, '')}${replaced}`;
}
