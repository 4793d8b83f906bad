/** Pass 2: packages after those that they depend on, otherwise by name and version. */
import { diagnostic, type Report } from '../diagnostics/diagnostic.ts';
import { packageId, type PackageName } from '../model/index.ts';
import { compareVersions } from '../model/version.ts';
import type { Span } from '../source.ts';
import { nameOf } from './collect-packages.ts';
import type { PackageSource } from './context.ts';
import { foreignPaths } from './foreign-paths.ts';

/** Depth first from the packages in order of their names; an edge that closes a cycle is reported and left out. */
export function orderPackages(
  packages: ReadonlyMap<string, PackageSource>,
  report: Report,
): readonly PackageSource[] {
  const order: PackageSource[] = [];
  const done = new Set<string>();
  const roots = [...packages.values()].sort((a, b) => comparePackages(a.name, b.name));
  for (const root of roots) {
    if (done.has(packageId(root.name))) continue;
    const path: Step[] = [stepOf(root)];
    const open = new Set([path[0]!.id]);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const dependency = step.dependencies[step.next++];
      if (dependency === undefined) {
        order.push(step.source);
        done.add(step.id);
        open.delete(step.id);
        path.pop();
      } else if (open.has(dependency.id)) {
        // Seen from the root, a cycle through it closes where the root mentions the next package.
        const closing =
          dependency.id === path[0]!.id ? path[0]!.dependencies[path[0]!.next - 1]! : dependency;
        report(diagnostic('package-cycle', { name: closing.id }, closing.span));
      } else if (!done.has(dependency.id)) {
        const source = packages.get(dependency.id);
        if (source === undefined) continue;
        open.add(dependency.id);
        path.push(stepOf(source));
      }
    }
  }
  return order;
}

interface Step {
  readonly id: string;
  readonly source: PackageSource;
  readonly dependencies: readonly { readonly id: string; readonly span: Span }[];
  next: number;
}

// Each dependency once, where it is mentioned first.
function stepOf(source: PackageSource): Step {
  const dependencies = new Map<string, { readonly id: string; readonly span: Span }>();
  for (const file of source.files) {
    for (const { path } of foreignPaths(file.items)) {
      const id = packageId(nameOf(path.package!));
      if (!dependencies.has(id)) dependencies.set(id, { id, span: path.package!.span });
    }
  }
  return { id: packageId(source.name), source, dependencies: [...dependencies.values()], next: 0 };
}

function comparePackages(a: PackageName, b: PackageName): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name) || compareOptional(a, b);
}

function compareOptional({ version: a }: PackageName, { version: b }: PackageName): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareVersions(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
