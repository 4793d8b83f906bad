/** The plain names of a world's imports, and those of its exports, differ in more than case. WIT.md: "WIT Worlds". */
import { diagnostic } from '../diagnostics/diagnostic.ts';
import type { WorldDraft, WorldItems } from '../resolve/context.ts';
import { spanOf } from '../resolve/resolve-worlds.ts';

/** Reports names that differ in case only, its own and included ones. */
export function checkWorldNames(world: WorldDraft): void {
  checkItems(world, 'import', world.imports);
  checkItems(world, 'export', world.exports);
}

function checkItems(world: WorldDraft, what: string, items: WorldItems): void {
  const seen = new Map<string, string>();
  for (const [name, item] of items) {
    if (typeof name !== 'string') continue;
    const previous = seen.get(name.toLowerCase());
    if (previous === undefined) {
      seen.set(name.toLowerCase(), name);
      continue;
    }
    const earlier = spanOf(items.get(previous)!);
    const related = earlier === undefined ? [] : [{ message: 'the other one is here', span: earlier }];
    const span = spanOf(item) ?? world.node.name.span;
    world.file.package.context.reportLink(
      diagnostic('case-conflict', { what, name, previous }, span, { related }),
    );
  }
}
