/** The WIT files that declaration maps lead to: where they are, seen from the output, or copies of them in it. */
import type { Source } from '@wittle/parser';
import { packageId, type PackageName } from '@wittle/parser';
import type { Generator } from '../target.ts';
import type { Plan } from '../world/plan.ts';
import { relativePath, type GeneratedFile } from './file.ts';

/** What maps of one run lead to. */
export interface WitSources {
  /** The path of a WIT file from the output directory, with slashes. */
  readonly pathOf: (source: Source) => string;
  /** The same from a directory in the output. */
  readonly pathFrom: (folder: string) => WitSources['pathOf'];
  /** {@link pathFrom} for another generator, which writes into a directory in the output. */
  readonly below: (folder: string) => NonNullable<Generator['sourcePath']>;
  /** Copies of those that are not on disk, or nowhere that is the same on every machine. */
  readonly copies: () => readonly GeneratedFile[];
}

/** Each source that has no path of the generator's is copied below `wit/`, in a folder for its package. */
export function witSources(plan: Plan, generator: Generator): WitSources {
  const packages = packagesOf(plan);
  const paths = new Map<Source, string>();
  const copies = new Map<string, Source>();
  const copyOf = (source: Source): string => {
    const wanted = copyPath(source, packages.get(source));
    let path = wanted;
    for (let n = 2; copies.has(path.toLowerCase()); n++) path = wanted.replace(/\.wit$/, `-${n}.wit`);
    copies.set(path.toLowerCase(), source);
    return path;
  };
  const pathOf = (source: Source): string => {
    let path = paths.get(source);
    if (path === undefined) {
      path = generator.sourcePath?.(source.name) ?? copyOf(source);
      paths.set(source, path);
    }
    return path;
  };
  const pathFrom = (folder: string) => (source: Source) => relativePath(`${folder}/_`, pathOf(source));
  return {
    pathOf,
    pathFrom,
    below: (folder) => (name) => {
      const source = [...packages.keys()].find((each) => each.name === name);
      return source && pathFrom(folder)(source);
    },
    copies: () => [...copies.values()].map((source) => ({ path: paths.get(source)!, contents: source.text })),
  };
}

function packagesOf({ world, imports, exports }: Plan): ReadonlyMap<Source, PackageName> {
  const found = new Map<Source, PackageName>();
  const owners = [world, ...[...imports, ...exports].flatMap((side) => side.interface ?? [])];
  for (const owner of owners) {
    const source = owner.span?.source;
    if (source !== undefined && !found.has(source)) found.set(source, owner.package.name);
  }
  return found;
}

function copyPath({ name }: Source, of: PackageName | undefined): string {
  const base = (name.split(/[/\\]/).at(-1) ?? '').replace(/\.wit$/, '').replaceAll(/[^\w.@-]/g, '-');
  const file = `${base.replace(/^\.+/, '') || 'source'}.wit`;
  return of === undefined ? `wit/${file}` : `wit/${packageId(of).replace(':', '/')}/${file}`;
}
