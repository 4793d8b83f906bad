/** Gates: since when an item exists, or behind which feature. WIT.md: "Feature Gates". */
import type { SemanticVersion } from './package.ts';

/** `@since` and `@unstable` (with an optional `@deprecated`); an item without a gate has `undefined` instead. */
export type Stability = Stable | Unstable;

/** `@since(version = …)`. */
export interface Stable {
  readonly kind: 'stable';
  readonly since: SemanticVersion;
  readonly deprecated: SemanticVersion | undefined;
}

/** `@unstable(feature = …)`: there only when the feature was asked for. */
export interface Unstable {
  readonly kind: 'unstable';
  readonly feature: string;
  readonly deprecated: SemanticVersion | undefined;
}
