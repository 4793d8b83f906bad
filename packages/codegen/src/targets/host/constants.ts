/** What other modules declare, as constants of a closure: the optimizer knows those, and takes an import for a variable. */
import { code, join, type Code, type Name, type Part } from '../../emit/code.ts';
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
  const replaced = replace(body, (name) => {
    if (name.isType || LEFT.has(name)) return name;
    const key = `${name.from}\0${name.name}`;
    const found = known.get(key);
    if (found !== undefined) return found.local;
    let local = `$$${name.name}`;
    for (let n = 2; taken.has(local); n++) local = `$$${name.name}_${n}`;
    taken.add(local);
    known.set(key, { name, local });
    return local;
  });
  const constants = [...known.values()].map(({ name, local }) => code`const ${local} = ${name};\n`);
  return code`${join(constants, '')}${replaced}`;
}

function replace(piece: Code, by: (name: Name) => Part): Code {
  const parts = piece.parts.map((part): Part => {
    if (typeof part === 'string') return part;
    return part.kind === 'name' ? by(part) : replace(part, by);
  });
  return { ...piece, parts };
}
