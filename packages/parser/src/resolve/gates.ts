/** Reads the attributes of an item. WIT.md: "Feature Gates". */
import { diagnostic } from '../diagnostics/diagnostic.ts';
import { packageId, type Stability } from '../model/index.ts';
import { compareVersions } from '../model/version.ts';
import type { Span } from '../source.ts';
import type {
  AttributeNode,
  DeprecatedNode,
  ExternalIdNode,
  SinceNode,
  UnstableNode,
} from '../syntax/ast.ts';
import type { Context, PackageScope } from './context.ts';

/** What the attributes say; `place` is the item's name, where a version that does not fit is reported. */
export interface Gate {
  readonly stability: Stability | undefined;
  readonly externalId: string | undefined;
}

const none: Gate = { stability: undefined, externalId: undefined };

/** Checks the attributes of one item and says what they mean. */
export function readGate(scope: PackageScope, attributes: readonly AttributeNode[], place: Span): Gate {
  if (attributes.length === 0) return none;
  const { report } = scope.context;
  const since = single(attributes, 'since', report) as SinceNode | undefined;
  const unstable = single(attributes, 'unstable', report) as UnstableNode | undefined;
  const deprecated = single(attributes, 'deprecated', report) as DeprecatedNode | undefined;
  const externalId = (single(attributes, 'external-id', report) as ExternalIdNode | undefined)?.id;
  if (since !== undefined && unstable !== undefined) {
    const related = [{ message: 'the other one is here', span: unstable.span }];
    report(diagnostic('since-and-unstable', {}, nameSpan(since), { related }));
  }
  if (since === undefined && unstable === undefined) {
    if (deprecated !== undefined) report(diagnostic('lone-deprecated', {}, nameSpan(deprecated)));
    return { stability: undefined, externalId };
  }
  if (unstable !== undefined) {
    const { name: feature } = unstable.feature;
    return { stability: { kind: 'unstable', feature, deprecated: deprecated?.version.version }, externalId };
  }
  checkReleased(scope, since!.version.version, place);
  const stability: Stability = {
    kind: 'stable',
    since: since!.version.version,
    deprecated: deprecated?.version.version,
  };
  return { stability, externalId };
}

/** Whether an item with this stability is part of the model. */
export function isActive(context: Context, stability: Stability | undefined): boolean {
  return stability?.kind !== 'unstable' || context.allFeatures || context.features.has(stability.feature);
}

/** Whether two gates say the same. */
export function sameStability(a: Stability | undefined, b: Stability | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.deprecated !== b.deprecated) return false;
  if (a.kind === 'stable') return b.kind === 'stable' && a.since === b.since;
  return b.kind === 'unstable' && a.feature === b.feature;
}

function single(
  attributes: readonly AttributeNode[],
  kind: AttributeNode['kind'],
  report: Context['report'],
): AttributeNode | undefined {
  const found = attributes.filter((each) => each.kind === kind);
  for (const extra of found.slice(1)) {
    const related = [{ message: 'the first one is here', span: found[0]!.span }];
    report(diagnostic('repeated-attribute', { name: kind }, nameSpan(extra), { related }));
  }
  return found[0];
}

// Without its `@`.
function nameSpan({ kind, span }: AttributeNode): Span {
  const start = span.source.text.indexOf(kind, span.start);
  return { source: span.source, start, end: start + kind.length };
}

function checkReleased({ source, context }: PackageScope, since: string, place: Span): void {
  const { name } = source;
  if (name.version === undefined) {
    const hint = `write \`package ${packageId(name)}@…;\``;
    context.reportLink(diagnostic('gate-without-version', { package: packageId(name) }, place, { hint }));
  } else if (compareVersions(since, name.version) > 0) {
    const args = { since, package: packageId({ ...name, version: undefined }), version: name.version };
    context.reportLink(diagnostic('unreleased-version', args, place));
  }
}
