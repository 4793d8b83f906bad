/** Words that mean something to JavaScript, to TypeScript, to a file system or to generated code, as WIT names. */

const GROUPS: readonly string[] = [
  // Reserved words of JavaScript, always or somewhere.
  'arguments async await break case catch class const continue debugger default delete do else enum eval export extends',
  'false finally for from function get if implements import in instanceof interface let meta new null of package private',
  'protected public return set static super switch target this throw true try typeof using var void while with yield',
  // Words of TypeScript, and of proposals that it has.
  'abstract accessor any as assert asserts bigint boolean declare defer global infer intrinsic is keyof module namespace',
  'never number object out override readonly require require-type satisfies source string symbol type undefined unique',
  'unknown',
  // CommonJS.
  'dirname exports filename',
  // Properties that every object, function, class, promise or iterable has, as far as WIT can say them.
  'then constructor proto prototype name length call caller callee apply bind to-string to-locale-string value-of',
  'has-own-property is-prototype-of property-is-enumerable to-json iterator async-iterator next raise dispose',
  'async-dispose define-getter lookup-getter has-instance to-primitive species of-type',
  // Globals.
  'NAN infinity math json date reflect proxy atomics intl console process buffer url URL-search-params response request',
  'global-this window document self event node array array-buffer array-like shared-array-buffer data-view big-int map',
  'set-of weak-map weak-ref weak-set promise promise-like error type-error range-error regexp web-assembly int8-array',
  'uint8-array uint8-clamped-array int16-array uint16-array int32-array uint32-array float32-array float64-array',
  'big-int64-array big-uint64-array symbol-constructor function-constructor disposable',
  // Types of the language's own that generated code may use.
  'partial required pick omit record exclude extract parameters constructor-parameters return-type instance-type awaited',
  'non-nullable this-type readonly-array readonly-map readonly-set iterable async-iterable template-strings-array no-infer',
  // What generated files call things.
  'host imports versioned-imports instantiate instantiate-sync instantiate-guest guest guest-imports guest-exports',
  'guest-options keyed-guest-exports guest-module module-of world link lift lift-exports lower core-imports core-exports',
  'complete implementation options result lifted failed args arg account handles handle core ret lent payload scope',
  'value values val kind tag given instance done fail post core-run post-run note-handle take-back thrown cx fc p q v n i x',
  'at list entry key bits bits0 index root brand mock mock-host mocks stub stubs calls recorded overrides arbitrary',
  'arbitraries not-implemented deps ok err some none tuple flags variant option resource',
  // Names of the runtime.
  'component-error component-instance core-interface core-world guest-cell guest-object resource-handle module-source',
  'instantiate-options link-error value-error trap check enter leave alloc bad within poison suspend waiting load-u32',
  'lift-own store-string value-type u32 s64 f32 bool char',
  // Devices of Windows, and files and folders that mean something.
  'con prn aux nul com0 com1 com9 lpt1 lpt9 conin clock test spec main types lib src dist tsconfig package-json readme',
  'node-modules license git dot desktop ini',
  // Upper case, and words that begin with a digit.
  'URI A1-b2 a-1 a1 b-22-c b22-c x-YZ HTTP2-server',
];

/** Each once, whatever their case; a name of WIT's with a `%` in front. */
export const WORDS: readonly string[] = unique(GROUPS.join(' ').split(' '));

function unique(words: readonly string[]): readonly string[] {
  const seen = new Map(words.toReversed().map((word) => [word.toLowerCase(), word]));
  return words.filter((word) => seen.get(word.toLowerCase()) === word && seen.delete(word.toLowerCase()));
}
